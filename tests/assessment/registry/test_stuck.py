"""The registrar's list of work that nobody may rate: theirs alone, and why it is so now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from assessment.access import Role
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_institution, build_role, build_staff
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_rating,
    build_workshop,
    claimed,
)
from assessment.people.models import Institution, Person
from assessment.people.service import actor_of
from assessment.performances import stuck as watching
from assessment.registry import stuck
from tests.assessment.people.browser import sign_in
from tests.assessment.people.clocks import StoppedClock

GOOD = ("proficient",) * 3
LOW = ("beginning", "proficient", "proficient")


@dataclass(frozen=True)
class Short:
    """An institution whose two assessors differ about the work of a learner."""

    app: Flask
    workshop: Workshop
    registrar: Person
    learner: str

    @property
    def house(self) -> Institution:
        """Return the institution."""
        return self.workshop.institution

    def page(self, person: Person) -> str:
        """Return the list as somebody sees it."""
        browser = sign_in(self.app.test_client(), person)
        return browser.get("/registrar/stuck", headers={"Accept-Language": "en"}).text


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    return StoppedClock(monkeypatch)


@pytest.fixture
def short(app: Flask, time: StoppedClock) -> Iterator[Short]:
    """Return what is short of an assessor, noted as such."""
    with app.app_context():
        workshop = build_workshop(assessors=2)
        person, learner = build_learner(display_name="Léa Fontaine")
        build_performance(workshop.task, learner)
        for actor, levels in zip(workshop.actors, (GOOD, LOW), strict=True):
            build_rating(actor, *levels)
        time.move(hours=1)
        for change in watching.changes():
            watching.note(change)
        registrar = build_staff(Role.REGISTRAR, workshop.institution)
        yield Short(app, workshop, registrar, person.display_name)


def test_it_says_what_is_missing_and_why_and_names_nobody(short: Short) -> None:
    page = short.page(short.registrar)
    assert "Isolate a battery" in page
    assert '<td data-label="Missing">Another assessor</td>' in page
    assert "has had a part in the work" in page
    names = [short.learner, *(each.display_name for each in short.workshop.assessors)]
    assert all(each not in page for each in names)


def test_an_administrator_sees_it(short: Short) -> None:
    assert "Another assessor" in short.page(build_staff(Role.ADMINISTRATOR, short.house))


def test_another_institution_sees_nothing_of_it(short: Short) -> None:
    elsewhere = build_institution("elsewhere")
    assert "Nothing is stuck" in short.page(build_staff(Role.REGISTRAR, elsewhere))


def test_assessors_do_not_see_it(short: Short) -> None:
    browser = sign_in(short.app.test_client(), short.workshop.assessors[0])
    assert browser.get("/registrar/stuck").status_code == 403


def test_what_one_rates_oneself_is_left_to_others(short: Short) -> None:
    both = short.workshop.assessors[0]
    build_role(both, Role.REGISTRAR, short.house)
    page = short.page(both)
    assert "1 more concerns your own work" in page
    assert "Another assessor</td>" not in page


def test_what_somebody_may_take_by_now_says_so(short: Short) -> None:
    build_staff(Role.ASSESSOR, short.house)
    assert "Somebody may take it by now." in short.page(short.registrar)


def test_what_is_taken_is_listed_no_more(short: Short) -> None:
    claimed(actor_of(build_staff(Role.ASSESSOR, short.house)))
    assert "Nothing is stuck" in short.page(short.registrar)


def test_the_list_has_pages(short: Short, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = actor_of(short.registrar)
    assert [stuck.stuck_for(actor, page).page for page in (-1, 1, 99)] == [1, 1, 1]
    monkeypatch.setattr(stuck, "PAGE_SIZE", 1)
    assert stuck.stuck_for(actor).pages == 1


def test_each_desk_says_how_much_waits_and_leads_on(short: Short) -> None:
    browser = sign_in(short.app.test_client(), short.registrar)
    desk = browser.get("/registrar", headers={"Accept-Language": "en"}).text
    assert desk.count('<span class="waits">') == 1
    assert '<a href="/registrar/stuck">Nobody to rate it</a> <span class="waits">1 waits' in desk
    page = short.page(short.registrar)
    assert f'<a href="/tasks/{short.workshop.task.key}">' in page
    way = "/assessor/rubrics/isolation/dashboard"
    assert f'<a href="{way}">Who rates on this rubric' in page
    assert browser.get(way).status_code == 200


def test_an_administrator_finds_the_way_back(short: Short) -> None:
    administrator = build_staff(Role.ADMINISTRATOR, short.house)
    trail = short.page(administrator).split("You are here")[1].split("</nav>")[0]
    assert '<a href="/people">People</a>' in trail
