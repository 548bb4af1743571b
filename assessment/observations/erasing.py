"""Erasing who somebody is who saw work, or was asked who did: what was seen stays, by nobody."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from assessment.access import Action, Actor, institutions_for
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.observations.links import OPEN, stage_of
from assessment.observations.mailboxes import known_by
from assessment.observations.models import (
    Ending,
    Nomination,
    Observation,
    Observer,
    Particulars,
)
from assessment.observations.naming import end
from assessment.people import service as people


@dataclass(frozen=True)
class Held:
    """What institutions hold of whoever has a mailbox."""

    nominations: tuple[Nomination, ...]
    observations: tuple[Observation, ...]
    observer: Observer | None
    is_held_elsewhere: bool
    """Whether institutions at which the actor may not erase anything hold something too."""

    @property
    def waiting(self) -> int:
        """How many links are still open; they end."""
        return sum(stage_of(each) in OPEN for each in self.nominations)

    @property
    def learner_ids(self) -> list[str]:
        """The learners about whom they were asked."""
        asked = {each.learner_id for each in self.nominations}
        return sorted(asked | {each.learner_id for each in self.observations})

    def __bool__(self) -> bool:
        return bool(self.nominations or self.observations)


def held_of(email: str, actor: Actor) -> Held:
    """Return what is held under an address at the institutions where the actor may erase it."""
    places = institutions_for(actor, Action.ERASE_OBSERVERS)
    mailbox = known_by(email)
    observer = db.session.scalars(select(Observer).filter_by(known_by=mailbox)).first()
    asked = db.session.scalars(select(Nomination).filter_by(mailbox=mailbox)).all()
    observer_id = observer.id if observer else ""
    seen = db.session.scalars(select(Observation).filter_by(observer_id=observer_id)).all()
    return Held(
        nominations=tuple(each for each in asked if each.institution_id in places and _says(each)),
        observations=tuple(each for each in seen if each.institution_id in places and _said(each)),
        observer=observer,
        is_held_elsewhere=any(each.institution_id not in places and _says(each) for each in asked)
        or any(each.institution_id not in places and _said(each) for each in seen),
    )


def _says(nomination: Nomination) -> bool:
    return nomination.email is not None


def _said(observation: Observation) -> Particulars | None:
    return db.session.get(Particulars, (observation.learner_id, observation.id))


def erase(email: str, actor: Actor) -> Held:
    """Return what was held under an address, now without name, address, telephone, role and note.

    Open links end. The observer's own row is emptied once no other institution holds anything.
    """
    for learner_id in held_of(email, actor).learner_ids:
        people.lock_learner(learner_id)
    db.session.expire_all()
    held = held_of(email, actor)
    for nomination in held.nominations:
        end(nomination, Ending.ERASED, actor)
        nomination.name = nomination.email = nomination.employer = None
        _record(nomination.learner_id, nomination.id, actor)
    for observation in held.observations:
        db.session.delete(_said(observation))
        _record(observation.learner_id, observation.id, actor)
    if held.observer is not None and not held.is_held_elsewhere:
        _empty(held.observer, actor)
    db.session.flush()
    return held


def _record(learner_id: str, subject: str, actor: Actor) -> None:
    audit.record(audit.learner_chain(learner_id), "observer's particulars erased", actor, subject)


def _empty(observer: Observer, actor: Actor) -> None:
    observer.name = observer.email = observer.person_id = observer.claimed_at = None
    audit.record(audit.SYSTEM_CHAIN, "observer erased", actor, observer.id)
