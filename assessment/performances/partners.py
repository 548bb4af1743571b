"""Partners: institutions that lend assessors to a task whose own are too few."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, exists, func, or_, select

from assessment import clock
from assessment.access import Action, Actor, Role, institutions_for
from assessment.extensions import db
from assessment.people.models import Person, RoleGrant
from assessment.performances.models import (
    Assignment,
    AssignmentState,
    Performance,
    Task,
    TaskPartner,
)
from assessment.performances.qualifications import gate_of, in_force
from assessment.performances.trust_models import Qualification

OWN_NEEDED = 2
"""An institution with fewer who qualify shares its work, where the task names partners."""


def is_short_of_own(performance: Performance, number: int) -> bool:
    """Return whether partners may rate it too: the institution has too few who could.

    It has where fewer than two of its assessors qualify, or fewer than the places have no part in
    this performance yet.
    """
    lent = db.session.scalars(select(TaskPartner).filter_by(task_id=performance.task_id)).first()
    if lent is None:
        return False
    own = set(db.session.scalars(_own_assessors(performance.task)))
    part = select(Assignment.person_id).filter_by(performance_id=performance.id)
    self_ = select(Person.id).where(Person.learner_id == performance.learner_id)
    free = own - set(db.session.scalars(part)) - set(db.session.scalars(self_))
    return len(own) < OWN_NEEDED or len(free) < number


def _own_assessors(task: Task) -> Select[str]:
    """Return who at the task's own institution may rate on its rubric."""
    people = (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.institution_id == task.institution_id,
            RoleGrant.role == Role.ASSESSOR,
            Person.disabled_at.is_(None),
        )
    )
    if gate_of(task.rubric.key) is None:
        return people
    through = exists().where(
        Qualification.person_id == RoleGrant.person_id,
        Qualification.rubric_key == task.rubric.key,
        in_force(),
    )
    return people.where(through)


def lenders_to(institutions: Collection[str]) -> frozenset[str]:
    """Return the institutions whose tasks name one of these as a partner."""
    return frozenset(db.session.scalars(_LENDERS, {"partners": list(institutions)}))


def lenders(partners: BindParameter[Any]) -> Select[str]:
    """Return the query for the institutions whose tasks name one of these as a partner."""
    return (
        select(Task.institution_id)
        .join(TaskPartner, TaskPartner.task_id == Task.id)
        .where(TaskPartner.institution_id.in_(partners))
        .distinct()
    )


_LENDERS = lenders(bindparam("partners", expanding=True))


def within_reach(actor: Actor) -> frozenset[str]:
    """Return the institutions whose work an assessor may have a place at: theirs, and partners'."""
    own = institutions_for(actor, Action.ASSESS)
    return own | lenders_to(own) if own else own


def assessors_near(institution_id: str) -> list[Person]:
    """Return the assessors of an institution, and of the partners that it names."""
    partners = (
        select(TaskPartner.institution_id)
        .join(Task, Task.id == TaskPartner.task_id)
        .where(Task.institution_id == institution_id)
    )
    near = or_(RoleGrant.institution_id == institution_id, RoleGrant.institution_id.in_(partners))
    granted = select(RoleGrant.person_id).where(RoleGrant.role == Role.ASSESSOR, near)
    rows = select(Person).where(Person.id.in_(granted), Person.disabled_at.is_(None))
    return list(db.session.scalars(rows.order_by(Person.id)))


def unshared() -> list[str]:
    """Return the ids of open places that partners could be asked about, and are not."""
    rows = (
        select(Assignment.id)
        .join(Assignment.performance)
        .join(TaskPartner, TaskPartner.task_id == Performance.task_id)
        .where(
            Assignment.state == AssignmentState.OPEN,
            Assignment.is_shared.is_(False),
            Assignment.leased_until <= clock.now(),
        )
        .distinct()
    )
    return list(db.session.scalars(rows))


def share(assignment_id: str) -> None:
    """Let partners take an open place, if those of its own institution are too few by now."""
    place = db.session.get_one(Assignment, assignment_id, populate_existing=True)
    open_now = select(func.count()).where(
        Assignment.performance_id == place.performance_id,
        Assignment.state == AssignmentState.OPEN,
        Assignment.leased_until <= clock.now(),
    )
    if is_short_of_own(place.performance, db.session.scalar(open_now) or 0):
        place.is_shared = True
        db.session.flush()
