"""Single-use links that are sent by mail: reset of a password, confirmation, invitation.

A token is derived from the ticket's random id and the secret key, so that no table and no job
holds it before the mail is written; the ticket keeps its hash. Whoever uses a link first has used
it: one UPDATE decides. Looking at a link uses nothing up.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select, update

from assessment import clock
from assessment.errors import Expired
from assessment.extensions import db
from assessment.ids import new_id
from assessment.jobs import service as jobs
from assessment.locale import gettext as _
from assessment.people.models import Person, Purpose, Ticket

MAIL_TICKET = "people.mail_ticket"
LIFETIMES = {
    Purpose.RESET: timedelta(hours=2),
    Purpose.CONFIRMATION: timedelta(days=3),
    Purpose.INVITATION: timedelta(hours=24),
}
KEPT = timedelta(days=30)


class LinkSpent(Expired):
    """A link that was used, has run out, was withdrawn, or never was: one answer for all."""

    code = "link_spent"


def issue(purpose: Purpose, email: str, language: str, **columns: str | None) -> Ticket:
    """Return a new ticket for the holder of this mailbox; a job mails its link."""
    moment, ticket_id = clock.now(), new_id()
    ticket = Ticket(
        id=ticket_id,
        purpose=purpose,
        email=email,
        language=language,
        token_hash=hashed(token_of(ticket_id)),
        created_at=moment,
        expires_at=moment + LIFETIMES[purpose],
        **columns,
    )
    db.session.add(ticket)
    db.session.flush()
    jobs.enqueue(MAIL_TICKET, {"ticket_id": ticket_id})
    return ticket


def token_of(ticket_id: str) -> str:
    """Return the secret part of the link of this ticket."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    mac = hmac.new(secret, f"ticket\n{ticket_id}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str, purpose: Purpose) -> Ticket:
    """Return the ticket of a link that can still be used; nothing is used up."""
    query = select(Ticket).where(
        Ticket.token_hash == hashed(token),
        Ticket.purpose == purpose,
        Ticket.used_at.is_(None),
        Ticket.expires_at > clock.now(),
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise _spent()
    return found


def redeem(token: str, purpose: Purpose) -> Ticket:
    """Return the ticket of a link that this call used up; LinkSpent for all calls but one."""
    moment = clock.now()
    used = db.session.execute(
        update(Ticket)
        .where(
            Ticket.token_hash == hashed(token),
            Ticket.purpose == purpose,
            Ticket.used_at.is_(None),
            Ticket.expires_at > moment,
        )
        .values(used_at=moment)
        .returning(Ticket.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if used is None:
        raise _spent()
    return db.session.get_one(Ticket, used, populate_existing=True)


def void(purpose: Purpose, email: str, institution_id: str | None = None) -> None:
    """Make every open ticket of this purpose for this mailbox unusable; flushed."""
    db.session.execute(
        update(Ticket)
        .where(
            Ticket.purpose == purpose,
            Ticket.email == email,
            Ticket.institution_id == institution_id,
            Ticket.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def sweep() -> None:
    """Delete tickets that ran out long ago, with the addresses they hold; flushed."""
    db.session.execute(delete(Ticket).where(Ticket.expires_at < clock.now() - KEPT))


def _spent() -> LinkSpent:
    return LinkSpent(
        _("A link works once, and for a limited time. Ask for a new one and use the latest mail.")
    )


def owner(ticket: Ticket) -> Person:
    """Return the account that the ticket was made for, if it still has that address."""
    person = db.session.get(Person, ticket.person_id) if ticket.person_id else None
    if person is None or person.email != ticket.email or person.disabled_at is not None:
        raise _spent()
    return person
