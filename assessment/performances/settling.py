"""When something is said of a performance: resolve all that stands, and let follow what must."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Select, select

import rubrics
from assessment.access import Actor, system
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.jobs import service as jobs
from assessment.observations import service as observations
from assessment.people import service as people
from assessment.performances.concluding import conclude, is_final, is_undone
from assessment.performances.ending import end_for_good
from assessment.performances.losing import falls, is_open_again, loss_of, next_step
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
from assessment.performances.notices import (
    tell_counts_no_more,
    tell_does_not_count,
    tell_more_evidence,
)
from assessment.performances.observed import Observed, observed
from assessment.performances.outcomes import outcome_to_text
from assessment.performances.places import close_free, close_places, open_places
from assessment.performances.publishing import policy_of
from assessment.performances.seen_so_far import seen_so_far

ROLES = {
    AssignmentRole.ASSESSOR: rubrics.Role.ASSESSOR,
    AssignmentRole.THIRD: rubrics.Role.ASSESSOR,
    AssignmentRole.ADJUDICATOR: rubrics.Role.ADJUDICATOR,
    AssignmentRole.REVIEWER: rubrics.Role.REVIEWER,
}
INDEPENDENT = frozenset({AssignmentRole.ASSESSOR, AssignmentRole.THIRD})
DECIDING = frozenset({AssignmentRole.ADJUDICATOR})
CALLED = {
    rubrics.Cause.ASSESSORS: INDEPENDENT,
    rubrics.Cause.DISCREPANCY: INDEPENDENT,
    rubrics.Cause.SEEN_BY_SOME: INDEPENDENT,
    rubrics.Cause.UNSETTLED: DECIDING,
    rubrics.Cause.SAFETY_DIVIDED: DECIDING,
    rubrics.Cause.OBSERVER_BELOW: DECIDING,
}
"""The roles in which somebody may remove a reason why there is no result."""
SETTLE_AGAIN = "performances.settle_again"
IN_PROGRESS = frozenset({PerformanceState.SUBMITTED, PerformanceState.IN_MARKING})
CONCLUDED = PerformanceState.RESOLVED


def released(performance: Performance) -> list[RatingRow]:
    """Return the released ratings that make a performance's result, in the order of their ids.

    None that was set aside, none of somebody who only looks again. Ids are made when a place is
    taken, so that the order says nothing of who released first.
    """
    rows = _standing().filter_by(performance_id=performance.id)
    return list(db.session.scalars(rows.order_by(RatingRow.id)))


def _standing() -> Select[RatingRow]:
    return select(RatingRow).where(
        RatingRow.released_at.is_not(None),
        RatingRow.role.in_(COUNTED),
        RatingRow.id.not_in(select(RatingVoid.rating_id)),
    )


def settle(performance: Performance, actor: Actor) -> None:
    """Let what stands of a locked learner's performance have what follows from it.

    Of one that is not handed in, or was withdrawn, nothing follows. The evidence of one that was
    concluded counts while what stands makes a result; where it does no longer, it is open again,
    unless somebody set it aside for good.
    """
    if performance.state not in IN_PROGRESS | {CONCLUDED}:
        return
    if is_final(performance):
        end_for_good(performance, actor)
        return
    policy, given = policy_of(performance.task), released(performance)
    seen = observed(performance, policy)
    resolution = _resolve(performance, policy, given, seen)
    text = outcome_to_text(resolution, _basis(given, seen))
    if isinstance(resolution, rubrics.Resolved):
        close_places(performance, Closing.RESOLVED, COUNTED - {AssignmentRole.REVIEWER})
        conclude(performance, resolution, text, given, actor)
    elif performance.state != CONCLUDED:
        _note(performance, given, text)
        _go_on(performance, resolution, policy, actor)
        if performance.state == PerformanceState.MORE_EVIDENCE:
            tell_more_evidence(performance)
        elif is_undone(performance):
            _tell_loss(performance)
        _tell_what_is_flagged(performance)
    elif falls(performance, actor):
        _begin_again(performance, resolution, text, policy, actor)
    db.session.flush()


def _tell_what_is_flagged(performance: Performance) -> None:
    """Let the learner know what does not count, where that leaves one short, once it is told."""
    so_far = seen_so_far(performance)
    if not (so_far.is_told and so_far.missing):
        return
    for each in observations.observations_of(performance.learner_id, performance.id):
        if not each.counts and not each.is_void:
            tell_does_not_count(performance, each.id)


def _begin_again(
    performance: Performance,
    outcome: rubrics.Unresolved,
    text: str,
    policy: rubrics.Policy,
    actor: Actor,
) -> None:
    """Let what has to be done again be done, and its learner know of it."""
    if is_open_again(performance, actor):
        performance.outcome = text
    _go_on(performance, outcome, policy, actor)
    _tell_loss(performance)


def _tell_loss(performance: Performance) -> None:
    """Let the learner know what comes next of a result that fell, once for each thing that may."""
    loss = loss_of(performance)
    tell_counts_no_more(performance, loss, lambda: next_step(loss))


def _resolve(
    performance: Performance,
    policy: rubrics.Policy,
    given: Iterable[RatingRow],
    seen: Iterable[Observed],
) -> rubrics.Resolution:
    ratings = [*_as_ratings(given), *(each.rating for each in seen)]
    return rubrics.resolve(ratings, policy, _asked(performance))


def resolution_without(performance: Performance, said_id: str) -> rubrics.Resolution:
    """Return what would come of it if one rating, or observation, did not count; writes nothing."""
    policy = policy_of(performance.task)
    given = [each for each in released(performance) if each.id != said_id]
    seen = [each for each in observed(performance, policy) if each.id != said_id]
    return _resolve(performance, policy, given, seen)


def unrated(performance: Performance) -> tuple[str, ...]:
    """Return the criteria that too few have rated: where a rating was set aside meanwhile."""
    policy = policy_of(performance.task)
    outcome = _resolve(performance, policy, released(performance), observed(performance, policy))
    if isinstance(outcome, rubrics.NeedsRating) and outcome.needs_assessors:
        return outcome.criteria
    return ()


def _basis(given: Iterable[RatingRow], seen: Iterable[Observed]) -> list[str]:
    """Return the ids of all that a result rests on."""
    return [*(each.id for each in given), *(each.id for each in seen)]


def _note(performance: Performance, given: Iterable[RatingRow], text: str) -> None:
    """Keep what is known so far."""
    performance.outcome = text
    if any(each.round == performance.round for each in given):
        performance.state = PerformanceState.IN_MARKING


@dataclass(frozen=True)
class _Marks:
    """The criteria that a rating still speaks for."""

    row: RatingRow
    marks: dict[str, str | None]


def _as_ratings(rows: Iterable[RatingRow]) -> Iterator[rubrics.Rating]:
    for each in _latest(rows):
        yield rubrics.Rating(
            rater=each.row.person_id,
            role=ROLES[AssignmentRole(each.row.role)],
            marks=each.marks,
            round=each.row.round,
        )


def _latest(rows: Iterable[RatingRow]) -> Iterator[_Marks]:
    """Yield each rating; of several reviewers in one round, the last word on each criterion."""
    reviewed: set[tuple[int, str]] = set()
    for row in sorted(rows, key=lambda each: (each.released_at, each.id), reverse=True):
        if row.role != AssignmentRole.REVIEWER:
            yield _Marks(row, dict(row.marks))
            continue
        seen = {key: mark for key, mark in row.marks.items() if mark is not None}
        new = {key: mark for key, mark in seen.items() if (row.round, key) not in reviewed}
        reviewed |= {(row.round, key) for key in new}
        if new:
            yield _Marks(row, new)


def _asked(performance: Performance) -> dict[str, int]:
    """Return the last round in which assessors were asked about each criterion."""
    rows = select(Assignment.criteria, Assignment.round).where(
        Assignment.performance_id == performance.id,
        Assignment.role.in_((AssignmentRole.ASSESSOR, AssignmentRole.THIRD)),
        Assignment.state != AssignmentState.CLOSED,
    )
    asked: dict[str, int] = {}
    for criteria, number in db.session.execute(rows):
        asked |= {key: max(number, asked.get(key, 0)) for key in criteria}
    return asked


def _go_on(
    performance: Performance, outcome: rubrics.Unresolved, policy: rubrics.Policy, actor: Actor
) -> None:
    """Open the places that are called for, and close the others; observers are waited for."""
    _close_others(performance, outcome)
    match outcome:
        case rubrics.NeedsRating():
            number = outcome.needs_assessors
            open_places(performance, AssignmentRole.ASSESSOR, number, outcome.criteria)
        case rubrics.NeedsThirdRater():
            asked = _asked_in(performance, outcome.criteria, policy)
            open_places(performance, AssignmentRole.THIRD, 1, asked)
        case rubrics.NeedsAdjudication():
            open_places(performance, AssignmentRole.ADJUDICATOR, 1, outcome.criteria)
        case rubrics.MoreEvidence() if outcome.criteria and performance.state != CONCLUDED:
            _ask_for_more(performance, actor)


def _close_others(performance: Performance, outcome: rubrics.Unresolved) -> None:
    """Close the places that nothing calls for: free ones now, and others when their time is up."""
    called = {role for each in outcome.reasons for role in CALLED.get(each.cause, ())}
    others = COUNTED - {AssignmentRole.REVIEWER} - called
    held_until = close_free(performance, others)
    if held_until is not None:
        key = {"learner_id": performance.learner_id, "performance_id": performance.id}
        once = f"{SETTLE_AGAIN}:{performance.id}:{held_until.isoformat()}"
        jobs.enqueue(SETTLE_AGAIN, key, once_key=once, run_at=held_until)


def settle_again(learner_id: str, performance_id: str) -> None:
    """Close what was somebody's when nothing called for it any more."""
    people.lock_learner(learner_id)
    key = (learner_id, performance_id)
    settle(db.session.get_one(Performance, key, populate_existing=True), system("worker"))


def _asked_in(
    performance: Performance, disputed: Iterable[str], policy: rubrics.Policy
) -> tuple[str, ...]:
    """Return what a further rater is asked: all of this round, not to tell what is in dispute."""
    rounds = _asked(performance)
    last = {key for key, number in rounds.items() if number == performance.round}
    wanted = last if set(disputed) <= last else set(disputed)
    return tuple(each.key for each in policy.shown if each.key in wanted)


def _ask_for_more(performance: Performance, actor: Actor) -> None:
    """Ask the learner for more; no rating is due until they hand it in again.

    An appeal that runs goes on: it is about what was handed in.
    """
    close_places(
        performance, Closing.MORE_EVIDENCE, set(AssignmentRole) - {AssignmentRole.REVIEWER}
    )
    performance.state = PerformanceState.MORE_EVIDENCE
    performance.round += 1
    chain = audit.learner_chain(performance.learner_id)
    audit.record(chain, "more evidence asked for", actor, performance.id)
