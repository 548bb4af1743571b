"""Accommodations: who may set what, and what it comes to."""

from __future__ import annotations

import math

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.access import Actor, Role
from assessment.demo.builders.people import build_institution, build_person, build_staff
from assessment.errors import Conflict, Forbidden, Invalid
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.people import accommodations as service
from assessment.people.accommodations import Allowance
from assessment.people.accounts import actor_of as actor_for
from assessment.people.models import Accommodation, Institution, Person


def chosen(person: Person, multiplier: float, breaks: int = 0, sight: bool = False) -> Allowance:
    return service.set_own_allowance(
        multiplier=multiplier, break_minutes=breaks, without_sight=sight, actor=actor_for(person)
    )


def given(
    person: Person, institution: Institution, actor: Actor, multiplier: float, added: int = 0
) -> Allowance:
    return service.set_accommodation(
        person.learner_id,
        institution_id=institution.id,
        multiplier=multiplier,
        added_minutes=added,
        without_sight=False,
        actor=actor,
    )


@pytest.mark.parametrize(
    ("allowance", "minutes"),
    [
        (Allowance(), 40),
        (Allowance(multiplier=1.5), 60),
        (Allowance(multiplier=1.1), 44),  # not 45: 40 * 1.1 is a hair more than 44 in binary
        (Allowance(multiplier=1.01), 41),
        (Allowance(multiplier=2.0, added_minutes=5, break_minutes=10), 95),
    ],
)
def test_time_is_multiplied_rounded_up_and_added(allowance: Allowance, minutes: int) -> None:
    assert allowance.extend(40) == minutes


def test_nobody_has_an_allowance_unasked(context: Flask) -> None:
    assert service.allowance(build_person().learner_id) == Allowance()


def test_learners_extend_their_own_time_at_once(context: Flask) -> None:
    build_institution()
    person = build_person()
    assert chosen(person, 1.5, breaks=10, sight=True) == Allowance(1.5, 0, 10, True)
    assert service.allowance(person.learner_id).extend(40) == 70


def test_running_sittings_are_told_of_a_change(context: Flask) -> None:
    build_institution()
    person = build_person()
    chosen(person, 1.25)
    job = db.session.scalars(select(Job).where(Job.kind == service.APPLY_ALLOWANCE)).one()
    assert job.payload == {"learner_id": person.learner_id}


@pytest.mark.parametrize("multiplier", [0.5, 1.51, 1e308, math.inf, math.nan, -1.5])
def test_learners_stay_within_the_limit(context: Flask, multiplier: float) -> None:
    build_institution()
    with pytest.raises(Invalid, match=r"1 to 1\.5"):
        chosen(build_person(), multiplier)


@pytest.mark.parametrize("breaks", [-1, 31])
def test_breaks_stay_within_the_limit(context: Flask, breaks: int) -> None:
    build_institution()
    with pytest.raises(Invalid, match="0 to 30"):
        chosen(build_person(), 1.0, breaks)


def test_each_institution_keeps_its_own_limit(context: Flask) -> None:
    strict = build_institution(self_service_time_limit=1.0, self_service_break_limit=0)
    liberal = build_institution(self_service_time_limit=2.0)
    person = build_person()
    chosen(person, 2.0, breaks=20)
    assert service.allowance(person.learner_id, liberal.id) == Allowance(2.0, 0, 20)
    assert service.allowance(person.learner_id, strict.id) == Allowance(1.0, 0, 0)
    assert service.allowance(person.learner_id) == Allowance(1.0, 0, 0)


def test_an_institution_may_give_any_multiple_up_to_five(context: Flask) -> None:
    institution = build_institution()
    administrator = actor_for(build_staff(Role.ADMINISTRATOR, institution))
    person = build_person()
    assert given(person, institution, administrator, 5.0, added=30) == Allowance(5.0, 30)
    with pytest.raises(Invalid):
        given(person, institution, administrator, 5.01)
    with pytest.raises(Invalid):
        given(person, institution, administrator, math.nan)


def test_the_larger_multiple_counts_not_the_product(context: Flask) -> None:
    institution = build_institution()
    administrator = actor_for(build_staff(Role.ADMINISTRATOR, institution))
    person = build_person()
    chosen(person, 1.5)
    assert given(person, institution, administrator, 1.25).multiplier == 1.5
    assert given(person, institution, administrator, 2.0).multiplier == 2.0


def test_only_an_administrator_of_the_institution_sets_one(context: Flask) -> None:
    ours, theirs = build_institution(), build_institution()
    for actor in (
        actor_for(build_staff(Role.REGISTRAR, ours)),
        actor_for(build_staff(Role.ADMINISTRATOR, theirs)),
        actor_for(build_person()),
    ):
        with pytest.raises(Forbidden):
            given(build_person(), ours, actor, 1.5)


def test_another_institution_cannot_take_away(context: Flask) -> None:
    ours, theirs = build_institution(), build_institution()
    person = build_person()
    given(person, ours, actor_for(build_staff(Role.ADMINISTRATOR, ours)), 2.0)
    other = actor_for(build_staff(Role.ADMINISTRATOR, theirs))
    with pytest.raises(Conflict):
        given(person, theirs, other, 1.5)
    assert given(person, theirs, other, 3.0).multiplier == 3.0


def test_the_wording_says_what_it_was_extended_from(context: Flask) -> None:
    assert service.time_allowed(40, Allowance(1.5)) == "60 min (extended from 40)"
    assert service.time_allowed(40, Allowance()) == "40 min"


def test_showing_what_is_stored_writes_nothing(context: Flask) -> None:
    learner_id = build_person().learner_id
    assert service.accommodation_of(learner_id).multiplier == 1.0
    db.session.flush()
    assert db.session.get(Accommodation, learner_id) is None
