"""Who may take what: free, theirs to rate by institution, and no part of theirs in it before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    exists,
    literal,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy.orm import aliased

from assessment import clock
from assessment.access import Action, Actor, ActorKind, institutions_for
from assessment.observations import service as observations
from assessment.performances.models import (
    COUNTED,
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    RatingRow,
    RatingVoid,
    TaskPartner,
)
from assessment.performances.skips import not_skipped
from assessment.performances.trust_models import KeptBack

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
    mailbox: Any
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
            mailbox=bindparam("mailbox"),
            moment=bindparam("moment"),
        )


def who_is(actor: Actor, email: str) -> Who:
    """Return who asks, now; `email` is their address."""
    return Who(
        person=actor.person_id or "",
        learner=actor.learner_id or "",
        own=sorted(institutions_for(actor, Action.ASSESS)),
        mailbox=observations.known_by(email),
        moment=clock.now(),
    )


def may_take(actor: Actor, email: str) -> ColumnElement[bool]:
    """Return the condition that an assignment is free, and the actor has no part in it."""
    who = who_is(actor, email)
    return and_(is_free(who), own_or_lent(who))


def is_free(who: Who) -> ColumnElement[bool]:
    """Return the condition that an assignment waits for anybody, and they have no part in it."""
    return and_(
        waits(who.moment),
        _is_offered(who),
        has_no_part(who),
        Assignment.performance_id.not_in(_kept_back(who)),
    )


def has_no_part(who: Who) -> ColumnElement[bool]:
    """Return the condition that it is not theirs, and they had no part in it.

    They have not rated, skipped or seen it, nor set aside what somebody else said of it.
    """
    return and_(
        Assignment.learner_id != who.learner,
        ~_has_part(who),
        not_skipped(who.person),
        Assignment.performance_id.not_in(
            observations.performances_seen_by(who.person, who.mailbox, who.moment)
        ),
        Assignment.performance_id.not_in(_ruled_on_by(who)),
    )


def _ruled_on_by(who: Who) -> CompoundSelect[str]:
    """Return the work of which somebody set aside what others said: they do not rate it then."""
    voider = literal(f"{ActorKind.PERSON}:") + who.person
    of_ratings = (
        select(RatingRow.performance_id)
        .join(RatingVoid, RatingVoid.rating_id == RatingRow.id)
        .where(RatingVoid.voided_by == voider)
    )
    return union(of_ratings, observations.performances_ruled_on_by(voider))


def _is_offered(who: Who) -> ColumnElement[bool]:
    """Return whether a place is anybody's, or an exemplar that was given to them among live work:
    once their time for it has run out, it waits for them as any other place does."""
    own = and_(
        has_role(Assignment.role, (AssignmentRole.SEEDED,)), Assignment.person_id == who.person
    )
    return or_(has_role(Assignment.role, OFFERED), own)


def _kept_back(who: Who) -> Select[str]:
    """Return the work in whose stead somebody was given an exemplar lately."""
    return select(KeptBack.performance_id).where(
        KeptBack.person_id == who.person, KeptBack.until > who.moment
    )


def has_role(column: Any, roles: Iterable[AssignmentRole]) -> ColumnElement[bool]:
    """Return whether a role is one of these, which are part of the statement: listed as values,
    they would be spelt out anew each time that it is sent."""
    found: ColumnElement[bool] = column.in_([literal_column(f"'{each}'") for each in sorted(roles)])
    return found


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
        other.round == Assignment.round, judged != adjudicates, has_role(Assignment.role, FRESH)
    )
    rating = exists().where(
        RatingRow.performance_id == Assignment.performance_id,
        RatingRow.person_id == who.person,
        RatingRow.assignment_id != Assignment.id,
        has_role(Assignment.role, FRESH),
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
