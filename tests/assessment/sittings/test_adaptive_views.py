"""Adaptive sittings over HTTP: one question, one answer, no way back, nothing told."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from assessment.demo.builders.examinations import (
    build_achievement,
    build_adaptive_test,
    build_bank,
    build_learner,
    build_scale,
)
from assessment.demo.builders.people import build_institution
from assessment.extensions import db
from assessment.sittings import service
from assessment.sittings.models import Response, Sitting, SittingState
from tests.assessment.people.browser import sign_in
from tests.assessment.sittings.answers import place_of_key

JSON = {"Accept": "application/json"}


@dataclass(frozen=True)
class Desk:
    """A learner's browser at an adaptive sitting."""

    app: Flask
    browser: FlaskClient
    sitting_id: str

    @property
    def home(self) -> str:
        """The address of the sitting."""
        return f"/sittings/{self.sitting_id}"

    def question(self, position: int) -> str:
        """Return the address of a question."""
        return f"{self.home}/questions/{position}"

    def sitting(self) -> Sitting:
        """Return the row; call it with a context pushed."""
        return db.session.scalars(select(Sitting).filter_by(id=self.sitting_id)).one()

    def place(self, position: int, *, right: bool = True) -> str:
        """Return where the right option, or a wrong one, is shown."""
        with self.app.app_context():
            place = place_of_key(self.sitting(), position)
        return str(place if right else (place + 1) % 4)

    def answer(self, position: int, *, right: bool = True, **more: object) -> TestResponse:
        """Press the button with the right option chosen, or a wrong one."""
        data = {"choice": self.place(position, right=right), "go": "answer"}
        return self.browser.post(self.question(position), data=data, **more)  # type: ignore[arg-type]  # headers alone


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> Desk:
    """Return a desk at the first question of a test of four to twelve."""
    with app.app_context():
        college = build_institution("college")
        build_scale(build_bank(college, "wiring"))
        build_adaptive_test(college, "wiring", "adaptive")
        build_achievement(college, "wired", {"test": "adaptive", "mastery": 0.9})
        sign_in(client, build_learner()[0])
    begun = client.post("/tests/adaptive", data={"terms": "y"})
    return Desk(app, client, begun.location.rsplit("/", 1)[1])


def test_the_page_before_it_says_how_it_works(desk: Desk) -> None:
    page = desk.browser.get("/tests/adaptive").text
    assert "after 4 to 12 questions" in page
    assert "you cannot go back" in page
    assert "flag a question" not in page
    assert "there is not enough evidence: nothing is decided against you" in page
    assert "simulated responses: its results say nothing of real people" in page
    assert "You need not take this test again." not in page


def test_it_is_taken_to_its_end_and_awards_at_once(desk: Desk) -> None:
    for position in range(1, 13):
        page = desk.browser.get(desk.home, follow_redirects=True)
        if page.request.path == desk.home:
            break
        assert page.request.path == desk.question(position)
        assert f"Question {position}; at most 12" in page.text
        assert desk.answer(position).location == desk.home
    assert 5 <= position <= 12
    assert "Shown" in page.text
    assert "Achievement wired" in page.text
    assert "Your record has grown" in page.text
    assert "You need not take this test again." in desk.browser.get("/tests/adaptive").text


def test_it_goes_on_at_the_question_it_is_at_and_at_no_other(desk: Desk) -> None:
    desk.answer(1)
    desk.answer(2)
    for position in (1, 2, 4, 99):
        assert desk.browser.get(desk.question(position)).location == desk.home
    assert desk.browser.get(desk.home).location == desk.question(3)


def test_the_same_answer_twice_is_one_answer(desk: Desk) -> None:
    first = desk.answer(1, headers=JSON)
    again = desk.answer(1, headers=JSON)
    assert (first.status_code, first.get_json()) == (200, again.get_json())
    with desk.app.app_context():
        assert [each.position for each in desk.sitting().responses] == [1]


def test_another_answer_is_refused_kindly(desk: Desk) -> None:
    desk.answer(1)
    refused = desk.answer(1, right=False)
    assert refused.status_code == 409
    assert "cannot be changed" in refused.text
    assert f'href="{desk.home}"' in refused.text
    told = desk.answer(1, right=False, headers=JSON)
    assert (told.status_code, told.get_json()["error"]) == (409, "committed")


def test_nothing_chosen_is_asked_for_and_not_knowing_is_an_answer(desk: Desk) -> None:
    refused = desk.browser.post(desk.question(1), data={"go": "answer"})
    assert refused.status_code == 422
    assert "Give an answer first" in refused.text
    taken = desk.browser.post(desk.question(1), data={"go": "unsure"})
    assert taken.location == desk.home
    with desk.app.app_context():
        assert db.session.scalars(select(Response.answer)).all() == ["{}"]


def test_the_language_changes_and_what_is_chosen_stays_without_being_answered(desk: Desk) -> None:
    sent = {"choice": "2", "go": "language:fr"}
    switched = desk.browser.post(f"{desk.question(1)}/language", data=sent)
    page = desk.browser.get(switched.location, follow_redirects=True).text
    assert "Répondre et continuer" in page
    assert re.findall(r'value="(\d)"[^>]*checked', page) == ["2"]
    assert "checked" not in desk.browser.get(desk.question(1)).text
    with desk.app.app_context():
        assert desk.sitting().responses == []


def test_what_was_chosen_for_one_question_is_not_shown_at_the_next(desk: Desk) -> None:
    desk.browser.post(f"{desk.question(1)}/language", data={"choice": "2", "go": "language:fr"})
    desk.answer(1)
    assert "checked" not in desk.browser.get(desk.question(2)).text


def test_stopping_later_says_that_it_may_be_too_early(desk: Desk) -> None:
    for position in range(1, 5):
        desk.answer(position, right=position % 2 == 0)
    asked = desk.browser.get(f"{desk.home}/review").text
    assert "The test is not sure yet" in asked
    assert "more answers at least" not in asked


def test_stopping_asks_first_and_scores_what_was_answered(desk: Desk) -> None:
    desk.answer(1)
    asked = desk.browser.get(f"{desk.home}/review")
    assert "1 answer is in" in asked.text
    assert "it takes 3 more answers at least" in asked.text
    assert desk.browser.get(desk.home).location == desk.question(2)  # asking ended nothing
    desk.browser.post(f"{desk.home}/submit")
    with desk.app.app_context():
        assert desk.sitting().state == SittingState.SCORED
        assert service.replay_choices(desk.sitting()) is None
    assert "not enough evidence" in desk.browser.get(desk.home).text.lower()


def test_no_page_tells_what_the_test_knows(desk: Desk) -> None:
    pages = [desk.answer(1, headers=JSON).text, desk.browser.get(desk.question(2)).text]
    pages.append(desk.browser.get(f"{desk.home}/review").text)
    pages.append(desk.browser.get(f"{desk.home}/time").text)
    with desk.app.app_context():
        choice = desk.sitting().questions[1].choice
    secrets = [str(choice[name]) for name in ("theta", "se", "draw")] + choice["candidates"]
    for page in pages:
        assert [secret for secret in secrets if secret in page] == []
        assert "theta" not in page
        assert "logit" not in page


def test_a_right_and_a_wrong_answer_are_told_in_as_many_bytes(desk: Desk) -> None:
    right = desk.answer(1, headers=JSON)
    wrong = desk.answer(2, right=False, headers=JSON)
    assert len(right.data) == len(wrong.data)
    assert right.get_json().keys() == {"revision", "saved_at"}


@pytest.mark.parametrize("draft", [7, ["x"], [None, 1, [], ""], {"a": 1}])
def test_a_strange_draft_is_none(desk: Desk, draft: object) -> None:
    with desk.browser.session_transaction() as session:
        session["draft"] = draft
    assert desk.browser.get(desk.question(1)).status_code == 200
