"""Places to rate a performance: opened as its policy asks, taken one at a time, held by a lease."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.ids import new_id
from assessment.people.models import Person
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    Closing,
    Performance,
    RatingRow,
    Task,
)
from assessment.performances.skips import not_skipped
from assessment.upsert import insert_once

LEASE = timedelta(hours=1)
TURN_AROUND = timedelta(days=10)
MOST_COUNTED = 100
MOST_LISTED = 20


def open_places(
    performance: Performance, role: AssignmentRole, number: int, criteria: Sequence[str]
) -> None:
    """Open places for so many people, once in each round; the caller has locked the learner."""
    since = performance.submitted_at or clock.now()
    language = performance.submissions[-1].language if performance.submissions else ""
    for slot in range(1, number + 1):
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
            language=language,
            state=AssignmentState.OPEN,
            risk=0,
            turn_at=since + TURN_AROUND,
            is_shared=False,
            waiting_since=since,
            due_at=since + TURN_AROUND,
            closed_because=Closing.OPEN,
            leased_until=since,
        )


def close_places(performance: Performance) -> None:
    """Close what is still open: nobody is to rate this any more."""
    db.session.execute(
        update(Assignment)
        .filter_by(performance_id=performance.id, state=AssignmentState.OPEN)
        .values(state=AssignmentState.CLOSED)
    )


def claim_next(actor: Actor) -> Assignment | None:
    """Return what the actor has under way, or else what waited longest, leased; None for nothing.

    A row that another is just taking is skipped, so that two never get the same place.
    """
    if actor.person_id is None:
        return None
    _hold_person(actor.person_id)
    mine = under_way(actor)
    if mine:
        return mine[0]
    taking = _free(actor).limit(1).with_for_update(of=Assignment, skip_locked=True)
    found = db.session.scalars(taking.execution_options(populate_existing=True)).first()
    return None if found is None else _lease(found, actor, actor.person_id)


def _hold_person(person_id: str) -> None:
    """Let two requests of one person come one after the other."""
    own = select(Person.id).where(Person.id == person_id)
    db.session.execute(own.with_for_update(key_share=True))


def under_way(actor: Actor) -> list[Assignment]:
    """Return what the actor has and has not released, the first to end first."""
    rows = select(Assignment).where(
        Assignment.person_id == actor.person_id,
        Assignment.state == AssignmentState.OPEN,
        Assignment.leased_until > clock.now(),
    )
    anew = rows.order_by(Assignment.leased_until).execution_options(populate_existing=True)
    reach = institutions_for(actor, Action.ASSESS)  # not part of the query: few rows are theirs
    return [each for each in db.session.scalars(anew) if each.institution_id in reach]


def _within_reach(actor: Actor) -> ColumnElement[bool]:
    return Assignment.institution_id.in_(institutions_for(actor, Action.ASSESS))


def _free(actor: Actor) -> Select[Assignment]:
    """Return what the actor may take: not their own work, nothing that they have rated already."""
    other = aliased(Assignment)
    adjudicates, judged = (each.role == AssignmentRole.ADJUDICATOR for each in (Assignment, other))
    same = or_(other.round == Assignment.round, judged != adjudicates)
    rated = exists().where(
        other.performance_id == Assignment.performance_id,
        other.person_id == actor.person_id,
        other.id != Assignment.id,
        same,
    )
    return (
        select(Assignment)
        .where(
            _within_reach(actor),
            Assignment.state == AssignmentState.OPEN,
            Assignment.leased_until <= clock.now(),
            Assignment.learner_id != (actor.learner_id or ""),
            ~rated,
            not_skipped(actor.person_id),
        )
        .order_by(Assignment.turn_at, Assignment.id)
    )


def _lease(found: Assignment, actor: Actor, person_id: str) -> Assignment:
    found.person_id, found.leased_until = person_id, clock.now() + LEASE
    db.session.flush()
    insert_once(
        RatingRow,
        id=new_id(),
        learner_id=found.learner_id,
        performance_id=found.performance_id,
        assignment_id=found.id,
        person_id=person_id,
        round=found.round,
        role=found.role,
        marks={},
        comments={},
        revision=0,
        begun_at=clock.now(),
        saved_at=clock.now(),
    )
    chain = audit.institution_chain(found.institution_id)
    audit.record(chain, "assignment taken", actor, found.id)
    return found


@dataclass(frozen=True)
class Waiting:
    """One place that waits for somebody: what it is about, and since when; never whose it is."""

    title: dict[str, str]
    since: datetime


def _listed(actor: Actor) -> Iterator[Waiting]:
    rows = _free(actor).join(Assignment.performance).join(Performance.task).limit(MOST_LISTED)
    for title, since in db.session.execute(
        rows.with_only_columns(Task.title, Assignment.waiting_since)
    ):
        yield Waiting(title, since)


@dataclass(frozen=True)
class Queue:
    """What an assessor may take, the longest waiting first, and what they have under way.

    `number` counts to a hundred: beyond, `is_long`.
    """

    under_way: tuple[Assignment, ...]
    waiting: tuple[Waiting, ...]
    number: int

    @property
    def is_long(self) -> bool:
        """Whether there is more than was counted."""
        return self.number >= MOST_COUNTED


def queue_of(actor: Actor) -> Queue:
    """Return the desk of an assessor."""
    counted = _free(actor).limit(MOST_COUNTED).subquery()
    return Queue(
        under_way=tuple(under_way(actor)),
        waiting=tuple(_listed(actor)),
        number=db.session.scalar(select(func.count()).select_from(counted)) or 0,
    )
