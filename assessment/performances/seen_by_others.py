"""What somebody who rates is told of those who saw the work: the circumstances, never a mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from assessment.observations import service as observations
from assessment.observations.models import Relationship, Sign
from assessment.performances.models import Assignment, AssignmentRole, AssignmentState
from assessment.performances.qualifications import gate_of

LIKE_EXEMPLARS = frozenset({AssignmentRole.ASSESSOR, AssignmentRole.THIRD})
"""The roles for which an exemplar may stand in, where a gate has seeds: nothing may tell it."""
OF_EXEMPLARS = frozenset(
    {AssignmentRole.TRAINING, AssignmentRole.QUALIFYING, AssignmentRole.SEEDED}
)


@dataclass(frozen=True)
class Circumstance:
    """How somebody came to see the work: no name, no level and no comment."""

    number: int
    days: tuple[date, ...]
    relationship: Relationship
    signs: tuple[Sign, ...]
    counts: bool
    is_capped: bool
    note: str
    received_at: datetime


def circumstances_for(assignment: Assignment) -> tuple[Circumstance, ...]:
    """Return what whoever holds a place is told of the observers; nothing once it is over.

    Nor where exemplars are handed out among live work: that somebody saw it would tell which is.
    """
    if assignment.state != AssignmentState.OPEN or not _may_be_told(assignment):
        return ()
    key = (assignment.learner_id, assignment.performance_id)
    return tuple(_circumstance(each) for each in observations.seeings_of(*key))


def _may_be_told(assignment: Assignment) -> bool:
    if assignment.role in OF_EXEMPLARS:
        return False
    gate = gate_of(assignment.rubric_key) if assignment.role in LIKE_EXEMPLARS else None
    return gate is None or not gate.seed_share


def _circumstance(seeing: observations.Seeing) -> Circumstance:
    return Circumstance(
        number=seeing.number,
        days=tuple(map(date.fromisoformat, seeing.days)),
        relationship=seeing.relationship,
        signs=seeing.signs,
        counts=seeing.counts,
        is_capped=seeing.is_capped,
        note=seeing.note,
        received_at=seeing.received_at,
    )
