"""Assessors at once: one place for one person, one resolution, one decision, one award."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from assessment.artefacts.models import Artefact
from assessment.awards.models import Award, Decision
from assessment.credentials.models import Credential
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    CRITERIA,
    build_performance,
    build_workshop,
    claimed,
)
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.performances import settling
from assessment.performances.models import Assignment, Performance, RatingRow
from tests.conftest import DATABASES, build_app
from tests.walks.people import signed_in

AT_ONCE = 20
GOOD = {f"level-{key}": "proficient" for key in CRITERIA} | {"go": "release"}


@dataclass(frozen=True)
class Hall:
    """An app of its own, with a learner's performance that was handed in, and assessors."""

    app: Flask
    performance: str
    learner: str
    assessors: tuple[str, ...]
    places: tuple[str, ...]
    """The addresses on which the first two assessors rate it."""

    def counts(self, *tables: type) -> list[int]:
        """Return how many rows each table has."""
        with self.app.app_context():
            return [
                db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
            ]

    def at_once(
        self, people: Sequence[str], act: Callable[[FlaskClient, int], TestResponse]
    ) -> list[TestResponse]:
        """Return what a browser of each of these people got, all sent at the same moment."""
        browsers = [signed_in(self.app, each) for each in people]
        start = Barrier(len(browsers))

        def run(place: int) -> TestResponse:
            start.wait()
            return act(browsers[place], place)

        with ThreadPoolExecutor(len(browsers)) as threads:
            return list(threads.map(run, range(len(browsers))))


@pytest.fixture(params=DATABASES)
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Hall:
    app = build_app(request.param, tmp_path, request, WTF_CSRF_ENABLED=False)
    with app.app_context():
        made = build_workshop(assessors=AT_ONCE)
        person, actor = build_learner()
        performance = build_performance(made.task, actor).id
        places = tuple(f"/assessor/{claimed(each).id}" for each in made.actors[:2])
        ids = tuple(each.id for each in made.assessors)
        found = Hall(app, performance, person.id, ids, places)
        db.session.commit()
    return found


def test_twenty_last_ratings_resolve_once_and_award_once(hall: Hall) -> None:
    first = signed_in(hall.app, hall.assessors[0])
    assert first.post(hall.places[0], data=GOOD).status_code == 303
    got = hall.at_once(
        [hall.assessors[1]] * AT_ONCE,
        lambda browser, _place: browser.post(hall.places[1], data=GOOD),
    )
    assert {each.status_code for each in got} == {303}
    assert hall.counts(RatingRow, Evidence, Decision, Award, Credential) == [2, 1, 1, 1, 1]
    with hall.app.app_context():
        assert db.session.scalars(select(Performance.state)).one() == "resolved"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever has read the ratings think about them, so that others could come in between."""
    read = settling.released

    def and_think(performance: Performance) -> list[RatingRow]:
        found = read(performance)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(settling, "released", and_think)


@pytest.mark.usefixtures("slow")
def test_two_last_ratings_at_once_do_not_miss_each_other(hall: Hall) -> None:
    got = hall.at_once(
        hall.assessors[:2], lambda browser, place: browser.post(hall.places[place], data=GOOD)
    )
    assert {each.status_code for each in got} == {303}
    assert hall.counts(RatingRow, Evidence, Decision, Award, Credential) == [2, 1, 1, 1, 1]


@pytest.mark.usefixtures("slow")
def test_two_who_disagree_at_once_call_one_third_rater(hall: Hall) -> None:
    low = GOOD | {"level-tidies": "beginning"}
    hall.at_once(
        hall.assessors[:2],
        lambda browser, place: browser.post(hall.places[place], data=(low, GOOD)[place]),
    )
    assert hall.counts(RatingRow, Assignment, Evidence) == [2, 3, 0]


@pytest.fixture(params=DATABASES)
def queue(request: pytest.FixtureRequest, tmp_path: Path) -> Hall:
    """Return a hall in which five performances wait, ten places in all."""
    app = build_app(request.param, tmp_path, request, WTF_CSRF_ENABLED=False)
    with app.app_context():
        made = build_workshop(assessors=AT_ONCE)
        works = [build_performance(made.task, build_learner()[1]).id for _ in range(5)]
        found = Hall(app, works[0], "", tuple(each.id for each in made.assessors), ())
        db.session.commit()
    return found


def test_a_place_goes_to_one_person_alone(queue: Hall) -> None:
    got = queue.at_once(queue.assessors, lambda browser, _place: browser.post("/assessor/next"))
    taken = [each.location for each in got if each.location != "/assessor"]
    assert len(set(taken)) == len(taken) == 10
    assert queue.counts(RatingRow) == [10]
    with queue.app.app_context():
        pairs = db.session.execute(select(Assignment.performance_id, Assignment.person_id)).all()
    assert len({tuple(pair) for pair in pairs}) == 10  # nobody has both places of one performance


def test_one_person_asking_twenty_times_has_one_place(queue: Hall) -> None:
    got = queue.at_once(
        [queue.assessors[0]] * AT_ONCE, lambda browser, _place: browser.post("/assessor/next")
    )
    assert len({each.location for each in got}) == 1
    assert queue.counts(RatingRow) == [1]


def test_twenty_beginnings_and_submissions_are_one(hall: Hall) -> None:
    with hall.app.app_context():
        person_id = build_learner()[0].id
        db.session.commit()
    people = [person_id] * AT_ONCE
    begun = hall.at_once(people, lambda browser, _place: browser.post("/tasks/show-isolation"))
    assert len({each.location for each in begun}) == 1
    at = begun[0].location
    text = {"text": "So.", "criterion": list(CRITERIA)}
    assert signed_in(hall.app, person_id).post(f"{at}/texts", data=text).status_code == 303
    hall.at_once(people, lambda browser, _place: browser.post(f"{at}/submit", data={"declared": 1}))
    assert hall.counts(Performance, Artefact, Assignment) == [2, 2, 4]


@pytest.mark.usefixtures("slow")
def test_withdrawing_while_the_last_rating_comes_in_is_one_or_the_other(hall: Hall) -> None:
    first = signed_in(hall.app, hall.assessors[0])
    first.post(hall.places[0], data=GOOD)

    def act(browser: FlaskClient, place: int) -> TestResponse:
        if place:
            return browser.post(f"/performances/{hall.performance}/withdraw")
        return browser.post(hall.places[1], data=GOOD)

    hall.at_once([hall.assessors[1], hall.learner], act)
    with hall.app.app_context():
        state = db.session.scalars(select(Performance.state)).one()
    assert (state, hall.counts(Evidence, Award)) in (("resolved", [1, 1]), ("withdrawn", [0, 0]))
