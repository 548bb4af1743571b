"""Whether there is anybody who may take a place: it is asked of one place, and of many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from assessment import clock
from assessment.access import Role
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.people.models import Person, RoleGrant
from assessment.performances.eligibility import Who, has_no_part, has_role, waits
from assessment.performances.models import (
    COUNTED,
    Assignment,
    AssignmentState,
    Performance,
    TaskPartner,
)
from assessment.performances.qualifications import gate_of, in_force
from assessment.performances.trust_models import Qualification

FEW = 500
"""So many places are asked about by their ids; more of them by their pool."""


class Why(StrEnum):
    """Why nobody may take a place."""

    NO_ASSESSOR = "no assessor"
    NOBODY_QUALIFIED = "nobody qualified"
    """There are assessors, and none of them is through the gate of the rubric."""
    ALL_HAVE_PART = "all have part"
    """Whoever could rate it has rated, skipped or seen it, or it is their own."""


@dataclass(frozen=True)
class Pool:
    """Places that the same people may take, but for the part that each of them has in one."""

    institution_id: str
    rubric_key: str
    task_id: str
    is_shared: bool


@dataclass(frozen=True)
class Stuck:
    """The places of a pool that nobody may take, by their ids, and why."""

    pool: Pool
    because: Why
    places: frozenset[str]


def somebody_may_take(place: Assignment) -> bool:
    """Return whether a place is somebody's now, or there is anybody who may take it."""
    if place.state != AssignmentState.OPEN or place.leased_until > clock.now():
        return True
    return not why_nobody([place])


def why_nobody(places: Collection[Assignment]) -> dict[str, Why]:
    """Return why nobody may take these, by their ids; those that somebody may take are left out."""
    pools: dict[Pool, set[str]] = {}
    for each in places:
        pools.setdefault(pool_of(each), set()).add(each.id)
    found = (stuck_in(pool, among=ids) for pool, ids in pools.items())
    return {id_: each.because for each in found for id_ in each.places}


def pool_of(place: Assignment) -> Pool:
    """Return the pool that a place is in."""
    task_id = place.performance.task_id
    return Pool(place.institution_id, place.rubric_key, task_id, place.is_shared)


def pools_waiting(since: datetime) -> list[Pool]:
    """Return the pools in which a place that makes a result has waited since then, or longer."""
    columns = (Assignment.institution_id, Assignment.rubric_key, Performance.task_id)
    rows = (
        select(*columns, Assignment.is_shared)
        .join(Assignment.performance)
        .where(_awaited(since))
        .distinct()
        .order_by(*columns, Assignment.is_shared)
    )
    return [Pool(*row) for row in db.session.execute(rows)]


def _awaited(since: datetime) -> ColumnElement[bool]:
    return and_(
        waits(clock.now()),
        has_role(Assignment.role, COUNTED),
        Assignment.waiting_since <= since,
    )


def stuck_in(
    pool: Pool, since: datetime | None = None, among: Collection[str] | None = None
) -> Stuck:
    """Return what nobody may take in a pool: of what has waited since then, or of these places.

    One query for each person until nothing is left: where somebody has no part in any of it, they
    are asked first, and alone.
    """
    every = _awaited_in(pool, since or clock.now()) if among is None else _among(among)
    because = _nobody_at_all(pool)
    if because is not None:
        return Stuck(pool, because, frozenset(db.session.scalars(every)))
    stuck: frozenset[str] | None = None
    for who in _people(pool):
        rows = _among(stuck) if stuck is not None and len(stuck) <= FEW else every
        found = frozenset(db.session.scalars(rows.where(~has_no_part(who))))
        stuck = found if stuck is None else stuck & found
        if not stuck:
            break
    return Stuck(pool, Why.ALL_HAVE_PART, stuck or frozenset())


def _awaited_in(pool: Pool, since: datetime) -> Select[str]:
    return (
        select(Assignment.id)
        .join(Assignment.performance)
        .where(
            Assignment.institution_id == pool.institution_id,
            Assignment.rubric_key == pool.rubric_key,
            Assignment.is_shared.is_(pool.is_shared),
            Performance.task_id == pool.task_id,
            _awaited(since),
        )
    )


def _among(places: Collection[str]) -> Select[str]:
    return select(Assignment.id).where(Assignment.id.in_(places), waits(clock.now()))


def _nobody_at_all(pool: Pool) -> Why | None:
    """Return why nobody may rate anything of a pool; None where somebody may."""
    if db.session.scalars(_able(pool).limit(1)).first() is not None:
        return None
    any_assessor = db.session.scalars(_assessors(pool).limit(1)).first()
    return Why.NO_ASSESSOR if any_assessor is None else Why.NOBODY_QUALIFIED


def _people(pool: Pool) -> Iterator[Who]:
    """Yield who may rate in a pool, those first who never had a place at anything."""
    busy = exists().where(Assignment.person_id == Person.id)
    moment = clock.now()
    for each in _read(_able(pool).order_by(busy, Person.id.desc())):
        mailbox = observations.known_by(each.email)
        yield Who(each.id, each.learner_id or "", (), mailbox, moment)


def _read(rows: Select[Person]) -> Sequence[Person]:
    return db.session.scalars(rows).all()


def _able(pool: Pool) -> Select[Person]:
    """Return the assessors of a pool who are through the gate of its rubric, if it has one."""
    if gate_of(pool.rubric_key) is None:
        return _assessors(pool)
    through = exists().where(
        Qualification.person_id == Person.id,
        Qualification.rubric_key == pool.rubric_key,
        in_force(),
    )
    return _assessors(pool).where(through)


def _assessors(pool: Pool) -> Select[Person]:
    """Return the assessors of the institution, and of the task's partners where it is shared."""
    at = RoleGrant.institution_id == pool.institution_id
    if pool.is_shared:
        partners = select(TaskPartner.institution_id).filter_by(task_id=pool.task_id)
        at = or_(at, RoleGrant.institution_id.in_(partners))
    granted = select(RoleGrant.person_id).where(RoleGrant.role == Role.ASSESSOR, at)
    return select(Person).where(Person.id.in_(granted), Person.disabled_at.is_(None))
