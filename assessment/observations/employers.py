"""Employers and their observers: found again by their mailboxes, made where they are new."""

from __future__ import annotations

import unicodedata

from sqlalchemy import select

from assessment import clock
from assessment.extensions import db
from assessment.ids import new_id
from assessment.observations.mailboxes import domain_of, is_public, known_by
from assessment.observations.models import Employer, Observer
from assessment.upsert import insert_once


def employer_for(email: str, name: str) -> Employer:
    """Return the employer of whoever has this mailbox: by its domain, by name if it is public."""
    key = f"named {folded(name)[:200]}" if is_public(email) else domain_of(email)
    insert_once(Employer, id=new_id(), known_by=key, name=name, created_at=clock.now())
    return db.session.scalars(select(Employer).filter_by(known_by=key)).one()


def observer_for(email: str, name: str, employer: Employer) -> Observer:
    """Return the observer with this mailbox, who now goes by this name and works there."""
    key = known_by(email)
    insert_once(
        Observer,
        id=new_id(),
        known_by=key,
        employer_id=employer.id,
        name=name,
        email=email,
        created_at=clock.now(),
    )
    found = db.session.scalars(select(Observer).filter_by(known_by=key)).one()
    found.name, found.email, found.employer_id = name, email, employer.id
    db.session.flush()
    return found


def folded(name: str) -> str:
    """Return a name without case, accents, punctuation and doubled spaces."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = (
        " " if not each.isalnum() else each for each in plain if not unicodedata.combining(each)
    )
    return " ".join("".join(kept).split())
