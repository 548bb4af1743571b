"""Below the bar on seeded exemplars: suspended at once, recent marks back in the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import clock, mail
from assessment.access import Actor
from assessment.assessors import gates, seeding, training
from assessment.assessors.watching import Consequence
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.exemplars import (
    EXPECTED,
    WRONG,
    attempt,
    build_gated,
    rate,
    train,
)
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_workshop,
    given,
)
from assessment.errors import Conflict
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.performances import service
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    PerformanceState,
    RatingVoid,
)
from assessment.performances.qualifications import may_rate, standing_at
from assessment.performances.rating import Hold, Released
from assessment.performances.trust_models import Qualification, QualificationState, SuspensionEffect
from tests.assessment.assessors.test_seeding import draws, taken
from tests.assessment.people.clocks import StoppedClock

KEY = "isolation"
GOOD = ("proficient",) * 3
UNSAFE = ("proficient", "proficient", "expert")
"""As expected, but for what is critical for safety."""


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    made = build_workshop(assessors=4)
    build_gated(made, seeds=4, seed_share=0.5)
    return made


def person(actor: Actor) -> str:
    assert actor.person_id is not None
    return actor.person_id


def live(actor: Actor, monkeypatch: pytest.MonkeyPatch, *levels: str) -> Assignment:
    """Return what waited, rated."""
    draws(monkeypatch, 0.9)
    place = taken(actor)
    assert place.role != AssignmentRole.SEEDED
    assert isinstance(rate(place, actor, *(levels or GOOD)), Released)
    return place


def seeded(actor: Actor, monkeypatch: pytest.MonkeyPatch, *levels: str | None) -> object:
    draws(monkeypatch, 0.0)
    place = taken(actor)
    assert place.role == AssignmentRole.SEEDED
    return rate(place, actor, *levels)


def hand_in(workshop: Workshop) -> Performance:
    return build_performance(workshop.task, build_learner()[1])


def test_one_miss_on_safety_suspends_at_once_and_what_was_rated_waits_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rater, other, third, _fourth = workshop.actors
    shown, later = hand_in(workshop), hand_in(workshop)
    place = live(rater, monkeypatch)
    assert seeded(rater, monkeypatch, *UNSAFE) is Consequence.SUSPENDED
    standing = standing_at(person(rater), KEY)
    assert (standing.state, standing.because) == (QualificationState.SUSPENDED, "seeds")
    assert not may_rate(person(rater), KEY)
    assert seeding.take_next(rater) is None
    assert db.session.query(RatingVoid).count() == 1
    effect = db.session.query(SuspensionEffect).one()
    assert (effect.performance_id, effect.is_voided) == (shown.id, True)
    free = select(Assignment).filter_by(performance_id=shown.id, state=AssignmentState.OPEN)
    assert len(list(db.session.scalars(free))) == 2  # the one that was never taken, and one anew
    for actor in (other, third):
        assert live(actor, monkeypatch).performance_id == shown.id  # and it comes first
    assert shown.state == PerformanceState.RESOLVED
    assert later.state == PerformanceState.SUBMITTED
    assert place.state == AssignmentState.RELEASED  # what was given stays as it was given


def test_a_result_that_stands_is_looked_at_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rater, other, third, _fourth = workshop.actors
    shown = hand_in(workshop)
    live(rater, monkeypatch)
    live(other, monkeypatch)
    hand_in(workshop)
    assert shown.state == PerformanceState.RESOLVED
    seeded(rater, monkeypatch, *UNSAFE)
    assert shown.state == PerformanceState.RESOLVED
    assert db.session.query(RatingVoid).count() == 0
    effect = db.session.query(SuspensionEffect).one()
    assert not effect.is_voided
    look = db.session.get_one(Assignment, effect.assignment_id)
    assert (look.role, look.state) == (AssignmentRole.READ_BEHIND, AssignmentState.OPEN)
    draws(monkeypatch, 0.9)
    assert taken(third).id == look.id


def test_what_is_held_is_given_back_and_what_was_typed_is_kept(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rater, other, *_rest = workshop.actors
    shown = hand_in(workshop)
    hand_in(workshop)
    draws(monkeypatch, 0.9)
    place = taken(rater)
    service.save(place.id, given("proficient"), rater)
    draws(monkeypatch, 0.0)
    seed = seeding.take_next(rater, another=True)
    assert seed is not None
    assert rate(seed, rater, *UNSAFE) is Consequence.SUSPENDED
    assert (place.person_id, place.performance_id) == (None, shown.id)
    kept = service.save(place.id, given("proficient", "proficient"), rater)
    assert kept.hold is Hold.LOST
    assert isinstance(rate(place, rater, *GOOD), service.Kept)
    assert shown.state == PerformanceState.SUBMITTED
    draws(monkeypatch, 0.9)
    assert taken(other).performance_id == shown.id


def test_an_exemplar_that_is_held_goes_with_what_is_held(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rater = workshop.actors[0]
    for _work in range(2):  # an exemplar comes in the stead of work, which waits until later
        hand_in(workshop)
    draws(monkeypatch, 0.0)
    first, second = taken(rater), seeding.take_next(rater, another=True)
    assert second is not None
    assert (second.id != first.id, second.role) == (True, AssignmentRole.SEEDED)
    service.save(second.id, given("proficient"), rater)
    assert rate(first, rater, *UNSAFE) is Consequence.SUSPENDED
    assert service.queue_of(rater).under_way == ()
    assert service.save(second.id, given("proficient"), rater).hold is Hold.LOST
    assert isinstance(rate(second, rater, *GOOD), service.Kept)


@pytest.mark.parametrize("draw", [0.0, 0.9])
def test_what_ran_out_is_not_taken_up_again_by_who_is_no_longer_qualified(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, draw: float
) -> None:
    rater = workshop.actors[0]
    shown = hand_in(workshop)
    draws(monkeypatch, draw)
    place = taken(rater)
    stopped = StoppedClock(monkeypatch)
    stopped.moment = place.leased_until - timedelta(minutes=1)
    service.save(place.id, given("proficient"), rater)
    qualification = db.session.get_one(Qualification, (person(rater), KEY))
    qualification.until = stopped.moment
    assert service.save(place.id, given("expert"), rater).hold is Hold.HELD  # they had begun it
    stopped.move(hours=2)
    assert service.save(place.id, given(*GOOD), rater).hold is Hold.LOST
    assert isinstance(rate(place, rater, *GOOD), service.Kept)
    assert shown.state == PerformanceState.SUBMITTED


def test_the_last_exemplars_are_judged_together(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rater = workshop.actors[0]
    for _number in range(4):
        hand_in(workshop)
    assert isinstance(seeded(rater, monkeypatch, *EXPECTED), Released)
    # one of three alike, all close: below the bar alone, and not with the one before
    assert isinstance(seeded(rater, monkeypatch, "expert", "beginning", "expert"), Released)
    assert seeded(rater, monkeypatch, "expert", "beginning", "proficient") is Consequence.SUSPENDED


def test_what_was_rated_before_the_last_good_exemplar_stands(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rater = workshop.actors[0]
    for _number in range(4):
        hand_in(workshop)
    before = live(rater, monkeypatch)
    minutes_later(monkeypatch)
    seeded(rater, monkeypatch, *EXPECTED)
    minutes_later(monkeypatch)
    after = live(rater, monkeypatch)
    minutes_later(monkeypatch)
    seeded(rater, monkeypatch, *UNSAFE)
    noted = {each.performance_id for each in db.session.query(SuspensionEffect)}
    assert noted == {after.performance_id}
    assert before.performance_id not in noted


def test_without_a_good_exemplar_thirty_days_are_in_doubt(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rater = workshop.actors[0]
    for _number in range(3):
        hand_in(workshop)
    live(rater, monkeypatch)
    minutes_later(monkeypatch, minutes=31 * 24 * 60)
    recent = live(rater, monkeypatch)
    seeded(rater, monkeypatch, *WRONG)
    noted = {each.performance_id for each in db.session.query(SuspensionEffect)}
    assert noted == {recent.performance_id}


def minutes_later(monkeypatch: pytest.MonkeyPatch, minutes: int = 10) -> None:
    later = clock.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(clock, "now", lambda: later)


def test_the_way_back_is_training_and_the_gate(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rater = workshop.actors[0]
    hand_in(workshop)
    train(rater, *EXPECTED)
    minutes_later(monkeypatch)
    seeded(rater, monkeypatch, *UNSAFE)
    minutes_later(monkeypatch)
    with pytest.raises(Conflict, match="training"):
        gates.next_of_attempt(KEY, rater)
    assert len(training.training_left(person(rater), KEY)) == 1  # all of them, once more
    assert train(rater, *EXPECTED) == 1
    assert attempt(rater, *EXPECTED).passed
    minutes_later(monkeypatch)
    hand_in(workshop)  # what an exemplar came in the stead of waits until later
    draws(monkeypatch, 0.9)
    assert seeding.take_next(rater) is not None
    # what suspended them before is not held against them again
    assert isinstance(rate(taken(rater), rater, *GOOD), Released)


def test_more_misses_may_be_allowed(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made = build_workshop(assessors=1)
    build_gated(made, seeds=2, seed_share=0.5, seed_misses=2)
    for _work in range(2):
        hand_in(made)
    assert isinstance(seeded(made.actors[0], monkeypatch, *UNSAFE), Released)
    assert seeded(made.actors[0], monkeypatch, *UNSAFE) is Consequence.SUSPENDED


def test_whoever_is_suspended_gets_a_mail(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(workshop)
    seeded(workshop.actors[0], monkeypatch, *UNSAFE)
    assert seeding.take_next(workshop.actors[0]) is None
    jobs = db.session.query(Job).filter_by(kind=mail.KIND)
    mails = [mail._unseal(each.payload["sealed"]) for each in jobs]
    told = [each for each in mails if each.to == workshop.assessors[0].email]
    assert [each.subject for each in told] == ["Your rating is paused"]
    assert f"/assessor/training/{KEY}" in told[0].text
