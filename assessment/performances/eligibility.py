"""Who may take what: free, theirs to rate by institution, and no part of theirs in it before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, true
from sqlalchemy.orm import aliased

from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.people.models import Person
from assessment.performances.models import (
    COUNTED,
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    RatingRow,
    TaskPartner,
)
from assessment.performances.skips import not_skipped

OFFERED = (*COUNTED, AssignmentRole.READ_BEHIND)
"""The roles of places that wait for anybody; the others are made for one person."""
FRESH = (AssignmentRole.REVIEWER, AssignmentRole.READ_BEHIND)
"""The roles of those who have had no part in a performance before."""


@dataclass(frozen=True)
class Choice:
    """What of the queue an assessor asks for; None for any."""

    rubric_key: str | None = None
    language: str | None = None
    task_key: str | None = None


@dataclass(frozen=True)
class Who:
    """Who asks, and when; values, or the places for them in a statement that is kept."""

    person: Any
    learner: Any
    own: Any
    seen: Any
    moment: Any

    @property
    def values(self) -> dict[str, Any]:
        """The values, by the names of their places."""
        return vars(self)

    @classmethod
    def bound(cls) -> Who:
        """Return the places for the values."""
        return cls(
            person=bindparam("person"),
            learner=bindparam("learner"),
            own=bindparam("own", expanding=True),
            seen=bindparam("seen", expanding=True),
            moment=bindparam("moment"),
        )


def who_is(actor: Actor) -> Who:
    """Return who asks, now."""
    return Who(
        person=actor.person_id or "",
        learner=actor.learner_id or "",
        own=sorted(institutions_for(actor, Action.ASSESS)),
        seen=_seen_by(actor),
        moment=clock.now(),
    )


def _seen_by(actor: Actor) -> list[str]:
    """Return the performances that the actor has observed, and so does not rate."""
    person = db.session.get(Person, actor.person_id or "")
    if person is None:
        return []
    return list(db.session.scalars(observations.performances_seen_by(person)))


def may_take(actor: Actor, choice: Choice) -> ColumnElement[bool]:
    """Return the condition that an assignment is free, and the actor has no part in it."""
    who, task_key = who_is(actor), choice.task_key
    task = with_performance(Performance.task_key == task_key) if task_key else true()
    return and_(is_free(who), own_or_lent(who), task)


def is_free(who: Who) -> ColumnElement[bool]:
    """Return the condition that an assignment waits for anybody, and they have no part in it."""
    return and_(
        waits(who.moment),
        Assignment.role.in_(OFFERED),
        Assignment.learner_id != who.learner,
        ~_has_part(who),
        not_skipped(who.person),
        Assignment.performance_id.not_in(who.seen),
    )


def waits(moment: Any) -> ColumnElement[bool]:
    """Return the condition that nobody has an assignment, and it is still to be rated."""
    return and_(Assignment.state == AssignmentState.OPEN, Assignment.leased_until <= moment)


def _has_part(who: Who) -> ColumnElement[bool]:
    """Return whether somebody has rated the performance already, so far as that matters.

    Nobody rates a round twice, nor settles what they have rated; whoever looks again on appeal, or
    behind a result, has rated nothing of it at all.
    """
    other = aliased(Assignment)
    adjudicates, judged = (each.role == AssignmentRole.ADJUDICATOR for each in (Assignment, other))
    matters = or_(
        other.round == Assignment.round, judged != adjudicates, Assignment.role.in_(FRESH)
    )
    rating = exists().where(
        RatingRow.performance_id == Assignment.performance_id,
        RatingRow.person_id == who.person,
        RatingRow.assignment_id != Assignment.id,
        Assignment.role.in_(FRESH),
    )
    place = exists().where(
        other.performance_id == Assignment.performance_id,
        other.person_id == who.person,
        other.id != Assignment.id,
        matters,
    )
    return or_(place, rating)


def own_or_lent(who: Who) -> ColumnElement[bool]:
    """Return whether an assignment is of an institution of theirs, or lent to one by name."""
    lent = with_performance(
        exists().where(
            TaskPartner.task_id == Performance.task_id, TaskPartner.institution_id.in_(who.own)
        )
    )
    return or_(Assignment.institution_id.in_(who.own), and_(Assignment.is_shared, lent))


def with_performance(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that something holds of an assignment's performance."""
    return exists().where(
        Performance.learner_id == Assignment.learner_id,
        Performance.id == Assignment.performance_id,
        condition,
    )
