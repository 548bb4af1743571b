"""Accounts: opening one, finding one's own, and who its owner is to a service."""

from __future__ import annotations

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor, ActorKind, Role
from assessment.audit import service as audit
from assessment.errors import Conflict, Forbidden, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.people import particulars
from assessment.people.learners import new_learner
from assessment.people.models import Person
from assessment.upsert import insert_once

TERMS_VERSION = "2026-11"
"""The version of the terms of use that a new account accepts."""


class EmailTaken(Conflict):
    """There is an account with this address already."""

    code = "email_taken"


def actor_of(person: Person) -> Actor:
    """Return `person` as whoever calls a service, with the roles held at this moment."""
    return Actor(
        ActorKind.PERSON,
        person_id=person.id,
        learner_id=person.learner_id,
        roles=frozenset((Role(grant.role), grant.institution_id) for grant in person.grants),
    )


def open_account(email: str, name: str, password_hash: str, language: str) -> Person:
    """Return the new account with this address; EmailTaken if somebody was first."""
    moment, person_id, learner = clock.now(), new_id(), new_learner()
    inserted = insert_once(
        Person,
        id=person_id,
        learner_id=learner.id,
        email=email,
        password_hash=password_hash,
        display_name=name,
        legal_name="",
        student_number="",
        language=language,
        terms_version=TERMS_VERSION,
        demo_story={},
        created_at=moment,
    )
    if not inserted:
        sentence = _("There is an account with this address already. Sign in to it.")
        raise EmailTaken(sentence, field="email")
    person = db.session.get_one(Person, person_id)
    record(person, "account opened", actor_of(person), terms=TERMS_VERSION)
    return person


def account_with(email: str) -> Person | None:
    """Return the account with this address, as it is kept; None if there is none."""
    return db.session.scalars(select(Person).where(Person.email == email)).one_or_none()


def person_with_email(text: str) -> Person | None:
    """Return the account with the address that somebody typed; None if there is none."""
    try:
        return account_with(particulars.email_address(text))
    except Invalid:
        return None


def own_account(actor: Actor) -> Person:
    """Return the account of whoever acts."""
    found = db.session.get(Person, actor.person_id) if actor.person_id else None
    if found is None or found.disabled_at is not None:
        raise NoSuchRecord("person", actor.person_id or "")
    return found


def require_own(person: Person, actor: Actor) -> None:
    """Raise Forbidden unless `actor` is the owner of the account, or the system."""
    if actor.kind is not ActorKind.SYSTEM and actor.person_id != person.id:
        raise Forbidden(_("This account belongs to somebody else."))


def confirm_email(person: Person) -> None:
    """Keep that the owner of the account reads this mailbox; the first time counts."""
    if person.email_confirmed_at is None:
        person.email_confirmed_at = clock.now()
        db.session.flush()
        record(person, "e-mail confirmed", actor_of(person))


def record(person: Person, act: str, actor: Actor, **details: object) -> None:
    """Record an act upon this account in the chain of its learner."""
    audit.record(audit.learner_chain(person.learner_id), act, actor, person.id, **details)
