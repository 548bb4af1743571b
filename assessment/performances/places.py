"""Places to rate a performance: opened as its policy asks, closed when nobody is needed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from assessment import clock
from assessment.extensions import db
from assessment.ids import new_id
from assessment.performances.models import (
    COUNTED,
    Assignment,
    AssignmentRole,
    AssignmentState,
    Closing,
    Performance,
)
from assessment.performances.notices import work_waits
from assessment.performances.partners import is_short_of_own
from assessment.performances.publishing import handling_of
from assessment.upsert import insert_once

FORWARD_BY_RISK = timedelta(days=30)
"""How far each step of risk puts a place forward in the queue."""
MOST_RISK = 1_000
_KIN = {
    AssignmentRole.ASSESSOR: frozenset({AssignmentRole.ASSESSOR, AssignmentRole.THIRD}),
    AssignmentRole.THIRD: frozenset({AssignmentRole.ASSESSOR, AssignmentRole.THIRD}),
}
"""Roles that stand in for each other: what is asked of them is the same."""


def open_places(
    performance: Performance, role: AssignmentRole, number: int, criteria: Sequence[str]
) -> None:
    """Open places until so many are open in this round; the caller has locked the learner."""
    opened = places_of(performance, _KIN.get(role, {role}))
    missing = number - sum(_is_open(each, performance) for each in opened)
    if missing <= 0:
        return
    taken = [each.slot for each in opened if each.role == role and each.round == performance.round]
    is_shared = is_short_of_own(performance, missing)
    for slot in range(1 + max(taken, default=0), 1 + max(taken, default=0) + missing):
        _open(performance, role, slot, criteria, is_shared)
    work_waits(performance.task.institution_id, performance.task.rubric.key)


def _is_open(place: Assignment, performance: Performance) -> bool:
    return place.state == AssignmentState.OPEN and place.round == performance.round


def places_of(performance: Performance, roles: Collection[AssignmentRole]) -> list[Assignment]:
    """Return the places of a performance in these roles, of all rounds."""
    rows = select(Assignment).where(
        Assignment.performance_id == performance.id, Assignment.role.in_(roles)
    )
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def _open(
    performance: Performance,
    role: AssignmentRole,
    slot: int,
    criteria: Sequence[str],
    is_shared: bool,
) -> None:
    moment = clock.now()
    due_at = moment + timedelta(days=handling_of(performance.task).turn_around_days)
    insert_once(
        Assignment,
        id=new_id(),
        learner_id=performance.learner_id,
        performance_id=performance.id,
        institution_id=performance.task.institution_id,
        round=performance.round,
        role=role,
        slot=slot,
        criteria=list(criteria),
        rubric_key=performance.task.rubric.key,
        language=performance.submissions[-1].language if performance.submissions else "",
        state=AssignmentState.OPEN,
        risk=0,
        turn_at=due_at,
        is_shared=is_shared,
        waiting_since=moment,
        due_at=due_at,
        closed_because=Closing.OPEN,
        leased_until=moment,
    )


def close_places(
    performance: Performance,
    because: Closing = Closing.WITHDRAWN,
    roles: Collection[AssignmentRole] = tuple(AssignmentRole),
) -> None:
    """Close what is still open in these roles: nobody is to rate this any more."""
    db.session.execute(
        update(Assignment)
        .where(
            Assignment.performance_id == performance.id,
            Assignment.state == AssignmentState.OPEN,
            Assignment.role.in_(roles),
        )
        .values(state=AssignmentState.CLOSED, closed_because=because)
        .execution_options(synchronize_session="fetch")
    )


def close_free(performance: Performance, roles: Collection[AssignmentRole]) -> datetime | None:
    """Close what nobody has of the places in these roles, and return until when others have theirs.

    Whoever has one may release it until then; None where nobody does.
    """
    moment = clock.now()
    opened = [each for each in places_of(performance, roles) if each.state == AssignmentState.OPEN]
    for each in opened:
        if each.leased_until <= moment:
            each.state, each.closed_because = AssignmentState.CLOSED, Closing.NOT_CALLED
    db.session.flush()
    return max((each.leased_until for each in opened if each.leased_until > moment), default=None)


def hurry(performance_id: str, risk: int) -> None:
    """Put what is open of a performance forward in the queue, if its risk is less as yet."""
    risk = min(risk, MOST_RISK)
    rows = select(Assignment).where(
        Assignment.performance_id == performance_id,
        Assignment.state == AssignmentState.OPEN,
        Assignment.risk < risk,
    )
    for each in db.session.scalars(rows):
        each.risk = risk
        each.turn_at = each.due_at - risk * FORWARD_BY_RISK
    db.session.flush()


def expected_at(performance: Performance) -> datetime | None:
    """Return when the ratings that are awaited are due, the last of them; None for none."""
    rows = select(func.max(Assignment.due_at)).where(
        Assignment.performance_id == performance.id,
        Assignment.state == AssignmentState.OPEN,
        Assignment.role.in_(COUNTED),
    )
    return db.session.scalar(rows)
