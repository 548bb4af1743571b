"""Taking places: one at a time to one person alone, held by a lease while it is rated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select

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


_HOLD = select(Person.id).where(Person.id == bindparam("person")).with_for_update(key_share=True)


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
    rows = list(db.session.scalars(_DRAFTS, {"person": actor.person_id}))
    reach = within_reach(actor) if rows else frozenset()
    found = [(each, each.assignment) for each in rows]
    return [
        Draft(rating, _may_go_on(place, actor))
        for rating, place in found
        if place.institution_id in reach and not _is_held(place, actor)
    ]


_DRAFTS = (
    select(RatingRow)
    .where(
        RatingRow.person_id == bindparam("person"),
        RatingRow.released_at.is_(None),
        RatingRow.revision > 0,
        has_role(RatingRow.role, LIVE),
    )
    .order_by(RatingRow.saved_at.desc(), RatingRow.id)
    .limit(MOST_DRAFTS)
)


def _may_go_on(place: Assignment, actor: Actor) -> bool:
    return place.state == AssignmentState.OPEN and place.person_id == actor.person_id


def _is_held(place: Assignment, actor: Actor) -> bool:
    return _may_go_on(place, actor) and place.leased_until > clock.now()


@dataclass(frozen=True)
class Queue:
    """What an assessor may take, the first due first, what they have, and what they had.

    `number` counts to a hundred: beyond, `is_long`.
    """

    under_way: tuple[Assignment, ...]
    drafts: tuple[Draft, ...]
    waiting: tuple[Waiting, ...]
    number: int

    @property
    def is_long(self) -> bool:
        """Whether there is more than was counted."""
        return self.number >= MOST_COUNTED


def queue_of(actor: Actor, choice: Choice = ANY, reach: Reach | None = None) -> Queue:
    """Return the desk of an assessor; `reach` is what they reach, where that is known already."""
    found = line_of(reach or reach_of(actor), actor, choice, MOST_COUNTED, MOST_LISTED)
    return Queue(
        under_way=tuple(under_way(actor)),
        drafts=tuple(drafts_of(actor)),
        waiting=found.waiting,
        number=found.number,
    )
