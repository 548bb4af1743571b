"""Taking places: one at a time to one person alone, held by a lease while it is rated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, or_, select
from sqlalchemy.orm import contains_eager

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.ids import new_id
from assessment.people.models import Person
from assessment.performances.eligibility import OFFERED, Choice, has_role, waits
from assessment.performances.free_places import Waiting, first_free, line_of
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    RatingRow,
)
from assessment.performances.partners import within_reach
from assessment.performances.reach import Reach, reach_of
from assessment.upsert import insert_once

LEASE = timedelta(hours=1)
MOST_COUNTED = 100
MOST_LISTED = 10
MOST_HELD = 5
"""How many places one person may hold at once."""
MOST_DRAFTS = 20
AT_ONCE = 40
"""How many candidates are looked at, of which others may just be taking some."""
LIVE = frozenset({*OFFERED, AssignmentRole.SEEDED})
ANY = Choice()

Instead = Callable[[Assignment], Assignment | None]
"""What gives another place in place of the one that was found, or None."""


def claim_next(
    actor: Actor,
    choice: Choice = ANY,
    *,
    another: bool = False,
    instead: Instead | None = None,
) -> Assignment | None:
    """Return what the actor has under way, or else what waited longest, leased; None for nothing.

    With `another`, one more is taken while fewer than five are held. A row that somebody else is
    just taking is skipped, so that two never get the same place.
    """
    if actor.person_id is None:
        return None
    hold_person(actor.person_id)
    mine = under_way(actor)
    if mine and not (another and len(mine) < MOST_HELD):
        return mine[0]
    found = _take(actor, choice)
    if found is None:
        return None
    chosen = (instead(found) if instead else None) or found
    return lease(chosen, actor, actor.person_id)


def _take(actor: Actor, choice: Choice) -> Assignment | None:
    """Return the first place that nobody else is just taking, locked."""
    candidates = first_free(actor, choice, AT_ONCE)
    if not candidates:
        return None
    asked = {"candidates": candidates, "moment": clock.now()}
    found = db.session.scalars(_FREE, asked).first()
    if found is None and len(candidates) == AT_ONCE:  # others take them all: wait for one of them
        found = db.session.scalars(_NEXT_FREE, asked).first()
    return found


_FIRST = (
    select(Assignment)
    .where(Assignment.id.in_(bindparam("candidates", expanding=True)), waits(bindparam("moment")))
    .order_by(Assignment.turn_at, Assignment.id)
    .limit(1)
    .execution_options(populate_existing=True)
)
_FREE = _FIRST.with_for_update(of=Assignment, skip_locked=True)
_NEXT_FREE = _FIRST.with_for_update(of=Assignment)


def hold_person(person_id: str) -> None:
    """Let two requests of one person come one after the other."""
    db.session.execute(_HOLD, {"person": person_id})


_person: Any = Person.__table__  # its table alone: nothing is to be loaded
_HOLD = (
    select(_person.c.id).where(_person.c.id == bindparam("person")).with_for_update(key_share=True)
)


def under_way(actor: Actor) -> list[Assignment]:
    """Return the live work that the actor has and has not released, the first to end first."""
    own = {"person": actor.person_id, "moment": clock.now()}
    found = list(db.session.scalars(_UNDER_WAY, own))
    reach = within_reach(actor) if found else frozenset()
    return [each for each in found if each.institution_id in reach]


_UNDER_WAY = (  # built once: building a query costs more than running it
    select(Assignment)
    .where(
        Assignment.person_id == bindparam("person"),
        Assignment.state == AssignmentState.OPEN,
        Assignment.leased_until > bindparam("moment"),
        has_role(Assignment.role, LIVE),
    )
    .order_by(Assignment.leased_until)
    .execution_options(populate_existing=True)
)


def lease(found: Assignment, actor: Actor, person_id: str) -> Assignment:
    """Return a place, now this person's for an hour, with a draft to write on."""
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
class Draft:
    """What somebody typed before their time ran out; kept for them, and counting for nothing."""

    rating: RatingRow
    is_free: bool
    """Whether nobody else has the place, so that they may go on."""


def drafts_of(actor: Actor) -> list[Draft]:
    """Return what the actor typed and no longer holds, the last one first."""
    rows = _unreleased(actor)
    reach = within_reach(actor) if rows else frozenset()
    return _drafts([each for each in rows if each.assignment.institution_id in reach], actor)


def _unreleased(actor: Actor) -> list[RatingRow]:
    """Return what the actor began and has not released: what is held now, then the last drafts."""
    asked = {"person": actor.person_id, "moment": clock.now()}
    return list(db.session.scalars(_UNRELEASED, asked))


def _drafts(ratings: Sequence[RatingRow], actor: Actor) -> list[Draft]:
    return [
        Draft(each, _may_go_on(each.assignment, actor))
        for each in ratings
        if each.revision and not _is_held(each.assignment, actor)
    ][:MOST_DRAFTS]


_HELD = and_(
    Assignment.person_id == bindparam("person"),
    Assignment.state == AssignmentState.OPEN,
    Assignment.leased_until > bindparam("moment"),
)
_UNRELEASED = (
    select(RatingRow)
    .join(RatingRow.assignment)
    .where(
        RatingRow.person_id == bindparam("person"),
        RatingRow.released_at.is_(None),
        has_role(RatingRow.role, LIVE),
        or_(RatingRow.revision > 0, _HELD),
    )
    .order_by(case((_HELD, 0), else_=1), RatingRow.saved_at.desc(), RatingRow.id)
    .limit(MOST_HELD + MOST_DRAFTS)
    .options(
        contains_eager(RatingRow.assignment)
        .joinedload(Assignment.performance)
        .joinedload(Performance.task)
    )
    .execution_options(populate_existing=True)
)


def _may_go_on(place: Assignment, actor: Actor) -> bool:
    return place.state == AssignmentState.OPEN and place.person_id == actor.person_id


def _is_held(place: Assignment, actor: Actor) -> bool:
    return _may_go_on(place, actor) and place.leased_until > clock.now()


@dataclass(frozen=True)
class Queue:
    """What an assessor may take, the first due first, what they have, and what they had.

    `number` counts the performances among the first hundred places: nobody rates one twice.
    """

    under_way: tuple[Assignment, ...]
    drafts: tuple[Draft, ...]
    waiting: tuple[Waiting, ...]
    number: int
    is_long: bool = False
    """Whether there may be more than was counted."""


def queue_of(actor: Actor, choice: Choice = ANY, reach: Reach | None = None) -> Queue:
    """Return the desk of an assessor; `reach` is what they reach, where that is known already."""
    reach = reach or reach_of(actor)
    found = line_of(reach, actor, choice, MOST_COUNTED, MOST_LISTED)
    begun = [each for each in _unreleased(actor) if each.assignment.institution_id in reach.places]
    held = [each.assignment for each in begun if _is_held(each.assignment, actor)]
    return Queue(
        under_way=tuple(sorted(held, key=lambda each: each.leased_until)),
        drafts=tuple(_drafts(begun, actor)),
        waiting=found.waiting,
        number=found.number,
        is_long=found.places >= MOST_COUNTED,
    )
