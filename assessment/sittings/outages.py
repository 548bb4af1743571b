"""Times in which we were not there: noticed when we are back, given back, logged and told."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from assessment import clock
from assessment.access import system
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.sittings import timing
from assessment.sittings.models import Heartbeat, Outage
from assessment.upsert import insert_once

HEARTBEAT = "server"
BEAT_SECONDS = 5
TOLERANCE = timedelta(seconds=20)
"""A shorter gap is a restart that nobody noticed."""


def beat() -> None:
    """Record that the server is there now."""
    moment = clock.now()
    if not insert_once(Heartbeat, name=HEARTBEAT, beat_at=moment):
        db.session.execute(
            update(Heartbeat).where(Heartbeat.name == HEARTBEAT).values(beat_at=moment)
        )


def account_for_absence() -> Outage | None:
    """Return the outage since the last heartbeat, credited to every open sitting; None if none.

    Called before anything that could expire a sitting. The heartbeat is held meanwhile, so that
    of several servers that come back together one gives the time back.
    """
    found = db.session.get(Heartbeat, HEARTBEAT, with_for_update=True)
    moment = clock.now()
    outage = None
    if found is not None and moment - found.beat_at > TOLERANCE:
        outage = record(found.beat_at, moment)
    beat()
    return outage


def record(began_at: datetime, ended_at: datetime) -> Outage:
    """Return an outage from `began_at` to `ended_at`, its time given back to open sittings."""
    actor = system("outage")
    credited = timing.give_back(began_at, ended_at, actor)
    outage = Outage(began_at=began_at, ended_at=ended_at, sittings_credited=credited)
    db.session.add(outage)
    db.session.flush()
    audit.record(audit.SYSTEM_CHAIN, "outage", actor, outage.id, sittings=credited)
    return outage
