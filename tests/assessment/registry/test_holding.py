"""Holds: placed on learners whom the institution knows, and what lifting one sets free."""

from __future__ import annotations

import pytest

from assessment.access import Role
from assessment.awards import service as awards
from assessment.demo.builders.awards import BUILDER, build_result
from assessment.demo.builders.people import build_person, build_staff
from assessment.errors import Forbidden, Invalid, NoSuchRecord
from assessment.registry import service
from tests.assessment.people.actors import actor_for
from tests.assessment.registry.offices import Office, build_office


def test_a_hold_keeps_from_awards_until_it_is_lifted(office: Office) -> None:
    person = build_person(student_number="B-0042")
    other = build_office("harbour-institute")
    build_result(person, other.test)
    awards.consider(person.learner_id, BUILDER)
    held = service.place(person.learner_id, " A doubt. ", other.registrar)
    assert held.reason == "A doubt."
    build_result(person, office.test)
    assert awards.consider(person.learner_id, BUILDER) == []
    granted = service.lift(held.id, other.registrar)
    assert {award.institution_id for award in granted} == {office.institution.id}
    assert service.holds_known_to(other.registrar) == []


def test_a_learner_is_found_by_address_and_number(office: Office) -> None:
    award = office.award(email="ana@example.org", student_number="B-0042")
    for reference in ("ana@example.org", " ANA@example.org ", "b-0042"):
        assert service.learner_called(reference, office.registrar) == award.learner_id


@pytest.mark.parametrize("reference", ["", "  ", "nobody@example.org", "stranger@example.org", "%"])
def test_somebody_unknown_to_the_institution_is_nobody(office: Office, reference: str) -> None:
    build_person("stranger@example.org")
    build_office("harbour-institute").award(email="theirs@example.org")
    for asked in (reference, "theirs@example.org"):
        with pytest.raises(Invalid, match="No one learner"):
            service.learner_called(asked, office.registrar)


def test_a_number_of_two_people_names_neither(office: Office) -> None:
    for _ in range(2):
        office.award(student_number="B-0042")
    with pytest.raises(Invalid, match="No one learner"):
        service.learner_called("B-0042", office.registrar)


def test_another_institution_neither_places_nor_sees_nor_lifts(office: Office) -> None:
    award = office.award()
    other = build_office("harbour-institute")
    with pytest.raises(NoSuchRecord):
        service.place(award.learner_id, "A doubt.", other.registrar)
    hold = service.place(award.learner_id, "A doubt.", office.registrar)
    assert service.holds_known_to(other.registrar) == []
    with pytest.raises(NoSuchRecord):
        service.lift(hold.id, other.registrar)
    assert [held.hold for held in service.holds_known_to(office.registrar)] == [hold]


def test_nobody_lifts_a_hold_on_their_own_record(office: Office) -> None:
    own = office.registrar.learner_id or ""
    build_result(office.person, office.test)
    awards.consider(own, BUILDER)
    colleague = actor_for(build_staff(Role.REGISTRAR, office.institution))
    held = service.place(own, "A doubt.", colleague)
    with pytest.raises(Forbidden):
        service.lift(held.id, office.registrar)
    service.lift(held.id, colleague)
    assert service.holds_known_to(colleague) == []


def test_a_hold_has_a_reason(office: Office) -> None:
    with pytest.raises(Invalid):
        service.place(office.award().learner_id, " ", office.registrar)
