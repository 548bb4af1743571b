"""Holds on a learner's record: placed and lifted by registrars who know the learner."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import CompoundSelect, func, or_, select, union

from assessment.access import Action, Actor, institutions_for
from assessment.awards import service as awards
from assessment.awards.models import Award
from assessment.errors import Forbidden, Invalid, NoSuchRecord
from assessment.evidence import service as evidence
from assessment.evidence.models import Hold
from assessment.extensions import db
from assessment.items.models import Test
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.people.models import Person
from assessment.performances.models import Performance, Task
from assessment.sittings.models import Sitting

INTEGRITY = "integrity"
"""The name by which a rule's veto asks for the hold."""


@dataclass(frozen=True)
class Held:
    """A hold that stands, and on whose record; no person once the account is erased."""

    hold: Hold
    person: Person | None


def holds_known_to(actor: Actor) -> list[Held]:
    """Return the holds that stand on the records of the learners of the actor's institutions."""
    query = (
        select(Hold, Person)
        .outerjoin(Person, Person.learner_id == Hold.learner_id)
        .where(Hold.lifted_at.is_(None), Hold.learner_id.in_(_learners(actor)))
        .order_by(Hold.placed_at.desc(), Hold.id)
    )
    return [Held(hold, person) for hold, person in db.session.execute(query)]


def learner_called(reference: str, actor: Actor) -> str:
    """Return the learner with this e-mail address or student number, if the institution knows them.

    Somebody who never sat a test of the institution is the same as nobody.
    """
    text = reference.strip().lower()
    query = (
        select(Person.learner_id)
        .where(or_(Person.email == text, func.lower(Person.student_number) == text))
        .where(Person.learner_id.in_(_learners(actor)))
        .limit(2)
    )
    found = list(db.session.scalars(query)) if text else []
    if len(found) != 1:
        raise Invalid(
            _(
                "No one learner of your institution has this e-mail address or student number. "
                "Check it, or look the person up by name in the list of awards."
            )
        )
    return found[0]


def place(learner_id: str, reason: str, actor: Actor) -> Hold:
    """Return the integrity hold that now stands on a learner's record.

    Rules that veto on it award nothing until it is lifted.
    """
    if not _knows(learner_id, actor):
        raise NoSuchRecord("learner", learner_id)
    people.lock_learner(learner_id)
    if not reason.strip():
        raise Invalid(_("Give the reason for this hold."))
    return evidence.place_hold(learner_id, INTEGRITY, reason.strip(), actor)


def lift(hold_id: str, actor: Actor) -> list[Award]:
    """Lift a hold; return what the learner is awarded at once, now that it is gone."""
    query = select(Hold).where(Hold.id == hold_id, Hold.learner_id.in_(_learners(actor)))
    hold = db.session.scalars(query).one_or_none()
    if hold is None:
        raise NoSuchRecord("hold", hold_id)
    if hold.learner_id == actor.learner_id:
        raise Forbidden(_("A hold on your own record is lifted by another registrar."))
    people.lock_learner(hold.learner_id)
    evidence.lift_hold(hold.learner_id, hold.id, actor)
    return awards.consider(hold.learner_id, actor)


def _knows(learner_id: str, actor: Actor) -> bool:
    known = _learners(actor).subquery()
    query = select(known.c.learner_id).where(known.c.learner_id == learner_id).limit(1)
    return db.session.scalar(query) is not None


def _learners(actor: Actor) -> CompoundSelect[str]:
    """Return the learners whom the actor's institutions awarded, tested or rated."""
    ids = institutions_for(actor, Action.GRANT_CREDIT)
    return union(
        select(Award.learner_id).where(Award.institution_id.in_(ids)),
        select(Sitting.learner_id)
        .join(Test, Test.id == Sitting.test_id)
        .where(Test.institution_id.in_(ids)),
        select(Performance.learner_id)
        .join(Task, Task.id == Performance.task_id)
        .where(Task.institution_id.in_(ids), Performance.version > 0),
    )
