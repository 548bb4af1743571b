"""What an assessor has skipped is never offered to them again."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, select

from assessment.performances.models import Assignment, Skip


class SkipReason(StrEnum):
    """Why somebody does not rate a performance."""

    CONFLICT = "conflict of interest"
    LANGUAGE = "not my language"
    UNREADABLE = "cannot be opened"
    OTHER = "other"


def not_skipped(person_id: ColumnElement[str] | str) -> ColumnElement[bool]:
    """Return whether an assignment may be offered: not skipped, nor by a learner whom one knows."""
    own = select(Skip).where(Skip.person_id == person_id)
    known = own.where(Skip.reason == SkipReason.CONFLICT)
    return and_(
        Assignment.performance_id.not_in(own.with_only_columns(Skip.performance_id)),
        Assignment.learner_id.not_in(known.with_only_columns(Skip.learner_id)),
    )
