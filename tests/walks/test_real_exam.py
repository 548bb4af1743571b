"""The amateur-radio Basic examination: 100 topics, one question each, 70 to pass, 80 honours."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient

import itembank
from assessment.awards import service as awards
from assessment.demo.builders.examinations import (
    BUILDER,
    build_achievement,
    build_learner,
    build_test,
)
from assessment.demo.builders.people import build_institution
from assessment.extensions import db
from assessment.items import service as items
from assessment.sittings.models import Sitting
from tests.assessment.sittings.answers import place_of_key
from tests.conftest import DATABASES, SHARED, build_app
from tests.walks.people import signed_in

BANK = SHARED / "data/banks/ised-amateur-2025/BankQuestions/amat_basic_quest_delim2025.txt"
TOPICS = 100
EDITION = "ised"

pytestmark = pytest.mark.skipif(not BANK.exists(), reason="the examination's bank is not here")


@pytest.fixture(scope="module", params=DATABASES)
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("exam")
    app = build_app(request.param, folder, request, WTF_CSRF_ENABLED=False)
    with app.app_context():
        institution = build_institution("radio")
        parsed = itembank.read_bank(BANK.read_bytes(), itembank.BankFormat.ISED)
        into = items.BankSpec(
            key=EDITION, institution_id=institution.id, title={"en": "Basic", "fr": "De base"}
        )
        report = items.import_bank(parsed, into, BUILDER)
        assert (report.total, len(report.new), len(report.refused)) == (984, 984, 0)
        assert report.languages == {"en": 984, "fr": 984}
        assert items.import_bank(parsed, into, BUILDER).new == ()
        words = {"en": "Pass", "fr": "Réussite"}
        build_test(
            institution,
            EDITION,
            "basic",
            blueprint=None,
            cuts=(items.Cut("pass", words, 70), items.Cut("honours", words, 80)),
            minutes=None,
        )
        build_achievement(institution, "amateur-basic", {"test": "basic", "percent": 70})
        build_achievement(institution, "amateur-honours", {"test": "basic", "percent": 80})
        db.session.commit()
    return app


def sit_over_http(app: Flask, browser: FlaskClient, learner_id: str, right: int) -> str:
    """Sit the whole examination, the first `right` questions right; return the sitting's id."""
    started = browser.post("/tests/basic", data={"terms": "y"})
    sitting_id = started.location.rsplit("/", 1)[1]
    with app.app_context():
        sitting = db.session.get_one(Sitting, (learner_id, sitting_id))
        places = [place_of_key(sitting, position) for position in range(1, TOPICS + 1)]
    for position, place in enumerate(places, start=1):
        chosen = place if position <= right else (place + 1) % 4
        answer = {"choice": str(chosen), "revision": "0", "go": "next"}
        saved = browser.post(f"/sittings/{sitting_id}/questions/{position}", data=answer)
        assert saved.status_code == 303
    assert browser.post(f"/sittings/{sitting_id}/submit").status_code == 303
    return sitting_id


def learner(app: Flask) -> tuple[str, FlaskClient]:
    """Return a new learner and their browser."""
    with app.app_context():
        person = build_learner()[0]
        person_id, learner_id = person.id, person.learner_id
        db.session.commit()
    return learner_id, signed_in(app, person_id)


@pytest.mark.parametrize(
    ("right", "earned"),
    [
        (69, []),
        (70, ["amateur-basic"]),
        (80, ["amateur-basic", "amateur-honours"]),
    ],
)
def test_the_marks_of_the_examination(app: Flask, right: int, earned: list[str]) -> None:
    learner_id, browser = learner(app)
    sitting_id = sit_over_http(app, browser, learner_id, right)
    with app.app_context():
        sitting = db.session.get_one(Sitting, (learner_id, sitting_id))
        topics = Counter(question.item_version.area_key for question in sitting.questions)
        assert len(topics) == TOPICS
        assert set(topics.values()) == {1}
        keys = sorted(award.achievement.key for award in awards.awards_of(learner_id))
        assert keys == earned
    page = browser.get(f"/sittings/{sitting_id}").text
    assert f"{right}\N{NO-BREAK SPACE}%" in page


def test_a_retake_repeats_no_question(app: Flask) -> None:
    learner_id, browser = learner(app)
    first = sit_over_http(app, browser, learner_id, 0)
    second = sit_over_http(app, browser, learner_id, 0)
    with app.app_context():
        forms = [
            {
                question.item_version_id
                for question in db.session.get_one(Sitting, (learner_id, each)).questions
            }
            for each in (first, second)
        ]
    assert len(forms[0]) == len(forms[1]) == TOPICS
    assert not forms[0] & forms[1]  # every topic has four items or more
