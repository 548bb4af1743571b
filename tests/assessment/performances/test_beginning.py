"""How often, and when, a task may be shown again."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assessment.access import Actor
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_rating,
    build_task,
    build_workshop,
    claimed,
    given,
)
from assessment.errors import Conflict
from assessment.performances import chances, service
from assessment.performances.chances import Chances, chances_of
from assessment.performances.handling import Handling
from assessment.performances.models import Task
from tests.assessment.people.clocks import StoppedClock

LOW = ("beginning",) * 3


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop()


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


def task_of(workshop: Workshop, **handling: Any) -> Task:
    return build_task(workshop.institution, handling=Handling(**handling))


def assessed(workshop: Workshop, task: Task, learner: Actor) -> None:
    build_performance(task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *LOW)


def test_a_task_is_shown_as_often_as_it_allows(workshop: Workshop, learner: Actor) -> None:
    task = task_of(workshop, attempts=2)
    for _ in range(2):
        assessed(workshop, task, learner)
    with pytest.raises(Conflict, match="shown 2 times"):
        service.begin(task, learner)
    assert chances_of(task, learner.learner_id or "").number == 0
    other = build_learner()[1]
    assert service.begin(task, other).number == 1


def test_what_is_under_way_is_gone_on_with(workshop: Workshop, learner: Actor) -> None:
    task = task_of(workshop, attempts=1)
    begun = service.begin(task, learner)
    assert service.begin(task, learner) == begun


def test_withdrawing_before_a_rating_is_no_attempt(workshop: Workshop, learner: Actor) -> None:
    task = task_of(workshop, attempts=1, wait_days=30)
    shown = build_performance(task, learner)
    claimed(workshop.actors[0])
    service.withdraw(shown.id, learner)
    assert chances_of(task, learner.learner_id or "") == Chances(1, None)
    assert service.begin(task, learner).number == 2


def test_withdrawing_after_a_rating_is_an_attempt(workshop: Workshop, learner: Actor) -> None:
    task = task_of(workshop, attempts=1)
    shown = build_performance(task, learner)
    build_rating(workshop.actors[0], *LOW)
    service.withdraw(shown.id, learner)
    with pytest.raises(Conflict):
        service.begin(task, learner)


def test_more_evidence_is_no_attempt(workshop: Workshop, learner: Actor) -> None:
    task = task_of(workshop, attempts=1)
    shown = build_performance(task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, None, "proficient", "proficient")
    service.add_text(shown.id, "And so.", {"prepares": ""}, learner)
    service.submit(shown.id, learner)
    for actor in workshop.actors[:2]:
        place = claimed(actor)
        said = service.Given({"prepares": given("expert").marks["prepares"]}, {})
        assert isinstance(service.release(place.id, said, actor), service.Released)
    assert chances_of(task, learner.learner_id or "").number == 0


def test_the_day_is_told_from_which_it_can_be_shown_again(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    task = task_of(workshop, wait_days=7)
    assessed(workshop, task, learner)
    stopped.move(days=6, hours=23)
    with pytest.raises(Conflict, match=r"10 May 2027|May 10, 2027"):
        service.begin(task, learner)
    stopped.move(hours=1)
    assert service.begin(task, learner).number == 2


def test_withdrawing_says_what_it_costs_before_it_does(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    StoppedClock(monkeypatch)
    task = task_of(workshop, attempts=2, wait_days=7)
    shown = build_performance(task, learner)
    assert chances.price_of_withdrawing(shown) == "You can begin anew at any time."
    build_rating(workshop.actors[0], *LOW)
    price = chances.price_of_withdrawing(shown)
    assert price.startswith("An assessor has rated it already, so it counts as shown: 1 time is")
    assert "You can begin anew from " in price
    service.withdraw(shown.id, learner)
    day = chances.refusal_to_repeat(shown).removeprefix("You can show this again from ")
    assert price.endswith(f"from {day}")
    assert chances.refusal_to_show(task, learner.learner_id or "").endswith(day)


def test_the_last_time_is_said_to_be_the_last(workshop: Workshop, learner: Actor) -> None:
    task = task_of(workshop, attempts=1)
    shown = build_performance(task, learner)
    build_rating(workshop.actors[0], *LOW)
    assert "cannot be shown again" in chances.price_of_withdrawing(shown)
    assert chances.refusal_to_show(task, learner.learner_id or "") == ""
    service.withdraw(shown.id, learner)
    assert "shown 1 time," in chances.refusal_to_repeat(shown)


def test_what_lost_its_result_through_others_is_no_attempt(
    workshop: Workshop, learner: Actor
) -> None:
    task = task_of(workshop, attempts=1, wait_days=7)
    shown = build_performance(task, learner)
    rows = [build_rating(actor, *LOW) for actor in workshop.actors[:2]]
    rating = service.own_rating(rows[0].id, workshop.actors[0])
    service.void_rating(rating, "The assessor knew the learner.", workshop.actors[2])
    waits = chances.price_of_withdrawing(shown)
    assert waits.startswith("You can show this again from")  # as after the result that fell
    service.withdraw(shown.id, learner)
    assert chances.refusal_to_repeat(shown) == waits
    assert chances_of(task, shown.learner_id).number == 1
