"""Calls to the workplaces of observers with public mailboxes, and setting observations aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, select

from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.audit import service as audit
from assessment.errors import Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.observations.models import (
    CallBack,
    Employer,
    Ending,
    Observation,
    ObservationVoid,
    Observer,
    Particulars,
    Reached,
)
from assessment.observations.naming import end, nominations
from assessment.people import service as people
from assessment.people.models import Person
from assessment.upsert import insert_once

MOST_TRIES = 3
MOST_LISTED = 100
NOT_CONFIRMED = "not confirmed by a call to the workplace"
ERASED = "erased before the call to the workplace could be made"


@dataclass(frozen=True)
class Call:
    """One call to make: to whom, where, and about what."""

    observation_id: str
    learner_name: str
    observer_name: str
    employer: str
    role: str
    telephone: str
    days: tuple[date, ...]
    due_at: datetime
    tries: int


def calls_waiting(actor: Actor) -> list[Call]:
    """Return the calls that somebody of the actor's institutions is to make, the oldest first."""
    joined = and_(
        Observation.learner_id == CallBack.learner_id, Observation.id == CallBack.observation_id
    )
    said = and_(
        Particulars.learner_id == CallBack.learner_id,
        Particulars.observation_id == CallBack.observation_id,
    )
    rows = (
        select(CallBack, Observation, Particulars)
        .join(Observation, joined)
        .join(Particulars, said)
        .where(
            _is_theirs(actor),
            CallBack.outcome.is_(None),
        )
        .order_by(CallBack.due_at, CallBack.observation_id)
    )
    return [_call(*row) for row in db.session.execute(rows)]


def number_of_calls(actor: Actor) -> int:
    """Return how many calls somebody of the actor's institutions is to make."""
    rows = select(func.count()).select_from(CallBack)
    return db.session.scalar(rows.where(_is_theirs(actor), CallBack.outcome.is_(None))) or 0


def _is_theirs(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a call is for the actor to make: never about their own work."""
    return and_(
        CallBack.institution_id.in_(institutions_for(actor, Action.GRANT_CREDIT)),
        CallBack.learner_id != (actor.learner_id or ""),
    )


def _call(call: CallBack, row: Observation, said: Particulars) -> Call:
    learner = people.person_of_learner(call.learner_id)
    return Call(
        observation_id=row.id,
        learner_name=learner.legal_name or learner.display_name if learner else "",
        observer_name=said.name,
        employer=said.employer,
        role=said.role,
        telephone=said.telephone,
        days=tuple(map(date.fromisoformat, row.days)),
        due_at=call.due_at,
        tries=call.tries,
    )


@dataclass(frozen=True)
class Made:
    """One call that is over: about whom, and what it found."""

    learner_name: str
    observer_name: str
    """"" where who they are was erased."""
    employer: str
    found: Reached
    tries: int
    called_by: str
    called_at: datetime | None


def calls_made(actor: Actor) -> list[Made]:
    """Return the calls of the actor's institutions that are over, the latest first."""
    said = and_(
        Particulars.learner_id == CallBack.learner_id,
        Particulars.observation_id == CallBack.observation_id,
    )
    rows = (
        select(CallBack, Particulars, Person)
        .outerjoin(Particulars, said)
        .outerjoin(Person, Person.id == CallBack.called_by)
        .where(_is_theirs(actor), CallBack.outcome.is_not(None))
        .order_by(CallBack.called_at.desc(), CallBack.due_at.desc(), CallBack.observation_id)
        .limit(MOST_LISTED)
    )
    return [_made(*row) for row in db.session.execute(rows)]


def _made(call: CallBack, said: Particulars | None, caller: Person | None) -> Made:
    learner = people.person_of_learner(call.learner_id)
    return Made(
        learner_name=learner.legal_name or learner.display_name if learner else "",
        observer_name=said.name if said else "",
        employer=said.employer if said else "",
        found=Reached(call.outcome or Reached.ERASED),
        tries=call.tries,
        called_by=caller.display_name if caller else "",
        called_at=call.called_at,
    )


def call_of(observation_id: str, actor: Actor) -> CallBack:
    """Return a call of the actor's institutions; NoSuchRecord for any other."""
    rows = select(CallBack).where(CallBack.observation_id == observation_id, _is_theirs(actor))
    found = db.session.scalars(rows.execution_options(populate_existing=True)).first()
    if found is None:
        raise NoSuchRecord("call", observation_id)
    return found


def keep_call(call: CallBack, found: Reached, actor: Actor) -> bool:
    """Return whether the observation was set aside by what a call found; the learner is locked.

    Who is not reached is called again, three times in all.
    """
    if call.outcome is not None:
        return False
    call.tries += 1
    call.called_by, call.called_at = actor.person_id, clock.now()
    if found is not Reached.NOT_REACHED or call.tries >= MOST_TRIES:
        call.outcome = found
    db.session.flush()
    chain = audit.learner_chain(call.learner_id)
    audit.record(chain, "observer called", actor, call.observation_id, found=found)
    if found is not Reached.DENIED:
        return False
    return void(call.learner_id, call.observation_id, NOT_CONFIRMED, actor)


def call_waiting(learner_id: str, observation_id: str) -> CallBack | None:
    """Return the call that an observation waits for; None where there is none to make."""
    rows = select(CallBack).filter_by(
        learner_id=learner_id, observation_id=observation_id, outcome=None
    )
    return db.session.scalars(rows.execution_options(populate_existing=True)).first()


def give_up(call: CallBack, actor: Actor) -> None:
    """Set aside what waits for a call that nobody can make any more; the learner is locked."""
    call.outcome = Reached.ERASED
    db.session.flush()
    chain = audit.learner_chain(call.learner_id)
    audit.record(chain, "call given up", actor, call.observation_id)
    void(call.learner_id, call.observation_id, ERASED, actor)


def void(learner_id: str, observation_id: str, reason: str, actor: Actor) -> bool:
    """Return whether this call set an observation aside, which then counts for nothing."""
    if not reason.strip():
        raise Invalid(_("Say why this does not count."), field="reason")
    made = insert_once(
        ObservationVoid,
        learner_id=learner_id,
        observation_id=observation_id,
        reason=reason.strip(),
        voided_by=actor.reference,
        voided_at=clock.now(),
    )
    if made:
        _end_links(learner_id, observation_id, actor)
        chain = audit.learner_chain(learner_id)
        audit.record(chain, "observation voided", actor, observation_id, reason=reason.strip())
    return made


def _end_links(learner_id: str, observation_id: str, actor: Actor) -> None:
    """End every open link to the same work that the same mailbox has."""
    row = db.session.get_one(Observation, (learner_id, observation_id))
    mailbox = db.session.get_one(Observer, row.observer_id).known_by
    for each in nominations(learner_id, row.performance_id):
        if each.mailbox == mailbox:
            end(each, Ending.SET_ASIDE, actor)


@dataclass(frozen=True)
class EmployerLine:
    """One employer, with how many observers and observations came from there."""

    name: str
    known_by: str
    observers: int
    observations: int
    not_counted: int

    @property
    def domain(self) -> str:
        """The mail domain that it is known by; "" where it is known by its name."""
        return "" if self.known_by.startswith("named ") else self.known_by


def employers(actor: Actor) -> list[EmployerLine]:
    """Return the employers whose people saw work for the actor's institutions, most seen first.

    What counts for nothing was in a conflict of interest, or was set aside.
    """
    number, people_there = func.count(Observation.id), func.count(Observer.id.distinct())
    stands = and_(Observation.counts, ObservationVoid.observation_id.is_(None))
    uncounted = func.sum(case((stands, 0), else_=1))
    void = and_(
        ObservationVoid.learner_id == Observation.learner_id,
        ObservationVoid.observation_id == Observation.id,
    )
    rows = (
        select(Employer.name, Employer.known_by, people_there, number, uncounted)
        .join(Observation, Observation.employer_id == Employer.id)
        .join(Observer, Observer.id == Observation.observer_id)
        .outerjoin(ObservationVoid, void)
        .where(Observation.institution_id.in_(institutions_for(actor, Action.GRANT_CREDIT)))
        .group_by(Employer.id, Employer.name, Employer.known_by)
        .order_by(number.desc(), Employer.name)
    )
    return [EmployerLine(*row) for row in db.session.execute(rows)]
