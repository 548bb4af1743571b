"""Places in status lists: each credential has one, at random, so that a place tells nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import func, select

from assessment import clock
from assessment.access import system
from assessment.audit import service as audit
from assessment.credentials.models import StatusList, StatusSlot
from assessment.credentials.status import SIZE
from assessment.credentials.turns import take_turn
from assessment.extensions import db
from assessment.upsert import insert_once

TRIES = 8
"""A list counts as full when so many random places are taken in a row: half full, that is one
time in 256. No count is kept, for a counter would let one award wait for another."""


@dataclass(frozen=True)
class Slot:
    """A place in a status list that now belongs to one credential."""

    list_id: str
    number: int
    place: int


def take_slot(institution_id: str) -> Slot:
    """Return a place of the institution's own, in its newest list or in a new one."""
    newest = _newest(institution_id)
    taken = _try(newest) if newest else None
    while taken is None:
        newest = _next(institution_id, newest)
        taken = _try(newest)
    return taken


def _try(status_list: StatusList) -> Slot | None:
    """Return a free place; None where the list is as good as full."""
    for _ in range(TRIES):
        place = secrets.randbelow(status_list.size)
        if insert_once(StatusSlot, status_list_id=status_list.id, place=place):
            return Slot(status_list.id, status_list.number, place)
    return None


def _newest(institution_id: str) -> StatusList | None:
    query = select(StatusList).filter_by(institution_id=institution_id)
    return db.session.scalars(query.order_by(StatusList.number.desc()).limit(1)).first()


def _next(institution_id: str, full: StatusList | None) -> StatusList:
    """Return a list after the one that is full: opened now, unless another was faster."""
    take_turn()
    newest = _newest(institution_id)
    if newest is not None and newest is not full:
        return newest
    opened = StatusList(
        institution_id=institution_id,
        number=1 + (db.session.scalar(select(func.max(StatusList.number))) or 0),
        size=SIZE,
        updated_at=clock.now(),
    )
    db.session.add(opened)
    db.session.flush()
    chain = audit.institution_chain(institution_id)
    audit.record(chain, "status list opened", system("credentials"), opened.id)
    return opened
