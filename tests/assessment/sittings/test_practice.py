"""Practice: explained at once, kept by nobody, never with the questions of a test that counts."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from assessment import transactions
from assessment.demo.builders.catalogue import build_framework
from assessment.demo.builders.examinations import AREAS, build_bank, build_learner, build_test
from assessment.demo.builders.people import build_institution
from assessment.errors import Invalid, NoSuchRecord
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.items.models import Test
from assessment.people.models import Institution
from assessment.sittings import practice, service
from assessment.sittings.answering import Given
from assessment.sittings.models import Response, Sitting
from assessment.sittings.self_check import self_check


@pytest.fixture
def exercises(context: Flask) -> Test:
    """Return a practice that is published."""
    return publish()


def publish() -> Test:
    """Return a practice of four questions, in a bank of its own, beside a test that counts."""
    build_framework(*AREAS)
    college = build_institution("college")
    build_bank(college, "exercises")
    build_bank(college, "wiring")
    build_test(college, "wiring", "pre")
    return build_test(college, "exercises", "practice", is_practice=True)


def right(test: Test, progress: practice.Progress, position: int) -> Given:
    """Return the right answer to a question, where it is shown."""
    question = practice.drawn(test, progress)[position - 1]
    (key,) = question.item.key
    return Given(chosen=(str(question.order.index(key)),))


def wrong(test: Test, progress: practice.Progress, position: int) -> Given:
    """Return a wrong answer to a question."""
    (place,) = right(test, progress, position).chosen
    return Given(chosen=(str((int(place) + 1) % 4),))


def test_an_answer_is_explained_only_once_it_is_checked(exercises: Test) -> None:
    progress = practice.begin(exercises)
    given = right(exercises, progress, 1)
    kept = practice.give(exercises, progress, 1, given, check=False)
    page = practice.question_page(exercises, kept, 1)
    assert page.feedback is None
    assert [option.chosen for option in page.options].count(True) == 1
    checked = practice.give(exercises, kept, 1, given, check=True)
    feedback = practice.question_page(exercises, checked, 1).feedback
    assert feedback is not None
    assert feedback.right
    assert [told.right for told in feedback.options] == [told.chosen for told in feedback.options]


def test_a_checked_answer_stays_and_a_blank_one_is_not_checked(exercises: Test) -> None:
    progress = practice.begin(exercises)
    with pytest.raises(Invalid, match="Give an answer first"):
        practice.give(exercises, progress, 1, Given(), check=True)
    with pytest.raises(Invalid, match="Choose again"):
        practice.give(exercises, progress, 1, Given(chosen=("7",)), check=True)
    first = practice.give(exercises, progress, 1, wrong(exercises, progress, 1), check=True)
    assert practice.give(exercises, first, 1, right(exercises, progress, 1), check=True) == first
    with pytest.raises(NoSuchRecord):
        practice.question_page(exercises, progress, 5)


def test_progress_travels_in_a_small_cookie_and_ends_with_its_questions(exercises: Test) -> None:
    progress = practice.begin(exercises)
    for position in range(1, 5):
        progress = practice.give(
            exercises, progress, position, right(exercises, progress, 1), check=True
        )
    data = progress.as_data()
    assert practice.read_progress(data, exercises) == progress
    assert len(str(data)) < 1000
    exercises.bank.revision = "changed"
    assert practice.read_progress(data, exercises) is None
    assert practice.read_progress(None, exercises) is None


def test_the_self_check_says_what_to_look_at_and_what_comes_next(exercises: Test) -> None:
    progress = practice.begin(exercises)
    for position in range(1, 5):
        progress = practice.give(
            exercises, progress, position, right(exercises, progress, position), check=True
        )
    check = self_check(exercises, progress)
    assert [area.complete for area in check.areas] == [True] * len(AREAS)
    assert (check.points, check.possible, check.checked) == (4, 4, 4)
    assert [each.key for each in check.next_tests] == ["pre"]
    nothing = self_check(exercises, practice.begin(exercises))
    assert [area.complete for area in nothing.areas] == [False] * len(AREAS)
    assert nothing.checked == 0


def test_the_bank_of_a_test_that_counts_is_never_practised(exercises: Test) -> None:
    assert practice.practice_tests() == [exercises]
    college = db.session.get_one(Institution, exercises.institution_id)
    build_test(college, "exercises", "real")
    assert practice.practice_tests() == []
    with pytest.raises(practice.InUse):
        practice.practice_test("practice")
    with pytest.raises(NoSuchRecord):
        practice.practice_test("real")


def test_a_bank_that_a_sitting_still_draws_from_is_not_practised(exercises: Test) -> None:
    college = db.session.get_one(Institution, exercises.institution_id)
    real = build_test(college, "exercises", "real")
    learner = build_learner()[1]
    sitting = service.begin(real, learner)
    build_test(college, "wiring", "real")  # its next version has another bank
    with pytest.raises(practice.InUse):
        practice.practice_test("practice")
    service.submit(sitting.id, learner)
    assert practice.practice_test("practice") is exercises


def test_a_visitor_leaves_nothing_behind_and_is_told_nothing_before_checking(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        publish()
        transactions.commit()
    assert client.get("/practice/practice/1").location == "/practice/practice"
    assert client.post("/practice/practice").location == "/practice/practice/1"
    asked = client.get("/practice/practice/1").text
    assert "told-right" not in asked
    assert "wires-0" not in asked
    assert "tools-0" not in asked
    assert client.post("/practice/practice/1", data={"go": "check"}).status_code == 422
    client.post("/practice/practice/1", data={"go": "check", "choice": "0"})
    assert client.get("/practice/practice/1").text.count("told-right") == 1
    assert client.get("/practice/practice/self-check").status_code == 200
    with app.app_context():
        for table in (Sitting, Response, Evidence):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0
