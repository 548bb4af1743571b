"""Results that fell: whether they were an attempt, how long to wait, and what mails tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from assessment import mail
from assessment.access import Actor
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.observations import (
    build_nomination,
    build_observation,
    what_was_seen,
)
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_rating,
    build_task,
    build_workshop,
)
from assessment.errors import Conflict
from assessment.observations.models import Observation
from assessment.observations.service import void
from assessment.performances import service
from assessment.performances.chances import chances_of
from assessment.performances.handling import Handling
from assessment.performances.losing import Loss, loss_of, was_attempt
from assessment.performances.models import Performance, PerformanceState
from assessment.performances.settling import settle
from tests.assessment.people.clocks import StoppedClock
from tests.assessment.performances.test_settling import GOOD, SYSTEM, fallen, mails_waiting


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop(assessors=6)


def seen_by(shown: Performance, learner: Actor) -> Observation:
    """Return what somebody said whom the learner named."""
    nomination = build_nomination(shown, learner, "rosa@gmail.com")
    return build_observation(nomination, what_was_seen(shown, telephone="705 555 0134"))


def test_whoever_is_rated_again_after_a_fall_has_had_an_attempt(workshop: Workshop) -> None:
    _person, learner = build_learner()
    task = build_task(workshop.institution, "once", handling=Handling(attempts=1))
    shown = fallen(workshop, learner, task)
    build_rating(workshop.actors[2], "beginning", "proficient", "proficient")
    assert loss_of(shown) is Loss.LOOKED_AT  # a third is asked
    service.withdraw(shown.id, learner)
    with pytest.raises(Conflict):
        service.begin(task, learner)


def test_a_result_that_fell_still_lets_its_learner_wait(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    _person, learner = build_learner()
    task = build_task(workshop.institution, "once", handling=Handling(attempts=1, wait_days=7))
    shown = fallen(workshop, learner, task)
    concluded = service.resolutions_of(shown)[-1].resolved_at
    stopped.move(days=5)
    service.withdraw(shown.id, learner)
    assert chances_of(task, shown.learner_id).begins_at == concluded + timedelta(days=7)
    with pytest.raises(Conflict):
        service.begin(task, learner)
    stopped.move(days=2)
    assert service.begin(task, learner).id != shown.id


def test_an_observer_who_was_denied_gives_no_attempt_back(context: Flask) -> None:
    workshop = build_workshop(assessors=3, observers=1)
    _person, learner = build_learner()
    task = workshop.task
    shown = build_performance(task, learner)
    seen = seen_by(shown, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    assert shown.state == PerformanceState.RESOLVED
    void(shown.learner_id, seen.id, "not confirmed", SYSTEM)
    settle(shown, SYSTEM)
    assert loss_of(shown) is Loss.WANTS_OBSERVER
    service.withdraw(shown.id, learner)
    assert loss_of(shown) is Loss.UNHELD
    assert was_attempt(shown)


def test_there_is_a_mail_for_each_thing_that_is_to_be_done(context: Flask) -> None:
    workshop = build_workshop(assessors=4, observers=1)
    _person, learner = build_learner()
    shown = build_performance(workshop.task, learner)
    seen = seen_by(shown, learner)
    places = [build_rating(actor, *GOOD) for actor in workshop.actors[:2]]
    one = workshop.actors[0]
    service.void_rating(service.own_rating(places[0].id, one), "Seen to be careless.", SYSTEM)
    assert loss_of(shown) is Loss.LOOKED_AT
    void(shown.learner_id, seen.id, "not confirmed", SYSTEM)
    settle(shown, SYSTEM)
    build_rating(workshop.actors[2], *GOOD)
    assert loss_of(shown) is Loss.WANTS_OBSERVER
    settle(shown, SYSTEM)
    mails = [mail._unseal(each.payload["sealed"]) for each in mails_waiting()]
    told = [each.text for each in mails if each.subject == "A result of yours counts no more"]
    for said in (
        "You need to do nothing: we write to you",
        "Name somebody else who saw you do it.",
    ):
        assert [said in each for each in told].count(True) == 1
    assert len(told) == 2
