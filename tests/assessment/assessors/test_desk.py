"""What the desk says of the queue: how long it takes, and nothing of exemplars among live work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from assessment import clock
from assessment.assessors import hours
from assessment.assessors.desk import _rounded
from assessment.assessors.hours import stints_of, usual_minutes
from assessment.assessors.words import due_in
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    build_performance,
    build_workshop,
    claimed,
    given,
)
from assessment.performances import service

GOOD = ("proficient",) * 3


@pytest.mark.parametrize(
    ("minutes", "said"), [(0.2, 1), (7.4, 7), (59, 59), (70, 75), (170, 165), (247, 240)]
)
def test_an_estimate_is_as_exact_as_it_can_be(minutes: float, said: int) -> None:
    assert _rounded(minutes) == said


def test_a_rating_counts_for_an_hour_at_most_and_a_minute_at_least(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = build_workshop()
    one, now = workshop.actors[0], clock.now()
    for minutes in (0, 4.5, 600):
        monkeypatch.setattr(clock, "now", lambda: now)
        build_performance(workshop.task, build_learner()[1])
        place = claimed(one)
        until = now + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda until=until: until)
        service.save(place.id, given(*GOOD), one)
        service.release(place.id, given(*GOOD), one)
    assert sorted(each.minutes for each in stints_of(one)) == [1, 5, 60]
    assert stints_of(workshop.actors[1]) == []
    assert usual_minutes(None, one) is None  # too few to say
    monkeypatch.setattr(hours, "FEWEST", 3)
    assert usual_minutes("isolation", one) == 4.5
    assert usual_minutes("nothing", one) is None


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-2, "2 days late"),
        (-1, "1 day late"),
        (0, "due today"),
        (1, "due in 1 day"),
        (9, "due in 9 days"),
    ],
)
def test_what_is_due_is_said_in_days(context: Flask, days: int, said: str) -> None:
    with context.test_request_context():
        assert due_in(clock.now() + timedelta(days=days)) == said
