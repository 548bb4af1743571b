"""What a worker does for people: mailing links, and clearing away what has run out."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale

from assessment import mail, transactions
from assessment.extensions import db
from assessment.jobs.handlers import Payload, every, handler
from assessment.people import letters, sign_ins, throttle, tickets
from assessment.people.models import Purpose, Ticket

SWEEP_SECONDS = 3600.0
PATHS = {
    Purpose.RESET: "/reset/",
    Purpose.CONFIRMATION: "/confirm/",
    Purpose.INVITATION: "/invitations/",
}


@handler(tickets.MAIL_TICKET)
def mail_ticket(payload: Payload) -> None:
    """Mail the link of a ticket, once; a reset asked for an unknown address ends here."""
    with transactions.writing():
        ticket = db.session.get(Ticket, payload["ticket_id"])
        if ticket is None or ticket.used_at is not None:
            return
        if ticket.purpose != Purpose.INVITATION and ticket.person_id is None:
            db.session.delete(ticket)
            return
        _mail(ticket)


@every(SWEEP_SECONDS, "people.sweep")
def sweep() -> None:
    """Delete counts, tickets and sign-ins that ran out long ago."""
    with transactions.writing():
        throttle.sweep()
        sign_ins.sweep()
        tickets.sweep()


def _mail(ticket: Ticket) -> None:
    token = tickets.token_of(ticket.id)
    ticket.token_hash = tickets.hashed(token)  # the secret key may have changed since
    base = current_app.extensions["attest_settings"].base_url
    link = f"{base}{PATHS[Purpose(ticket.purpose)]}{token}"
    with force_locale(ticket.language):
        letter = letters.letter_for(ticket, link)
    mail.send(
        ticket.email,
        letter.subject,
        letter.text,
        language=ticket.language,
        once_key=f"ticket:{ticket.id}",
    )
