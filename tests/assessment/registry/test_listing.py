"""The registrar's list: one's own institutions alone, found by name, number, state and date."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assessment import clock
from assessment.access import Actor
from assessment.awards import service as awards
from assessment.awards.models import AwardState
from assessment.demo.builders.awards import build_awards
from assessment.demo.builders.people import build_person
from assessment.extensions import db
from assessment.registry import paging, service
from assessment.registry.listing import Filters, Shows, Sort
from assessment.registry.spelling import plain_words
from tests.assessment.registry.offices import Office, build_office


def names(filters: Filters, actor: Actor, page: int = 1) -> list[str]:
    """Return the names on a page of the list, each once."""
    rows = service.listed(filters, actor, page).rows
    return list(dict.fromkeys(row.person.legal_name for row in rows if row.person))


def test_an_office_lists_its_own_awards(office: Office) -> None:
    other = build_office("harbour-institute")
    office.award(legal_name="Ours")
    other.award(legal_name="Theirs")
    assert names(Filters(), office.registrar) == ["Ours"]
    assert names(Filters(), other.registrar) == ["Theirs"]
    both = replace(office.registrar, roles=office.registrar.roles | other.registrar.roles)
    assert set(names(Filters(), both)) == {"Ours", "Theirs"}
    assert service.listed(Filters(), build_office("a-third").registrar).total == 0


def test_an_award_and_what_follows_from_it_are_two_lines(office: Office) -> None:
    office.award()
    found = service.listed(Filters(), office.registrar)
    assert found.total == 2
    assert {row.award.achievement.key for row in found.rows} == {
        "northern-college-course",
        "northern-college-certificate",
    }
    assert all(row.credential and row.credential.subject_id == row.award.id for row in found.rows)


@pytest.mark.parametrize(
    "words",
    ["Émilie", "emilie", "TREMBLAY", "ng emi", "b-0042", "cote", "Tremblay-NG", "E\u0301mi"],
)
def test_people_are_found_without_case_and_accents(office: Office, words: str) -> None:
    office.award(legal_name="Émilie Tremblay-Ng", display_name="Côté", student_number="B-0042")
    office.award(legal_name="Zoë Roy", student_number="B-1000")
    assert names(Filters(words=words), office.registrar) == ["Émilie Tremblay-Ng"]


@pytest.mark.parametrize(
    "words", ["%", "_", "\\", "' OR 1=1 --", "0042", "*", "?", "[a-z]", ".*", "^z", "(", "z|a"]
)
def test_words_are_words_and_no_patterns(office: Office, words: str) -> None:
    office.award(legal_name="Zoë Roy", student_number="B-0042")
    assert names(Filters(words=words), office.registrar) == []


def test_a_credential_is_found_by_its_address(office: Office) -> None:
    award = office.award(legal_name="Zoë Roy")
    office.award(legal_name="Ana Roy")
    rows = service.listed(Filters(), office.registrar).rows
    found = next(row.credential for row in rows if row.award is award)
    assert found is not None
    for words in (found.id, f"http://localhost:8000/credentials/{found.id}/", award.id):
        assert names(Filters(words=words), office.registrar) == ["Zoë Roy"]


def test_most_words_are_enough() -> None:
    assert plain_words("É " * 30) == ["e"] * 8


def test_states(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    standing, revoked, expired, offered, declined = (
        office.award(legal_name=name)
        for name in ("Standing", "Revoked", "Expired", "Offered", "Declined")
    )
    awards.revoke(revoked.id, "A reason.", office.registrar)
    expired.expires_on = clock.now().date() - timedelta(days=2)
    offered.state = AwardState.OFFERED
    declined.state = AwardState.DECLINED
    db.session.flush()
    course = Filters(achievement="northern-college-course")
    for shows in Shows:
        found = names(replace(course, shows=shows), office.registrar)
        assert found == [shows.value.title()]
    everything = service.listed(course, office.registrar).rows
    assert {row.shows for row in everything} == set(Shows)
    assert standing.state == AwardState.AWARDED


def test_dates_are_days_where_the_institution_is(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    award = office.award(legal_name="Late")
    assert award.awarded_at is not None
    award.awarded_at = award.awarded_at.replace(hour=3, minute=0)  # the day before, in Toronto
    db.session.flush()
    day = award.awarded_at.date() - timedelta(days=1)
    course = Filters(achievement="northern-college-course")
    assert names(replace(course, since=day, until=day), office.registrar) == ["Late"]
    tomorrow = day + timedelta(days=1)
    assert names(replace(course, since=tomorrow), office.registrar) == []
    assert names(replace(course, until=day - timedelta(days=1)), office.registrar) == []


def test_sorting(office: Office) -> None:
    for name, number in (("Émile", "3"), ("adam", "2"), ("Zoë", "1")):
        office.award(legal_name=name, student_number=number)
    by = {
        Sort.NAME: ["adam", "Émile", "Zoë"],
        Sort.NUMBER: ["Zoë", "adam", "Émile"],
        Sort.DATE: ["Zoë", "adam", "Émile"],
    }
    course = Filters(achievement="northern-college-course")
    for sort, expected in by.items():
        assert names(replace(course, sort=sort), office.registrar) == expected
        turned = replace(course, sort=sort, reverse=True)
        assert names(turned, office.registrar) == expected[::-1]
    by_key = service.listed(Filters(sort=Sort.ACHIEVEMENT), office.registrar).rows
    keys = [row.award.achievement.key for row in by_key]
    assert keys == sorted(keys)


def test_pages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for number in range(3):
        office.award(legal_name=f"Name {number}")
    course = Filters(achievement="northern-college-course", sort=Sort.NAME)
    first = service.listed(course, office.registrar)
    assert (first.total, first.pages, len(first.rows)) == (3, 2, 2)
    assert names(course, office.registrar, 2) == ["Name 2"]
    assert service.listed(course, office.registrar, 99).page == 2


def test_an_erased_account_leaves_the_award(office: Office) -> None:
    person = build_person()
    build_awards(person, office.test)
    db.session.delete(person)
    db.session.flush()
    assert [row.person for row in service.listed(Filters(), office.registrar).rows] == [None, None]


def test_what_can_be_looked_for(office: Office) -> None:
    build_office("harbour-institute")
    keys = [each.achievement.key for each in service.achievements_of(office.registrar)]
    assert keys == ["northern-college-certificate", "northern-college-course"]
    assert not Filters(sort=Sort.NAME).any
    assert Filters(words="a").any
