"""Suspending a rater: at once, with what they rated lately back in the queue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update

from assessment import clock
from assessment.access import system
from assessment.assessors.comparing import Judgement, judge, judgement_to_text
from assessment.assessors.letters import tell_suspended
from assessment.assessors.monitoring import compared, comparisons, seed_bar
from assessment.assessors.qualifying import gate_for, qualification_of
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.people import service as people
from assessment.performances.claiming import hold_person
from assessment.performances.models import (
    COUNTED,
    Assignment,
    AssignmentRole,
    AssignmentState,
    Closing,
    Performance,
    PerformanceState,
    RatingRow,
    RatingVoid,
)
from assessment.performances.places import hurry, open_places, places_of
from assessment.performances.publishing import policy_of
from assessment.performances.qualifications import standing_at
from assessment.performances.trust_models import (
    Comparison,
    Gate,
    QualificationState,
    SuspensionEffect,
)
from assessment.performances.voiding import void_rating
from assessment.upsert import insert_once

WATCHER = system("watch over seeded exemplars")
IN_DOUBT = timedelta(days=30)
RISK = 100
REASON = "The assessor's marks on exemplars fell below the bar; somebody else rates this anew."


def watch_seeds(rating: RatingRow) -> bool:
    """Return whether a rating of a seeded exemplar suspended its rater.

    The caller holds the exemplar's learner. From here on the rater takes no more places, so that
    what they have rated and hold is all there is; then the learners concerned are locked in order.
    """
    rubric_key = rating.assignment.rubric_key
    hold_person(rating.person_id)
    gate = gate_for(rubric_key)
    if not standing_at(rating.person_id, rubric_key).may_rate:
        return False
    judgement = judge([compared(each) for each in _window(rating.person_id, gate)], seed_bar(gate))
    if judgement.passed:
        return False
    _suspend(rating.person_id, gate, judgement)
    return True


def _window(person_id: str, gate: Gate) -> list[Comparison]:
    """Return the last seeded exemplars that a person rated since they were qualified."""
    since = standing_at(person_id, gate.rubric_key).since
    rows = comparisons(person_id, gate.rubric_key, AssignmentRole.SEEDED)
    if since is not None:
        rows = rows.where(Comparison.compared_at >= since)
    return list(db.session.scalars(rows.limit(gate.seed_window)))


def _suspend(person_id: str, gate: Gate, judgement: Judgement) -> None:
    in_doubt_since = _in_doubt_since(person_id, gate)
    people.lock_learners(_learners(person_id, gate.rubric_key, in_doubt_since))
    row = qualification_of(person_id, gate)
    row.state, row.because = QualificationState.SUSPENDED, "seeds"
    row.since, row.retry_at = clock.now(), None
    _free_places(person_id, gate.rubric_key)
    for rating in list(db.session.scalars(_recent(person_id, gate.rubric_key, in_doubt_since))):
        _put_back(rating)
    db.session.flush()
    chain = audit.institution_chain(gate.institution_id)
    figures = judgement_to_text(judgement)
    audit.record(
        chain, "assessor suspended", WATCHER, person_id, rubric=gate.rubric_key, figures=figures
    )
    tell_suspended(person_id, gate.rubric_key)


def _in_doubt_since(person_id: str, gate: Gate) -> datetime:
    """Return since when ratings are in doubt: the last good exemplar, or thirty days."""
    bar = seed_bar(gate)
    rows = comparisons(person_id, gate.rubric_key, AssignmentRole.SEEDED)
    for each in db.session.scalars(rows.limit(gate.seed_window)):
        if compared(each).is_good(bar):
            return each.compared_at
    return clock.now() - IN_DOUBT


def _theirs(person_id: str, rubric_key: str) -> Select[RatingRow]:
    return (
        select(RatingRow)
        .join(Assignment, RatingRow.assignment_id == Assignment.id)
        .where(
            RatingRow.person_id == person_id,
            Assignment.rubric_key == rubric_key,
            RatingRow.role.in_(COUNTED),
        )
    )


def _learners(person_id: str, rubric_key: str, since: datetime) -> Iterator[str]:
    """Yield the learners whose work a person rated lately, or may be just releasing."""
    theirs = _theirs(person_id, rubric_key).with_only_columns(RatingRow.learner_id)
    held = Assignment.state == AssignmentState.OPEN
    yield from db.session.scalars(theirs.where((RatingRow.released_at >= since) | held).distinct())


def _recent(person_id: str, rubric_key: str, since: datetime) -> Select[RatingRow]:
    return (
        _theirs(person_id, rubric_key)
        .where(
            RatingRow.released_at >= since,
            RatingRow.id.not_in(select(RatingVoid.rating_id)),
        )
        .order_by(RatingRow.id)
        .execution_options(populate_existing=True)
    )


def _free_places(person_id: str, rubric_key: str) -> None:
    """Give back what a person holds; what they typed is kept for them, and counts for nothing.

    Exemplars among it, which were meant for nobody else, end with it: one that stayed would tell.
    """
    held = (
        update(Assignment)
        .where(
            Assignment.person_id == person_id,
            Assignment.rubric_key == rubric_key,
            Assignment.state == AssignmentState.OPEN,
        )
        .execution_options(synchronize_session="fetch")
    )
    live = held.where(Assignment.role.in_(COUNTED | {AssignmentRole.READ_BEHIND}))
    db.session.execute(live.values(person_id=None, leased_until=clock.now()))
    seeds = held.where(Assignment.role == AssignmentRole.SEEDED)
    closed = {"state": AssignmentState.CLOSED, "closed_because": Closing.SUSPENDED}
    db.session.execute(seeds.values(**closed))


def _put_back(rating: RatingRow) -> None:
    """Have a rating in doubt made again, or, where it led to a result, looked at by somebody."""
    key = (rating.learner_id, rating.performance_id)
    performance = db.session.get_one(Performance, key, populate_existing=True)
    if performance.state == PerformanceState.WITHDRAWN:
        return
    is_resolved = performance.state == PerformanceState.RESOLVED
    if is_resolved:
        asked = tuple(each.key for each in policy_of(performance.task).shown)
        open_places(performance, AssignmentRole.READ_BEHIND, 1, asked)
    else:
        void_rating(rating, REASON, WATCHER)
    hurry(performance.id, RISK)
    _note(rating, performance, is_resolved)


def _note(rating: RatingRow, performance: Performance, is_resolved: bool) -> None:
    insert_once(
        SuspensionEffect,
        rating_id=rating.id,
        institution_id=performance.task.institution_id,
        learner_id=rating.learner_id,
        performance_id=performance.id,
        person_id=rating.person_id,
        rubric_key=rating.assignment.rubric_key,
        is_voided=not is_resolved,
        assignment_id=_look(performance) if is_resolved else None,
        noted_at=clock.now(),
    )


def _look(performance: Performance) -> str | None:
    """Return the place on which somebody looks again at a result."""
    opened = places_of(performance, {AssignmentRole.READ_BEHIND})
    waiting = [each.id for each in opened if each.state == AssignmentState.OPEN]
    return max(waiting, default=None)
