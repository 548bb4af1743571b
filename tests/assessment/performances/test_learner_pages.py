"""What a learner's pages say of what they can do next, before it is too late to know it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assessment import transactions
from assessment.demo.builders.performances import build_task
from assessment.people import service as people
from assessment.performances.handling import Handling
from tests.assessment.performances.test_views import GOOD, Walk

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
