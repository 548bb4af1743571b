"""Times in which we were not there: noticed at the next start, given back, logged and told."""

from __future__ import annotations

from datetime import datetime, timedelta

from assessment import clock
from assessment.access import system
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.sittings import timing
from assessment.sittings.models import Heartbeat, Outage

HEARTBEAT = "server"
BEAT_SECONDS = 5
TOLERANCE = timedelta(seconds=20)
"""A shorter gap is a restart that nobody noticed."""


def beat() -> None:
    """Record that the server is there now."""
    moment = clock.now()
    found = db.session.get(Heartbeat, HEARTBEAT)
    if found is None:
        db.session.add(Heartbeat(name=HEARTBEAT, beat_at=moment))
    else:
        found.beat_at = moment
    db.session.flush()


def account_for_absence() -> Outage | None:
    """Return the outage since the last heartbeat, credited to every open sitting; None if none.

    Called at the start of the server, before anything that could expire a sitting.
    """
    found = db.session.get(Heartbeat, HEARTBEAT)
    moment = clock.now()
    outage = None
    if found is not None and moment - found.beat_at > TOLERANCE:
        outage = record(found.beat_at, moment, "the server was not running")
    beat()
    return outage


def record(began_at: datetime, ended_at: datetime, reason: str) -> Outage:
    """Return an outage from `began_at` to `ended_at`, its time given back to open sittings."""
    actor = system("outage")
    credited = timing.give_back(began_at, ended_at, actor)
    outage = Outage(began_at=began_at, ended_at=ended_at, sittings_credited=credited, reason=reason)
    db.session.add(outage)
    db.session.flush()
    audit.record(audit.SYSTEM_CHAIN, "outage", actor, outage.id, sittings=credited)
    return outage
