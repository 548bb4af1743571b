"""The links that were mailed, as their readers find them."""

from __future__ import annotations

from sqlalchemy import select

from assessment.extensions import db
from assessment.people import tickets
from assessment.people.models import Purpose, Ticket


def token_for(email: str, purpose: Purpose) -> str:
    """Return the token in the latest mail of this purpose to this address."""
    query = (
        select(Ticket.id)
        .where(Ticket.email == email, Ticket.purpose == purpose)
        .order_by(Ticket.created_at.desc())
    )
    return tickets.token_of(db.session.scalars(query).all()[0])
