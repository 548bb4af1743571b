"""Signing in and out: one answer, and the same work, whether or not there is such an account."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select

from assessment import clock, transactions
from assessment.access import Actor
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.people import accounts, particulars, passwords, throttle
from assessment.people.models import Person, SignIn

log = logging.getLogger("attest.people")

KEPT = timedelta(days=30)
"""A sign-in itself lasts 12 hours at most."""


class SignInRefused(Invalid):
    """The address or the password is not right; which of them is not said."""

    code = "sign_in_refused"


@dataclass(frozen=True)
class _Known:
    person_id: str
    password_hash: str


def authenticate(email: str, password: str, address: str) -> Person:
    """Return the person with this address and password, who signs in from a network `address`.

    Begins a writing transaction after the password was checked outside of any.
    """
    mailbox = _mailbox(email)
    known = _known(mailbox)
    to_account = throttle.Try(throttle.SIGN_IN_TO_ACCOUNT, mailbox)
    from_address = throttle.from_address(throttle.SIGN_IN_FROM_ADDRESS, address)
    throttle.admit(to_account, from_address)
    if not passwords.matches(password, known.password_hash if known else None):
        raise _refused()
    transactions.begin_writing()
    person = _unchanged(known)
    throttle.forget(to_account)
    throttle.forgive(from_address)
    return person


def _mailbox(email: str) -> str:
    """Return the address as kept; what cannot be one stays as it is, and is unknown."""
    try:
        return particulars.email_address(email)
    except Invalid:
        return email[: particulars.LONGEST_EMAIL]


def _known(mailbox: str) -> _Known | None:
    row = db.session.execute(
        select(Person.id, Person.password_hash).where(
            Person.email == mailbox, Person.disabled_at.is_(None)
        )
    ).one_or_none()
    return _Known(row[0], row[1]) if row else None


def _unchanged(known: _Known | None) -> Person:
    """Return the account whose password was checked, unless it has been changed since.

    The account is held, so that a new password either ends this sign-in too, or came before it.
    """
    query = select(Person).where(
        Person.id == (known.person_id if known else ""),
        Person.password_hash == (known.password_hash if known else ""),
        Person.disabled_at.is_(None),
    )
    held = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    person = db.session.scalars(held).one_or_none()
    if person is None:
        raise _refused()
    return person


def _refused() -> SignInRefused:
    log.info("sign-in refused")
    return SignInRefused(
        _("The e-mail address or the password is not right. Check both, or get a new password.")
    )


def sign_in(person: Person) -> SignIn:
    """Return the new sign-in of `person` on one device."""
    row = SignIn(person_id=person.id, created_at=clock.now())
    db.session.add(row)
    db.session.flush()
    accounts.record(person, "signed in", accounts.actor_of(person), sign_in=row.id)
    return row


def sign_out(sign_in_id: str, actor: Actor) -> None:
    """End one sign-in; a copy of its cookie is of no use any more."""
    person = accounts.own_account(actor)
    _end(person, SignIn.id == sign_in_id)
    accounts.record(person, "signed out", actor, sign_in=sign_in_id)


def sign_out_everywhere(person: Person, actor: Actor) -> None:
    """End every sign-in of `person`, on all devices."""
    _end(person)
    accounts.record(person, "signed out everywhere", actor)


def sweep() -> None:
    """Delete sign-ins that ended long ago; flushed, not committed."""
    db.session.execute(delete(SignIn).where(SignIn.created_at < clock.now() - KEPT))


def _end(person: Person, *which: ColumnElement[bool]) -> None:
    moment = clock.now()
    standing = select(SignIn).where(SignIn.person_id == person.id, SignIn.revoked_at.is_(None))
    for row in db.session.scalars(standing.where(*which)):
        row.revoked_at = moment
    db.session.flush()
