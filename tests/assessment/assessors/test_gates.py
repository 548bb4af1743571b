"""Training and the gate: who may rate, and why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from assessment import clock
from assessment.access import NOBODY, Actor
from assessment.assessors import gates, qualifying, training
from assessment.assessors.comparing import Shortfall, judgement_from_text
from assessment.assessors.exemplar_files import ExemplarsSpec, Purpose
from assessment.assessors.exemplars import publish
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.exemplars import (
    EXPECTED,
    WRONG,
    an_exemplar,
    attempt,
    build_exemplars,
    build_gate,
    build_qualified,
    rate,
    train,
)
from assessment.demo.builders.performances import (
    BUILDER,
    CRITERIA,
    Workshop,
    build_performance,
    build_workshop,
    given,
)
from assessment.errors import Conflict, NoSuchRecord
from assessment.extensions import db
from assessment.performances import service
from assessment.performances.models import Assignment, AssignmentRole
from assessment.performances.places import open_places
from assessment.performances.qualifications import closed_rubrics, may_rate, standing_at
from assessment.performances.trust_models import (
    Comparison,
    Qualification,
    QualificationState,
)

KEY = "isolation"
CLOSE = ("proficient", "developing", "proficient")
"""Two of three levels as expected, the third one step away."""


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    made = build_workshop(assessors=2)
    build_exemplars(made.task, gate=3, training=2)
    build_gate(made.task)
    return made


@pytest.fixture
def novice(workshop: Workshop) -> Actor:
    return workshop.actors[0]


def person(actor: Actor) -> str:
    assert actor.person_id is not None
    return actor.person_id


def days_later(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    later = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: later)


def test_without_a_gate_any_assessor_rates(context: Flask) -> None:
    made = build_workshop("open-house", assessors=1)
    assert may_rate(made.assessors[0].id, KEY)
    assert closed_rubrics(made.assessors[0].id) == frozenset()


def test_the_queue_is_closed_until_the_gate_is_passed(workshop: Workshop, novice: Actor) -> None:
    build_performance(workshop.task, build_learner()[1])
    assert closed_rubrics(person(novice)) == {KEY}
    assert service.queue_of(novice).number == 0
    assert service.claim_next(novice) is None
    ended = attempt(novice, *EXPECTED)
    assert ended.passed
    assert service.queue_of(novice).number == 1  # one performance, whose two places are for two
    assert service.claim_next(novice) is not None


def test_training_shows_each_exemplar_once_and_counts_for_nothing(
    workshop: Workshop, novice: Actor
) -> None:
    first = training.next_training(KEY, novice)
    assert first is not None
    assert first.role == AssignmentRole.TRAINING
    assert training.next_training(KEY, novice) is first  # it is under way
    assert rate(first, novice, *EXPECTED) == "trained"
    assert train(novice, *WRONG) == 1
    assert training.next_training(KEY, novice) is None
    assert not may_rate(person(novice), KEY)
    assert training.training_left(person(workshop.actors[1]), KEY) != []


def test_an_attempt_takes_all_its_exemplars_and_says_what_it_found(novice: Actor) -> None:
    ended = attempt(novice, *CLOSE)
    assert (ended.number, ended.passed) == (1, True)
    found = judgement_from_text(ended.figures or "")
    assert (found.ratings, found.judged, found.short_of) == (3, 9, ())
    assert found.exact.value == pytest.approx(2 / 3, abs=1e-4)
    standing = standing_at(person(novice), KEY)
    assert (standing.state, standing.because) == (QualificationState.QUALIFIED, "gate")
    assert standing.until == qualifying.months_after(standing.since or clock.now(), 12)


def test_calling_safe_what_is_not_fails_whatever_else_is_right(novice: Actor) -> None:
    ended = attempt(novice, EXPECTED[0], "proficient", EXPECTED[2])
    found = judgement_from_text(ended.figures or "")
    assert found.short_of == (Shortfall.SAFETY,)
    assert not ended.passed
    assert standing_at(person(novice), KEY).because == "failed"
    assert not may_rate(person(novice), KEY)


def test_an_attempt_goes_on_where_it_was_left(novice: Actor) -> None:
    first = gates.next_of_attempt(KEY, novice)
    assert gates.next_of_attempt(KEY, novice) is first
    rate(first, novice, *EXPECTED)
    second = gates.next_of_attempt(KEY, novice)
    assert second.performance_id != first.performance_id
    assert len(gates.attempts_of(person(novice), KEY)) == 1


def test_the_next_attempt_waits_and_meets_other_exemplars_first(
    workshop: Workshop, novice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = attempt(novice, *WRONG)
    more = tuple(an_exemplar(f"more-{number}", Purpose.GATE) for number in range(2))
    publish(ExemplarsSpec(rubric=KEY, exemplars=more), BUILDER)
    with pytest.raises(Conflict, match="Your next attempt"):
        gates.next_of_attempt(KEY, novice)
    days_later(monkeypatch, 8)
    second = attempt(novice, *EXPECTED)
    assert second.passed
    assert len(set(second.exemplars) - set(first.exemplars)) == 2
    met_twice = set(second.exemplars) & set(first.exemplars)
    rounds = db.session.query(Assignment.round).filter_by(performance_id=met_twice.pop())
    assert sorted(each.round for each in rounds) == [1, 2]


def test_whoever_is_through_has_no_need_of_an_attempt(novice: Actor) -> None:
    attempt(novice, *EXPECTED)
    with pytest.raises(Conflict, match="through this gate"):
        gates.next_of_attempt(KEY, novice)


def test_a_qualification_ends_after_its_months_and_may_be_renewed_before(
    workshop: Workshop, novice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt(novice, *EXPECTED)
    days_later(monkeypatch, 330)
    assert attempt(novice, *WRONG).passed is False
    assert may_rate(person(novice), KEY)  # failing early ends nothing
    days_later(monkeypatch, 40)
    standing = standing_at(person(novice), KEY)
    assert (standing.state, standing.because) == (QualificationState.EXPIRED, "months")
    assert service.claim_next(novice) is None
    assert attempt(novice, *EXPECTED).passed
    assert may_rate(person(novice), KEY)


def test_a_qualification_ends_after_its_ratings(context: Flask) -> None:
    made = build_workshop(assessors=1, raters=1)
    build_exemplars(made.task, gate=3, training=1)
    build_gate(made.task, ratings=1)
    build_qualified(made.assessors[0])
    (rater,) = made.actors
    for _number in range(2):
        build_performance(made.task, build_learner()[1])
    place = service.claim_next(rater)
    assert place is not None
    rate(place, rater, *("proficient",) * 3)
    standing = standing_at(made.assessors[0].id, KEY)
    assert (standing.state, standing.because) == (QualificationState.EXPIRED, "ratings")
    assert service.claim_next(rater) is None


def test_nobody_passes_the_gate_of_another_house(workshop: Workshop) -> None:
    with pytest.raises(NoSuchRecord):
        gates.next_of_attempt("nothing", workshop.actors[0])


def test_an_exemplar_of_one_person_is_no_place_of_another(workshop: Workshop) -> None:
    one, other = workshop.actors
    place = gates.next_of_attempt(KEY, one)
    with pytest.raises(NoSuchRecord):
        service.save(place.id, given(*EXPECTED), other)
    assert gates.next_of_attempt(KEY, other).id != place.id
    assert db.session.query(Qualification).count() == 0


def test_two_people_meet_one_exemplar_each_on_a_place_of_their_own(workshop: Workshop) -> None:
    for actor in workshop.actors:
        assert train(actor, *EXPECTED) == 2
        assert attempt(actor, *EXPECTED).passed


def test_a_visitor_has_no_gate(workshop: Workshop) -> None:
    with pytest.raises(NoSuchRecord):
        gates.next_of_attempt(KEY, NOBODY)


def test_months_end_on_a_day_that_there_is() -> None:
    moment = clock.now().replace(year=2027, month=1, day=31)
    assert qualifying.months_after(moment, 1).day == 28
    assert qualifying.months_after(moment, 12).year == 2028
    assert qualifying.months_after(moment, 11).month == 12


def test_a_second_look_is_kept_beside_the_ratings_it_looked_at(context: Flask) -> None:
    made = build_workshop(assessors=3)
    shown = build_performance(made.task, build_learner()[1])
    one, two, three = made.actors
    for actor in (one, two):
        place = service.claim_next(actor)
        assert place is not None
        rate(place, actor, *("proficient",) * 3)
    open_places(shown, AssignmentRole.READ_BEHIND, 1, CRITERIA)
    look = service.claim_next(three)
    assert look is not None
    assert look.role == AssignmentRole.READ_BEHIND
    rate(look, three, "expert", "developing", "proficient")
    kept = db.session.query(Comparison).all()
    assert {each.person_id for each in kept} == {person(one), person(two)}
    assert {(each.kind, each.exact, each.adjacent, each.safety_misses) for each in kept} == {
        ("read behind", 1, 3, 1)
    }
