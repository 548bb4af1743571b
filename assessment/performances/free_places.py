"""What an assessor may take: in the order in which it is due, by what they may and want to rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true, union_all
from sqlalchemy.orm import aliased

from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.extensions import db
from assessment.languages import LANGUAGES
from assessment.observations import service as observations
from assessment.people.models import Person
from assessment.performances.models import (
    COUNTED,
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    RatingRow,
    RubricVersion,
    Task,
    TaskPartner,
)
from assessment.performances.partners import lenders_to
from assessment.performances.qualifications import closed_rubrics
from assessment.performances.skips import not_skipped

OFFERED = (*COUNTED, AssignmentRole.READ_BEHIND)
"""The roles of places that wait for anybody; the others are made for one person."""
FRESH = (AssignmentRole.REVIEWER, AssignmentRole.READ_BEHIND)
"""The roles of those who have had no part in a performance before."""
MOST_POOLS = 60
"""Beyond so many pools, one query over all is faster than one for each."""


@dataclass(frozen=True)
class Choice:
    """What of the queue an assessor asks for; None for any."""

    rubric_key: str | None = None
    language: str | None = None
    task_key: str | None = None


@dataclass(frozen=True)
class _Pool:
    """Places that an index keeps together, in the order of the queue."""

    institution_id: str
    rubric_key: str
    language: str
    is_lent: bool
    """Whether its institution is a partner's, and not the assessor's own."""

    @property
    def condition(self) -> ColumnElement[bool]:
        """Which assignments these are."""
        return and_(
            Assignment.institution_id == self.institution_id,
            Assignment.rubric_key == self.rubric_key,
            Assignment.language == self.language,
            Assignment.is_shared if self.is_lent else true(),
        )


def rubrics_within_reach(actor: Actor) -> frozenset[str]:
    """Return the keys of the rubrics that an assessor may rate on, where they may rate."""
    return frozenset(each.rubric_key for each in _pools(actor, Choice()))


def _pools(actor: Actor, choice: Choice) -> list[_Pool]:
    """Return where to look for what an assessor may take and asks for."""
    own = institutions_for(actor, Action.ASSESS)
    if not own or actor.person_id is None:
        return []
    lent = frozenset(db.session.scalars(lenders_to(own))) - own
    languages = [choice.language] if choice.language else [*LANGUAGES, ""]
    closed = closed_rubrics(actor.person_id)
    skills = [each for each in _skills(own | lent, choice) if each[1] not in closed]
    return [
        _Pool(institution, key, language, institution in lent)
        for (institution, key), language in product(skills, languages)
    ]


def _skills(institutions: frozenset[str], choice: Choice) -> list[tuple[str, str]]:
    rows = (
        select(Task.institution_id, RubricVersion.key)
        .join(RubricVersion, Task.rubric_id == RubricVersion.id)
        .where(Task.institution_id.in_(institutions))
        .distinct()
    )
    if choice.rubric_key:
        rows = rows.where(RubricVersion.key == choice.rubric_key)
    if choice.task_key:
        rows = rows.where(Task.key == choice.task_key)
    return [(institution, key) for institution, key in db.session.execute(rows)]


def first_free(actor: Actor, choice: Choice, most: int) -> Sequence[str]:
    """Return the ids of what an assessor may take, the first in the queue first."""
    pools = _pools(actor, choice)
    if not pools:
        return ()
    where = may_take(actor, choice)
    each = [_in_order(group).where(where).limit(most) for group in _groups(pools)]
    if len(each) == 1:
        return [found for found, _turn in db.session.execute(each[0])]
    together = union_all(*(select(one.subquery()) for one in each)).subquery()
    rows = select(together.c.id).order_by(together.c.turn_at, together.c.id).limit(most)
    return list(db.session.scalars(rows))


def _groups(pools: Sequence[_Pool]) -> list[ColumnElement[bool]]:
    conditions = [each.condition for each in pools]
    return conditions if len(conditions) <= MOST_POOLS else [or_(*conditions)]


def _in_order(pool: ColumnElement[bool]) -> Select[str, datetime]:
    rows = select(Assignment.id, Assignment.turn_at).where(pool)
    return rows.order_by(Assignment.turn_at, Assignment.id)


def may_take(actor: Actor, choice: Choice) -> ColumnElement[bool]:
    """Return the condition that an assignment is free, and the actor has no part in it."""
    conditions = [
        Assignment.state == AssignmentState.OPEN,
        Assignment.leased_until <= clock.now(),
        Assignment.role.in_(OFFERED),
        Assignment.learner_id != (actor.learner_id or ""),
        ~_has_part(actor),
        not_skipped(actor.person_id),
        Assignment.performance_id.not_in(_seen_by(actor)),
        _own_or_lent(actor),
    ]
    if choice.task_key:
        conditions.append(_of_task(Performance.task_key == choice.task_key))
    return and_(*conditions)


def _seen_by(actor: Actor) -> list[str]:
    """Return the performances that the actor has observed, and so does not rate."""
    person = db.session.get(Person, actor.person_id or "")
    if person is None:
        return []
    return list(db.session.scalars(observations.performances_seen_by(person)))


def _has_part(actor: Actor) -> ColumnElement[bool]:
    """Return whether the actor has rated the performance already, so far as that matters.

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
        RatingRow.person_id == actor.person_id,
        RatingRow.assignment_id != Assignment.id,
        Assignment.role.in_(FRESH),
    )
    place = exists().where(
        other.performance_id == Assignment.performance_id,
        other.person_id == actor.person_id,
        other.id != Assignment.id,
        matters,
    )
    return or_(place, rating)


def _own_or_lent(actor: Actor) -> ColumnElement[bool]:
    """Return whether an assignment is of an institution of the actor's, or lent to one by name."""
    own = institutions_for(actor, Action.ASSESS)
    lent = _of_task(
        exists().where(
            TaskPartner.task_id == Performance.task_id, TaskPartner.institution_id.in_(own)
        )
    )
    return or_(Assignment.institution_id.in_(own), and_(Assignment.is_shared, lent))


def _of_task(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Performance.learner_id == Assignment.learner_id,
        Performance.id == Assignment.performance_id,
        condition,
    )


@dataclass(frozen=True)
class Waiting:
    """One place that waits for somebody: what it is about, and since when; never whose it is."""

    title: dict[str, str]
    since: datetime
    due_at: datetime
    risk: int
    rubric_key: str
    language: str
    task_key: str


def waiting(actor: Actor, choice: Choice, most: int) -> Iterator[Waiting]:
    """Yield what an assessor may take, the first in the queue first."""
    found = first_free(actor, choice, most)
    rows = (
        select(
            Task.title,
            Assignment.waiting_since,
            Assignment.due_at,
            Assignment.risk,
            Assignment.rubric_key,
            Assignment.language,
            Task.key,
        )
        .join(Assignment.performance)
        .join(Performance.task)
        .where(Assignment.id.in_(found))
        .order_by(Assignment.turn_at, Assignment.id)
    )
    for row in db.session.execute(rows):
        yield Waiting(*row)


def number_waiting(actor: Actor, choice: Choice, most: int) -> int:
    """Return how many places an assessor may take, counted up to `most`."""
    return len(first_free(actor, choice, most))
