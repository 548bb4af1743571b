"""Training, the gate and suspension over HTTP."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from assessment.access import Role
from assessment.assessors import seeding
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.exemplars import (
    EXPECTED,
    build_exemplars,
    build_gate,
    build_qualified,
)
from assessment.demo.builders.people import build_institution, build_role, build_staff
from assessment.demo.builders.performances import CRITERIA, build_performance, build_workshop
from assessment.extensions import db
from assessment.people.models import Person
from assessment.performances.models import Assignment, AssignmentRole, AssignmentState
from assessment.performances.publishing import current_task
from assessment.performances.trust_models import SuspensionEffect
from tests.assessment.assessors.test_seeding import Drawn
from tests.walks.people import signed_in

SKILL = "/assessor/training/isolation"
GOOD = ("proficient",) * 3
UNSAFE = ("proficient", "proficient", "expert")


@dataclass(frozen=True)
class House:
    """An institution with a gate, and browsers of who assesses there, and who looks after them."""

    app: Flask
    assessors: tuple[str, ...]
    registrar: str

    def browser(self, place: int = 0) -> FlaskClient:
        """Return a browser of an assessor."""
        return signed_in(self.app, self.assessors[place])

    def hand_in(self, number: int = 1) -> list[str]:
        """Return the ids of so many performances that were just handed in."""
        with self.app.app_context():
            task = current_task("show-isolation")
            assert task is not None
            made = [build_performance(task, build_learner()[1]).id for _each in range(number)]
            db.session.commit()
        return made

    def let_in(self) -> None:
        """Let all assessors through the gate."""
        with self.app.app_context():
            for each in self.assessors:
                build_qualified(db.session.get_one(Person, each))
            db.session.commit()


@pytest.fixture
def house(app: Flask) -> House:
    with app.app_context():
        made = build_workshop(assessors=3)
        build_exemplars(made.task, gate=3, training=2, seeds=2)
        build_gate(made.task, seed_share=0.5)
        registrar = build_staff(Role.REGISTRAR, made.institution)
        found = House(app, tuple(each.id for each in made.assessors), registrar.id)
        db.session.commit()
    return found


def marks(*levels: str) -> dict[str, str]:
    entered = {f"level-{key}": level for key, level in zip(CRITERIA, levels, strict=True)}
    return entered | {"go": "release"}


def rated(browser: FlaskClient, claim: str, *levels: str) -> TestResponse:
    """Return the page after something was taken and rated as given."""
    taken = browser.post(claim)
    assert taken.status_code == 303, taken.text
    assert "/assessor/" in taken.location
    return browser.post(taken.location, data=marks(*levels), follow_redirects=True)


def test_training_shows_what_was_expected_and_why(house: House) -> None:
    browser = house.browser()
    desk = browser.get("/assessor/training")
    assert "In training" in desk.text
    taken = browser.post(f"{SKILL}/next")
    assert "Training: an exemplar." in browser.get(taken.location).text
    page = browser.post(taken.location, data=marks(*GOOD), follow_redirects=True)
    assert "What was expected" in page.text
    assert "Why isolates is so in training-00." in page.text
    again = re.search(r"/assessor/expected/\w+", browser.get(SKILL).text)
    assert again, "The page of the skill leads back to what was expected."
    assert "Why isolates is so in training-00." in browser.get(again[0]).text
    page = rated(browser, f"{SKILL}/next", *EXPECTED)
    assert "On to the gate" in page.text
    assert browser.post(f"{SKILL}/next").location.endswith(SKILL)


def test_from_the_gate_to_live_work(house: House) -> None:
    house.hand_in()
    browser = house.browser()
    assert browser.post("/assessor/next").location.endswith("/assessor")
    for _number in range(3):
        page = rated(browser, f"{SKILL}/attempt", *EXPECTED)
    assert "Passed" in page.text
    assert "Through the gate" in page.text
    refused = browser.post(f"{SKILL}/attempt")
    assert (refused.status_code, "through this gate" in refused.text) == (409, True)
    assert browser.post("/assessor/next").location != "/assessor"


def test_an_attempt_that_failed_says_why(house: House) -> None:
    browser = house.browser()
    for _number in range(3):
        page = rated(browser, f"{SKILL}/attempt", *UNSAFE)
    assert "Not passed" in page.text
    assert "Something was called safe that is not." in page.text
    assert "Your next attempt may begin on" in page.text
    assert browser.post(f"{SKILL}/attempt").status_code == 409


def test_whoever_fails_the_seeded_exemplars_is_suspended_and_recent_marks_wait_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shown, *_later) = house.hand_in(2)
    house.let_in()
    browser = house.browser()
    monkeypatch.setattr(seeding, "_chance", Drawn(0.9))
    taken = browser.post("/assessor/next")
    open_page = browser.get(taken.location).text
    live = browser.post(taken.location, data=marks(*GOOD), follow_redirects=True)
    monkeypatch.setattr(seeding, "_chance", Drawn(0.1))
    taken = browser.post("/assessor/next")
    page = browser.get(taken.location).text
    for word in ("xemplar", "seed", "raining", "<form", "class=", "data-"):
        assert page.count(word) == open_page.count(word), word  # nothing tells
    told = browser.post(taken.location, data=marks(*UNSAFE), follow_redirects=True)
    assert "Your rating is paused" in told.text
    assert "Go through the training, then through the gate." in told.text
    assert "Your rating is paused" not in live.text
    monkeypatch.setattr(seeding, "_chance", Drawn(0.9))
    assert browser.post("/assessor/next").location.endswith("/assessor")
    with house.app.app_context():
        rows = select(Assignment).filter_by(performance_id=shown, state=AssignmentState.OPEN)
        assert len(list(db.session.scalars(rows))) == 2
        assert db.session.query(SuspensionEffect).one().is_voided
    for place in (1, 2):
        other = house.browser(place)
        rated(other, "/assessor/next", *GOOD)
    with house.app.app_context():
        rows = select(Assignment).filter_by(performance_id=shown, role=AssignmentRole.ASSESSOR)
        assert {each.state for each in db.session.scalars(rows)} == {AssignmentState.RELEASED}


def test_whoever_may_rate_is_not_told_whose_marks_are_in_doubt(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.hand_in(2)
    house.let_in()
    browser = house.browser()
    for draw, levels in ((0.9, GOOD), (0.1, UNSAFE)):
        monkeypatch.setattr(seeding, "_chance", Drawn(draw))
        rated(browser, "/assessor/next", *levels)
    registrar = signed_in(house.app, house.registrar)
    watched = "/assessor/rubrics/isolation/dashboard"
    with house.app.app_context():
        row = db.session.get_one(Person, house.registrar)
        name = db.session.get_one(Person, house.assessors[0]).display_name
        effect = db.session.query(SuspensionEffect).one()
        pair = rf"{effect.performance_id}</th>\s*<td[^>]*>{name}</td>"
    assert re.search(pair, registrar.get(watched).text)
    with house.app.app_context():
        row = db.session.get_one(Person, house.registrar)
        build_role(row, Role.ASSESSOR, row.grants[0].institution)
        db.session.commit()
    page = registrar.get(watched).text
    assert effect.performance_id in page
    assert not re.search(pair, page)
    assert "not shown to whoever rates" in page


def test_a_seeded_exemplar_is_released_like_live_work(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.hand_in(2)
    house.let_in()
    browser = house.browser()
    monkeypatch.setattr(seeding, "_chance", Drawn(0.9))
    live = rated(browser, "/assessor/next", *GOOD)
    monkeypatch.setattr(seeding, "_chance", Drawn(0.1))
    seed = rated(browser, "/assessor/next", *EXPECTED)
    assert (live.request.path, live.status_code) == (seed.request.path, seed.status_code)
    assert ("Released." in live.text, "Released." in seed.text) == (True, True)


def test_what_is_not_ones_own(house: House, app: Flask) -> None:
    with app.app_context():
        stranger = build_staff(Role.ASSESSOR, build_institution("elsewhere")).id
        db.session.commit()
    other = signed_in(app, stranger)
    assert other.get(SKILL).status_code == 404
    assert other.post(f"{SKILL}/next").status_code == 404
    assert other.post(f"{SKILL}/attempt").status_code == 404
    taken = house.browser().post(f"{SKILL}/next")
    assignment_id = taken.location.rpartition("/")[2]
    assert house.browser(1).get(f"/assessor/expected/{assignment_id}").status_code == 404
    assert house.browser().get(f"/assessor/expected/{assignment_id}").status_code == 404  # not yet
    assert house.browser().get("/assessor/training/nothing").status_code == 404


def test_nobody_comes_in_without_the_role(house: House, app: Flask) -> None:
    with app.app_context():
        person, _actor = build_learner()
        person_id = person.id
        db.session.commit()
    learner = signed_in(app, person_id)
    for path in ("/assessor/training", SKILL, "/assessor/rubrics"):
        assert learner.get(path).status_code == 403
    assert house.browser().get("/assessor/rubrics").status_code == 403
