"""Until when a result can be appealed, where achievements state days of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.awards.models import Award
from assessment.demo.builders.catalogue import build_achievement
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_institution
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_rating,
    build_task,
    build_workshop,
)
from assessment.extensions import db
from assessment.performances import appealing
from assessment.performances.appeal_days import last_day, last_resolution
from assessment.performances.handling import Handling
from assessment.performances.models import Performance
from tests.assessment.people.browser import sign_in

GOOD = ("proficient", "proficient", "proficient")
LOW = ("proficient", "developing", "proficient")
RULE = {"rubric": "isolation", "level": "proficient"}


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop()


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


def shown(workshop: Workshop, learner: Actor, appeal_days: int = 30) -> Performance:
    """Return work with a result, whose task states these days."""
    task = build_task(workshop.institution, "other", handling=Handling(appeal_days=appeal_days))
    made = build_performance(task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *LOW)
    return made


def days(performance: Performance) -> int | None:
    """Return how many days after its result a performance can be appealed."""
    resolution, last = last_resolution(performance), last_day(performance)
    if resolution is None or last is None:
        return None
    return (last - clock.local_date(resolution.resolved_at, "America/Toronto")).days


@pytest.mark.parametrize(
    ("task", "achievement", "counted"),
    [(30, 45, 45), (30, 14, 30), (0, 14, 14), (30, None, 30), (0, None, None)],
)
def test_the_later_day_of_the_task_and_the_achievement_counts(
    workshop: Workshop, learner: Actor, task: int, achievement: int | None, counted: int | None
) -> None:
    build_achievement("lasting", workshop.institution, RULE, appeal_days=achievement)
    assert days(shown(workshop, learner, task)) == counted


def test_only_a_rule_that_names_the_rubric_itself_counts(
    workshop: Workshop, learner: Actor
) -> None:
    build_achievement("lasting", workshop.institution, RULE)
    build_achievement(
        "further", workshop.institution, {"all": [{"achievement": "lasting"}, RULE]}, appeal_days=60
    )
    build_achievement("further", workshop.institution, {"achievement": "lasting"})
    assert days(shown(workshop, learner)) == 30


def test_an_institution_that_does_not_assess_it_gives_no_days(
    workshop: Workshop, learner: Actor
) -> None:
    build_achievement("theirs", build_institution("elsewhere"), RULE, appeal_days=300)
    assert days(shown(workshop, learner)) == 30


def test_a_new_version_takes_no_day_away(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = clock.now()

    def at(later: timedelta) -> None:
        told: datetime = moment + later
        monkeypatch.setattr(clock, "now", lambda: told)

    build_achievement("lasting", workshop.institution, RULE, appeal_days=60)
    at(timedelta(days=1))
    before = shown(workshop, learner)
    at(timedelta(days=2))
    build_achievement("lasting", workshop.institution, RULE, appeal_days=40)
    assert days(before) == 60
    at(timedelta(days=3))
    (other,) = build_learner()[1:]
    after = build_performance(before.task, other)
    for actor in workshop.actors[:2]:
        build_rating(actor, *LOW)
    assert days(after) == 40


def test_pages_say_until_when(app: Flask, workshop: Workshop) -> None:
    person, learner = build_learner()
    version = build_achievement("lasting", workshop.institution, RULE, appeal_days=45)
    made = shown(workshop, learner)
    assert appealing.appealable(made)
    browser = sign_in(app.test_client(), person)
    listing = browser.get(f"/achievements/{version.achievement.key}").text
    assert "looked at again if you ask within 45 days" in listing
    page = browser.get(f"/performances/{made.id}").text
    assert "You can ask for another look until " in page
    assert "<summary>You can ask for another look until " not in page


def test_a_result_that_was_required_says_it_quietly(app: Flask, workshop: Workshop) -> None:
    person, learner = build_learner()
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    award = db.session.scalars(select(Award).filter_by(learner_id=made.learner_id)).one()
    browser = sign_in(app.test_client(), person)
    page = browser.get(f"/performances/{made.id}").text
    assert "<summary>You can ask for another look until " in page
    assert "You can ask for another look until " in browser.get(f"/awards/{award.id}").text
