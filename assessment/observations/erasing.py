"""Erasing who somebody is who saw work, or was asked who did: what was seen stays, by nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from assessment.access import Action, Actor, institutions_for
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.observations.calling import call_waiting, give_up
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
class Beside:
    """What another slice holds of whoever has a mailbox."""

    number: int
    """Of what it holds at the institutions that were asked about."""
    is_held_elsewhere: bool
    learner_ids: tuple[str, ...]


@dataclass(frozen=True)
class Keeper:
    """Another slice that holds names and addresses: it says what, and erases it."""

    held: Callable[[str, frozenset[str]], Beside]
    erase: Callable[[str, frozenset[str], Actor], None]


KEEPERS: list[Keeper] = []
"""Slices above this one put theirs here."""


@dataclass(frozen=True)
class Held:
    """What institutions hold of whoever has a mailbox."""

    nominations: tuple[Nomination, ...]
    observations: tuple[Observation, ...]
    observer: Observer | None
    beside: tuple[Beside, ...]
    """What other slices hold: projects whose contact they are."""
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
        seen = {each.learner_id for each in self.observations}
        return sorted(asked.union(seen, *(each.learner_ids for each in self.beside)))

    @property
    def projects(self) -> int:
        """How many projects name them as the contact."""
        return sum(each.number for each in self.beside)

    @property
    def uncalled(self) -> tuple[Observation, ...]:
        """What a call to their workplace has not confirmed yet: it counts no more."""
        return tuple(
            each for each in self.observations if call_waiting(each.learner_id, each.id) is not None
        )

    def __bool__(self) -> bool:
        return bool(self.nominations or self.observations or self.projects)


def held_of(email: str, actor: Actor) -> Held:
    """Return what is held under an address at the institutions where the actor may erase it."""
    places = institutions_for(actor, Action.ERASE_OBSERVERS)
    mailbox = known_by(email)
    observer = db.session.scalars(select(Observer).filter_by(known_by=mailbox)).first()
    asked = db.session.scalars(select(Nomination).filter_by(mailbox=mailbox)).all()
    observer_id = observer.id if observer else ""
    seen = db.session.scalars(select(Observation).filter_by(observer_id=observer_id)).all()
    beside = tuple(each.held(mailbox, places) for each in KEEPERS)
    return Held(
        nominations=tuple(each for each in asked if each.institution_id in places and _says(each)),
        observations=tuple(each for each in seen if each.institution_id in places and _said(each)),
        observer=observer,
        beside=beside,
        is_held_elsewhere=any(each.institution_id not in places and _says(each) for each in asked)
        or any(each.institution_id not in places and _said(each) for each in seen)
        or any(each.is_held_elsewhere for each in beside),
    )


def _says(nomination: Nomination) -> bool:
    return nomination.email is not None


def _said(observation: Observation) -> Particulars | None:
    return db.session.get(Particulars, (observation.learner_id, observation.id))


def erase(email: str, actor: Actor) -> Held:
    """Return what was held under an address, now without name, address, telephone, role and note.

    Open links end, and what still waits for a call counts no more: nobody can be called. The
    observer's own row is emptied once no other institution holds anything.
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
        call = call_waiting(observation.learner_id, observation.id)
        if call is not None:
            give_up(call, actor)
        db.session.delete(_said(observation))
        _record(observation.learner_id, observation.id, actor)
    for keeper in KEEPERS:
        keeper.erase(known_by(email), institutions_for(actor, Action.ERASE_OBSERVERS), actor)
    if held.observer is not None and not held.is_held_elsewhere:
        _empty(held.observer, actor)
    db.session.flush()
    return held


def _record(learner_id: str, subject: str, actor: Actor) -> None:
    audit.record(audit.learner_chain(learner_id), "observer's particulars erased", actor, subject)


def _empty(observer: Observer, actor: Actor) -> None:
    observer.name = observer.email = observer.person_id = observer.claimed_at = None
    audit.record(audit.SYSTEM_CHAIN, "observer erased", actor, observer.id)
