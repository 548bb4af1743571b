"""Whether the result of a performance still counts, and what its learner may expect if not."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select

from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.performances.concluding import FALLEN, resolutions_of
from assessment.performances.models import (
    COUNTED,
    Assignment,
    AssignmentState,
    Performance,
    PerformanceState,
)


class Loss(StrEnum):
    """Why a result counts no more."""

    NONE = ""
    LOOKED_AT = "looked at"
    """Something that it rested on was set aside, and somebody looks at the work again."""
    UNHELD = "unheld"
    """So it was, and what is left makes no result: nobody is awaited."""
    SET_ASIDE = "set aside"
    """The institution set the result itself aside."""


def loss_of(performance: Performance) -> Loss:
    """Return why the result of a performance counts no more; NONE where it does, or is none."""
    if performance.state != PerformanceState.RESOLVED:
        return Loss.NONE
    for last in resolutions_of(performance)[-1:]:
        reason = evidence.void_reason(last.learner_id, last.evidence_id or "")
        if reason == FALLEN:
            return Loss.LOOKED_AT if _is_awaited(performance) else Loss.UNHELD
        if reason is not None:
            return Loss.SET_ASIDE
    return Loss.NONE


def _is_awaited(performance: Performance) -> bool:
    waiting = select(Assignment.id).where(
        Assignment.learner_id == performance.learner_id,
        Assignment.performance_id == performance.id,
        Assignment.state == AssignmentState.OPEN,
        Assignment.role.in_(COUNTED),
    )
    return db.session.scalar(waiting.limit(1)) is not None
