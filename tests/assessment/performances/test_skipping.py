"""What assessors leave to others, what they ask another look at, and two windows of a draft."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import clock, transactions
from assessment.access import Actor
from assessment.audit.models import AuditBody
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_task,
    build_workshop,
    claimed,
    given,
)
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.performances import service
from assessment.performances.models import (
    Assignment,
    AssignmentState,
    PerformanceState,
    SecondLook,
    Skip,
)
from assessment.performances.skipping import URGENT
from assessment.performances.skips import SkipReason

GOOD = ("proficient",) * 3


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop()


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


def test_what_is_skipped_is_free_for_others_and_never_offered_again(
    workshop: Workshop, learner: Actor
) -> None:
    build_performance(workshop.task, learner)
    one, two, three, _four = workshop.actors
    place = claimed(one)
    service.save(place.id, service.Given({"tidies": "expert"}, {}), one)
    service.skip(place.id, SkipReason.UNREADABLE, "", one)
    service.skip(place.id, SkipReason.UNREADABLE, "", one)  # twice is once
    assert service.claim_next(one) is None  # the second place is not theirs either
    assert service.queue_of(one).number == 0
    assert service.own_rating(place.id, one).marks == {"tidies": "expert"}
    assert {claimed(two).id, claimed(three).id} >= {place.id}
    assert len(db.session.scalars(select(Skip)).all()) == 1


def test_one_more_than_five_within_a_day_needs_words(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, now = workshop.actors[0], clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    for _ in range(7):
        build_performance(workshop.task, build_learner()[1])
    for _ in range(5):
        service.skip(claimed(one).id, SkipReason.LANGUAGE, "", one)
    sixth = claimed(one)
    with pytest.raises(Invalid, match="why you skip one more"):
        service.skip(sixth.id, SkipReason.LANGUAGE, " ", one)
    service.skip(sixth.id, SkipReason.LANGUAGE, "All of it is in German.", one)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1))
    service.skip(claimed(one).id, SkipReason.LANGUAGE, "", one)
    assert len(db.session.scalars(select(Skip)).all()) == 7


def test_whom_one_knows_one_does_not_rate_again(workshop: Workshop, learner: Actor) -> None:
    other = build_task(workshop.institution, "another-task")
    build_performance(workshop.task, learner)
    build_performance(other, learner)
    one, two, *_rest = workshop.actors
    service.skip(claimed(one).id, SkipReason.CONFLICT, "", one)
    assert service.claim_next(one) is None
    service.skip(claimed(two).id, SkipReason.LANGUAGE, "", two)
    assert service.claim_next(two) is not None  # another piece of work may be in their language
    transactions.commit()
    bodies = db.session.scalars(select(AuditBody.body)).all()
    assert sum('"assignment skipped"' in body for body in bodies) == 2


def test_another_reason_needs_its_words(workshop: Workshop, learner: Actor) -> None:
    build_performance(workshop.task, learner)
    one = workshop.actors[0]
    place = claimed(one)
    for words in ("", "  ", "x" * 1001):
        with pytest.raises(Invalid):
            service.skip(place.id, SkipReason.OTHER, words, one)
    service.skip(place.id, SkipReason.OTHER, "My dog ate it.", one)
    assert db.session.scalars(select(Skip.words)).one() == "My dog ate it."


def test_only_what_one_has_or_had_is_skipped_or_flagged(workshop: Workshop, learner: Actor) -> None:
    build_performance(workshop.task, learner)
    one, two, *_rest = workshop.actors
    place = claimed(one)
    with pytest.raises(NoSuchRecord):
        service.skip(place.id, SkipReason.LANGUAGE, "", two)
    with pytest.raises(NoSuchRecord):
        service.ask_second_look(place.id, "So.", two)
    service.release(place.id, given(*GOOD), one)
    with pytest.raises(Conflict):
        service.skip(place.id, SkipReason.LANGUAGE, "", one)


def test_an_exemplar_that_is_skipped_goes_to_nobody_else(
    workshop: Workshop, learner: Actor
) -> None:
    shown = build_performance(workshop.task, learner)
    one, *_rest = workshop.actors
    place = claimed(one)
    shown.state = PerformanceState.EXEMPLAR
    db.session.flush()
    service.skip(place.id, SkipReason.LANGUAGE, "", one)
    assert place.state == AssignmentState.CLOSED


def test_another_look_is_asked_for_once_and_hurries(workshop: Workshop, learner: Actor) -> None:
    calm = build_performance(workshop.task, build_learner()[1])
    shown = build_performance(workshop.task, learner)
    one, two, three, _four = workshop.actors
    first = claimed(one)
    service.release(first.id, given(*GOOD), one)
    second = claimed(one)
    assert {first.performance_id, second.performance_id} == {calm.id, shown.id}
    with pytest.raises(Invalid):
        service.ask_second_look(second.id, " ", one)
    for _ in range(2):
        service.ask_second_look(second.id, "The lock looks painted on.", one)
    places = list(
        db.session.scalars(select(Assignment).filter_by(performance_id=second.performance_id))
    )
    assert sorted(each.role for each in places) == ["assessor", "assessor", "read behind"]
    assert {each.risk for each in places} == {URGENT}
    assert claimed(two).performance_id == second.performance_id  # before what waited longer
    assert claimed(three).performance_id == second.performance_id
    assert len(db.session.scalars(select(SecondLook)).all()) == 1


def test_nobody_looks_again_at_what_was_withdrawn(workshop: Workshop, learner: Actor) -> None:
    made = build_performance(workshop.task, learner)
    one, other = workshop.actors[:2]
    place = claimed(one)
    service.withdraw(made.id, learner)
    with pytest.raises(Conflict):
        service.ask_second_look(place.id, "Look at the locks.", one)
    assert service.queue_of(other).number == 0
    assert db.session.scalars(select(SecondLook)).all() == []


def test_two_windows_lose_nothing(workshop: Workshop, learner: Actor) -> None:
    build_performance(workshop.task, learner)
    one = workshop.actors[0]
    place = claimed(one)
    first = service.Given({"tidies": "expert"}, {}, revision=0)
    kept = service.save(place.id, first, one)
    assert kept.rating.revision == 1
    assert service.save(place.id, first, one).rating.revision == 1  # sent again: saved once
    other = service.Given({"tidies": "beginning"}, {"tidies": "No."}, revision=0)
    for act in (service.save, service.release):
        with pytest.raises(service.OtherDraft) as refused:
            act(place.id, other, one)
        assert refused.value.given == other
        assert refused.value.kept.marks == {"tidies": "expert"}
    known = service.Given(other.marks, other.comments, revision=1)
    assert service.save(place.id, known, one).rating.revision == 2
