"""What a learner's pages say of what they can do next, before it is too late to know it."""

from __future__ import annotations

import html
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from assessment import transactions
from assessment.demo.builders.performances import build_task
from assessment.people import service as people
from assessment.performances.handling import Handling
from tests.assessment.performances.test_service import picture
from tests.assessment.performances.test_views import ALL, DECLARED, GOOD, Walk

AT_ANY_TIME = "You can begin anew at any time."


@pytest.fixture
def walk(app: Flask) -> Walk:
    return Walk(app)


def waiting(walk: Walk, **handling: Any) -> None:
    """Publish the task anew, with other conditions."""
    with walk.app.app_context():
        build_task(people.institution_by_key("workshop"), handling=Handling(**handling))
        transactions.commit()


def released(walk: Walk, place: int, **levels: str) -> None:
    rated = {**GOOD, **levels, "go": "release"}
    assert walk.assessors[place].post(walk.taken(place), data=rated).location == "/assessor"


def test_withdrawing_says_from_which_day_it_can_be_shown_again(walk: Walk) -> None:
    waiting(walk, attempts=2, wait_days=7)
    at = walk.handed_in()
    assert AT_ANY_TIME in walk.learner.get(f"{at}/withdraw").text
    released(walk, 0)
    asked = walk.learner.get(f"{at}/withdraw").text
    assert AT_ANY_TIME not in asked
    assert "1 time is left. You can begin anew from " in asked
    after = walk.learner.post(f"{at}/withdraw", follow_redirects=True).text
    assert after.count("You can show this again from ") == 2  # what was done, and in place of a way
    assert ">Begin anew</a>" not in after
    task = walk.learner.get("/tasks/show-isolation").text
    assert "You can show this again from " in task
    assert "Show my work</button>" not in task


def test_the_way_to_begin_anew_stands_where_nobody_had_rated(walk: Walk) -> None:
    waiting(walk, attempts=1, wait_days=7)
    at = walk.handed_in()
    after = walk.learner.post(f"{at}/withdraw", follow_redirects=True).text
    assert AT_ANY_TIME in after
    assert ">Begin anew</a>" in after
    assert "Show my work</button>" in walk.learner.get("/tasks/show-isolation").text


def test_the_record_says_what_to_do_for_work_before_any_test(walk: Walk) -> None:
    assert "Next step" not in walk.learner.get("/me").text
    at = walk.begun()
    begun = walk.learner.get("/me").text
    assert "and not handed it in yet." in html.unescape(begun)
    assert f'href="{at}">Go on with your work' in begun
    walk.learner.post(f"{at}/texts", data={"text": "So.", **ALL})
    walk.learner.post(f"{at}/submit", data=DECLARED)
    assert "Go on with your work" not in walk.learner.get("/me").text
    place = walk.taken(0)
    walk.assessors[0].post(f"{place}/messages", data={"text": "Which tool is it?"})
    asked = walk.learner.get("/me").text
    assert f'href="{at}/messages">Read it and answer' in asked
    walk.learner.post(f"{at}/messages", data={"text": "A wrench.", "answers": ""})
    assert "Read it and answer" not in walk.learner.get("/me").text


def test_more_evidence_is_the_next_step(walk: Walk) -> None:
    at = walk.handed_in()
    marks = {**GOOD, "level-tidies": "?", "comment-tidies": "Show it.", "go": "release"}
    for place in (0, 1):
        assert walk.assessors[place].post(walk.taken(place), data=marks).location == "/assessor"
    page = html.unescape(walk.learner.get("/me").text)
    assert "More is asked of your work “Isolate a battery”." in page
    assert f'href="{at}">Add what is asked for' in page


def observed_task(walk: Walk) -> None:
    with walk.app.app_context():
        institution = people.institution_by_key("workshop")
        build_task(institution, policy={"required": "proficient", "observers": 1})
        transactions.commit()


def test_nobody_named_is_said_before_handing_in_and_after(walk: Walk) -> None:
    observed_task(walk)
    at = walk.begun()
    walk.learner.post(f"{at}/texts", data={"text": "So.", **ALL})
    missing = "Nobody is named yet who saw it; there is no result without."
    assert missing in walk.learner.get(f"{at}/submit").text
    assert walk.learner.post(f"{at}/submit", data=DECLARED).status_code == 303
    assert f'href="{at}/observers">Name who saw it' in walk.learner.get("/me").text
    other = {"name": "Rosa Delgado", "email": "rosa@lantern-motors.example", "language": "en"}
    assert walk.learner.post(f"{at}/observers", data=other).status_code == 303
    assert "Name who saw it" not in walk.learner.get("/me").text


def test_somebody_named_needs_no_warning(walk: Walk) -> None:
    observed_task(walk)
    at = walk.begun()
    other = {"name": "Rosa Delgado", "email": "rosa@lantern-motors.example", "language": "en"}
    assert walk.learner.post(f"{at}/observers", data=other).status_code == 303
    assert "there is no result without" not in walk.learner.get(f"{at}/submit").text


def test_a_file_that_was_sent_and_not_described_is_not_forgotten(walk: Walk) -> None:
    at = walk.begun()
    behind = "1 file that you sent since you began is not part of this work."
    assert behind not in walk.learner.get(at).text
    file = (BytesIO(picture()), "lock.png")
    described = walk.learner.post(f"{at}/files", data={"file": file}).location
    for page in (at, f"{at}/submit"):
        assert behind in walk.learner.get(page).text
    assert walk.learner.post(described, data=ALL).status_code == 303
    for page in (at, f"{at}/submit"):
        assert behind not in walk.learner.get(page).text


def test_what_becomes_of_a_message_is_said_as_it_is(walk: Walk) -> None:
    at = walk.handed_in()

    def written(text: str, answers: str = "") -> str:
        said = {"text": text, "answers": answers}
        sent = walk.learner.post(f"{at}/messages", data=said, follow_redirects=True)
        return html.unescape(sent.text)

    assert "Kept. Nobody has this work at the moment" in written("My camera is old.")
    place = walk.taken(0)
    assert "Sent. Whoever it is for is told by mail" in written("It was dark.")
    walk.assessors[0].post(f"{place}/messages", data={"text": "Which tool is it?"})
    rated = {**GOOD, "go": "release"}
    assert walk.assessors[0].post(place, data=rated).location == "/assessor"
    assert "Kept. Whoever asked does not have this work any more." in written("A wrench.", "3")
