"""Whether the result of a performance still counts, and what its learner may expect if not."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from assessment.access import Actor
from assessment.audit import service as audit
from assessment.evidence import service as evidence
from assessment.evidence.service import VoidCause
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.observations.models import ObservationVoid
from assessment.performances.concluding import cause_of, is_undone, let_fall, resolutions_of
from assessment.performances.models import (
    COUNTED,
    ENDED,
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    PerformanceState,
    RatingRow,
    RatingVoid,
    ResolutionRow,
)
from assessment.performances.outcomes import outcome_from_text


class Loss(StrEnum):
    """Why a result counts no more, and what comes of it."""

    NONE = ""
    LOOKED_AT = "looked at"
    """Something that it rested on was set aside, and somebody looks at the work again."""
    WANTS_EVIDENCE = "wants evidence"
    """So it was, and the learner is asked to show more."""
    WANTS_OBSERVER = "wants observer"
    """So it was, and somebody who saw the work is missing."""
    ELSEWHERE = "elsewhere"
    """So it was, and the learner had begun the task anew: that goes on, and this does not."""
    UNHELD = "unheld"
    """So it was, and this is over: nobody is awaited."""
    SET_ASIDE = "set aside"
    """The institution set the result itself aside, which is final for this work."""


NO_ATTEMPT = frozenset({Loss.ELSEWHERE, Loss.UNHELD})
"""What is over, and lost its result through others."""


def was_attempt(performance: Performance) -> bool:
    """Return whether a performance that is over counts as an attempt.

    It does not where its result fell through others; it does where somebody rated it again after
    that, or where an observer whom its learner named was denied.
    """
    return loss_of(performance) not in NO_ATTEMPT or not fell_through_others(performance)


def fell_through_others(performance: Performance) -> bool:
    """Return whether a result fell, its learner had no part in that, and nobody rated it since."""
    if not is_undone(performance):
        return False
    last = resolutions_of(performance)[-1]
    return not _was_rated_since(last) and not _rested_on_denied(last)


def _was_rated_since(fallen: ResolutionRow) -> bool:
    fell_at = evidence.voided_at(fallen.learner_id, fallen.evidence_id or "")
    rows = select(RatingRow.id).where(
        RatingRow.learner_id == fallen.learner_id,
        RatingRow.performance_id == fallen.performance_id,
        RatingRow.role.in_(COUNTED),
        RatingRow.released_at > fell_at,
        RatingRow.id.not_in(select(RatingVoid.rating_id)),
    )
    return db.session.scalar(rows.limit(1)) is not None


def _rested_on_denied(fallen: ResolutionRow) -> bool:
    rows = select(ObservationVoid.observation_id).where(
        ObservationVoid.learner_id == fallen.learner_id,
        ObservationVoid.observation_id.in_(outcome_from_text(fallen.outcome).ratings),
    )
    return db.session.scalar(rows.limit(1)) is not None


def ended_at(performance: Performance) -> datetime | None:
    """Return when a performance ended: one that fell through others did as it was concluded."""
    if was_attempt(performance):
        return performance.ended_at
    return resolutions_of(performance)[-1].resolved_at


def next_step(loss: Loss) -> str:
    """Return what a learner can do, in the page's language; "" where there is nothing to say."""
    steps = {
        Loss.LOOKED_AT: _("You need to do nothing: we write to you when there is a new result."),
        Loss.WANTS_EVIDENCE: _("Add what is missing, and hand it in again."),
        Loss.WANTS_OBSERVER: _(
            "Name somebody else who saw you do it. What the assessors found stays."
        ),
        Loss.ELSEWHERE: _("You have begun this task anew meanwhile: go on there."),
        Loss.UNHELD: _("You can show your work anew."),
        Loss.SET_ASIDE: _("That is final for this work. You can begin anew, and show other work."),
    }
    return steps.get(loss, "")


def loss_of(performance: Performance) -> Loss:
    """Return why the result of a performance counts no more; NONE where it does, or is none."""
    if performance.state == PerformanceState.DRAFT:
        return Loss.NONE
    for last in resolutions_of(performance)[-1:]:
        cause = cause_of(last)
        if cause == VoidCause.FALLEN:
            return _of_fallen(performance)
        if cause is not None:
            return Loss.SET_ASIDE
    return Loss.NONE


def _of_fallen(performance: Performance) -> Loss:
    if performance.state == PerformanceState.WITHDRAWN:
        return Loss.UNHELD
    if performance.state == PerformanceState.MORE_EVIDENCE:
        return Loss.WANTS_EVIDENCE
    if _is_awaited(performance):
        return Loss.LOOKED_AT
    if performance.state != PerformanceState.RESOLVED:
        return Loss.WANTS_OBSERVER
    return Loss.UNHELD if other_under_way(performance) is None else Loss.ELSEWHERE


def _is_awaited(performance: Performance) -> bool:
    """Return whether somebody is to rate it again; one criterion on appeal is another matter."""
    waiting = select(Assignment.id).where(
        Assignment.learner_id == performance.learner_id,
        Assignment.performance_id == performance.id,
        Assignment.state == AssignmentState.OPEN,
        Assignment.role.in_(COUNTED - {AssignmentRole.REVIEWER}),
    )
    return db.session.scalar(waiting.limit(1)) is not None


def other_under_way(performance: Performance) -> Performance | None:
    """Return another performance of the same task that its learner has under way; or None."""
    others = select(Performance).where(
        Performance.learner_id == performance.learner_id,
        Performance.task_key == performance.task_key,
        Performance.state.not_in(ENDED),
        Performance.id != performance.id,
    )
    return db.session.scalars(others).first()


def falls(performance: Performance, actor: Actor) -> bool:
    """Return whether a conclusion that nothing holds up any more fell: its evidence counts no more.

    What a registrar set aside is not brought back, nor looked at again.
    """
    let_fall(performance, actor)
    return is_undone(performance)


def is_open_again(performance: Performance, actor: Actor) -> bool:
    """Return whether a performance whose result fell is open again, from now on.

    It is not where its learner has begun another: only one can be under way.
    """
    if other_under_way(performance) is not None:
        return False
    performance.state, performance.ended_at = PerformanceState.IN_MARKING, None
    db.session.flush()
    chain = audit.learner_chain(performance.learner_id)
    audit.record(chain, "performance opened again", actor, performance.id)
    return True
