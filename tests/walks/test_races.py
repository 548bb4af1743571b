"""Twenty requests at once: one sitting, one score, one decision, one award, one credential."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from assessment.access import Actor
from assessment.awards.models import Award, Decision
from assessment.credentials.models import Credential
from assessment.demo.builders.examinations import (
    build_adaptive_test,
    build_examination,
    build_learner,
    build_scale,
    build_test,
)
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Bank
from assessment.people.models import Institution
from assessment.sittings import service
from assessment.sittings.models import Response, Sitting, SittingItem
from tests.assessment.sittings.answers import answer_all, place_of_key, sit
from tests.conftest import DATABASES, build_app
from tests.walks.people import signed_in, token

AT_ONCE = 20


@dataclass(frozen=True)
class Stage:
    """An app of its own, with an examination and one learner."""

    app: Flask
    person_id: str
    actor: Actor

    def counts(self, *tables: type) -> list[int]:
        """Return how many rows each table has."""
        with self.app.app_context():
            return [
                db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
            ]

    def at_once(self, act: Callable[[FlaskClient], TestResponse]) -> list[TestResponse]:
        """Return what twenty browsers of the learner got, all sent at the same moment."""
        browsers = [signed_in(self.app, self.person_id) for _ in range(AT_ONCE)]
        start = Barrier(AT_ONCE)

        def run(browser: FlaskClient) -> TestResponse:
            start.wait()
            return act(browser)

        with ThreadPoolExecutor(AT_ONCE) as threads:
            return list(threads.map(run, browsers))


@pytest.fixture(params=DATABASES)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    app = build_app(request.param, tmp_path, request, WTF_CSRF_ENABLED=False)
    with app.app_context():
        build_examination()
        person, actor = build_learner()
        found = Stage(app, person.id, actor)
        db.session.commit()
    return found


def begun(stage: Stage, key: str) -> str:
    """Return the id of a sitting whose answers are all saved and right."""
    with stage.app.app_context():
        if key == "post":
            sit("pre", stage.actor)
        test = items.current_test(key)
        assert test is not None
        sitting = service.begin(test, stage.actor)
        answer_all(sitting, stage.actor, right=99)
        sitting_id = sitting.id
        db.session.commit()
    return sitting_id


def test_twenty_starts_begin_one_sitting(stage: Stage) -> None:
    responses = stage.at_once(lambda browser: browser.post("/tests/pre", data={"terms": "y"}))
    assert {response.status_code for response in responses} == {303}
    assert len({response.location for response in responses}) == 1
    assert stage.counts(Sitting, SittingItem) == [1, 4]


def test_twenty_starts_of_a_test_with_forms_are_given_one_of_them(stage: Stage) -> None:
    with stage.app.app_context():
        bank = db.session.scalars(select(Bank)).one()
        institution = db.session.get_one(Institution, bank.institution_id)
        build_scale(bank)
        forms = items.Parallels(parallel=3, difference=0.5)
        test = build_test(institution, bank.key, "forms", forms=forms)
        held = {each.number: {*each.version_ids} for each in items.forms_of(test)}
        db.session.commit()
    responses = stage.at_once(lambda browser: browser.post("/tests/forms", data={"terms": "y"}))
    assert {response.status_code for response in responses} == {303}
    assert len({response.location for response in responses}) == 1
    assert stage.counts(Sitting, SittingItem) == [1, 4]
    with stage.app.app_context():
        sitting = db.session.scalars(select(Sitting)).one()
        asked = {question.item_version_id for question in sitting.questions}
        assert asked == held[sitting.form_number]


def test_twenty_submits_score_once_and_award_once(stage: Stage) -> None:
    sitting_id = begun(stage, "post")
    responses = stage.at_once(lambda browser: browser.post(f"/sittings/{sitting_id}/submit"))
    assert {response.status_code for response in responses} == {303}
    assert stage.counts(Evidence, Decision, Award, Credential) == [2, 1, 1, 1]


def test_twenty_times_the_last_answer_is_one_answer(stage: Stage) -> None:
    with stage.app.app_context():
        test = items.current_test("pre")
        assert test is not None
        sitting = service.begin(test, stage.actor)
        place, sitting_id = place_of_key(sitting, 4), sitting.id
        db.session.commit()
    answer = {"choice": str(place), "revision": "0", "go": "save"}
    url = f"/sittings/{sitting_id}/questions/4"
    responses = stage.at_once(lambda browser: browser.post(url, data=answer))
    assert {response.status_code for response in responses} == {303}
    assert stage.counts(Response) == [1]
    with stage.app.app_context():
        assert db.session.scalars(select(Response.revision)).all() == [1]


def test_different_answers_at_once_keep_one_and_tell_the_others(stage: Stage) -> None:
    with stage.app.app_context():
        test = items.current_test("pre")
        assert test is not None
        sitting_id = service.begin(test, stage.actor).id
        db.session.commit()
    url = f"/sittings/{sitting_id}/questions/1"
    places = iter("01230123012301230123")
    responses = stage.at_once(
        lambda browser: browser.post(url, data={"choice": next(places), "revision": "0"})
    )
    codes = [response.status_code for response in responses]
    assert set(codes) == {303, 409}
    assert stage.counts(Response) == [1]
    with stage.app.app_context():
        assert db.session.scalars(select(Response.revision)).all() == [1]


def begun_adaptive(stage: Stage) -> str:
    """Return the id of a sitting at the first question of an adaptive test."""
    with stage.app.app_context():
        bank = db.session.scalars(select(Bank)).one()
        build_scale(bank)
        college = db.session.get_one(Institution, bank.institution_id)
        test = build_adaptive_test(college, bank.key, "adaptive")
        sitting_id = service.begin(test, stage.actor).id
        db.session.commit()
    return sitting_id


def test_twenty_times_one_answer_lead_to_one_next_question(stage: Stage) -> None:
    sitting_id = begun_adaptive(stage)
    url = f"/sittings/{sitting_id}/questions/1"
    responses = stage.at_once(lambda browser: browser.post(url, data={"go": "unsure"}))
    assert {response.location for response in responses} == {f"/sittings/{sitting_id}"}
    assert stage.counts(Response, SittingItem) == [1, 2]


def test_of_different_answers_to_an_adaptive_test_one_stands(stage: Stage) -> None:
    url = f"/sittings/{begun_adaptive(stage)}/questions/1"
    places = iter("01230123012301230123")
    responses = stage.at_once(lambda browser: browser.post(url, data={"choice": next(places)}))
    codes = [response.status_code for response in responses]
    assert sorted(codes) == [303] * 5 + [409] * 15  # the one that stands was sent five times
    assert stage.counts(Response, SittingItem) == [1, 2]


def test_forms_without_their_token_change_nothing(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    app = build_app("sqlite", tmp_path, request)
    with app.app_context():
        build_examination()
        person = build_learner()[0]
        person_id = person.id
        db.session.commit()
    browser = signed_in(app, person_id)
    assert browser.post("/tests/pre", data={"terms": "y"}).status_code == 400
    page = browser.get("/tests/pre")
    sent = browser.post("/tests/pre", data={"terms": "y", "csrf_token": token(page)})
    assert sent.status_code == 303
