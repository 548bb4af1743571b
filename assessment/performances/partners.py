"""Partners: institutions that lend assessors to a task whose own are too few."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, exists, select

from assessment.access import Action, Actor, Role, institutions_for
from assessment.extensions import db
from assessment.people.models import Person, RoleGrant
from assessment.performances.models import Assignment, Performance, Task, TaskPartner
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


def lenders_to(institutions: Collection[str]) -> Select[str]:
    """Return the institutions whose tasks name one of these as a partner."""
    return (
        select(Task.institution_id)
        .join(TaskPartner, TaskPartner.task_id == Task.id)
        .where(TaskPartner.institution_id.in_(institutions))
        .distinct()
    )


def within_reach(actor: Actor) -> frozenset[str]:
    """Return the institutions whose work an assessor may have a place at: theirs, and partners'."""
    own = institutions_for(actor, Action.ASSESS)
    return own | frozenset(db.session.scalars(lenders_to(own))) if own else own
