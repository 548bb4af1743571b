"""What a worker does for sittings: score those whose time is up, and account for our absences."""

from __future__ import annotations

import logging
import threading

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from assessment import transactions
from assessment.access import system
from assessment.jobs.handlers import Payload, at_the_start, every, handler
from assessment.jobs.sweeping import one_by_one
from assessment.people.service import APPLY_ALLOWANCE
from assessment.sittings import service
from assessment.sittings.models import Outage
from assessment.sittings.outages import BEAT_SECONDS

SWEEP_SECONDS = 5.0

log = logging.getLogger("attest.sittings")

_database_away = threading.Event()
"""Set while this worker's heartbeats are lost; nothing expires before that time is given back."""


@at_the_start("sittings.absence")
def account_for_absence() -> None:
    """Give back the time in which the server was not running, before anything can expire."""
    with transactions.writing():
        _told(service.account_for_absence())


def _told(outage: Outage | None) -> None:
    if outage is not None:
        log.warning("outage", extra={"sittings_credited": outage.sittings_credited})


@every(BEAT_SECONDS, "sittings.beat")
def beat() -> None:
    """Record that the server is there; after the database was away, give that time back first."""
    try:
        with transactions.writing():
            if _database_away.is_set():
                _told(service.account_for_absence())
            else:
                service.beat()
    except (OperationalError, PoolTimeout):
        _database_away.set()
        raise
    _database_away.clear()


@every(SWEEP_SECONDS, "sittings.expire")
def expire() -> None:
    """Score every sitting whose time has run out, each in a transaction of its own."""
    if not _database_away.is_set():
        one_by_one("sittings.expire", service.expired(), lambda each: service.expire(*each))


@handler(APPLY_ALLOWANCE)
def apply_allowance(payload: Payload) -> None:
    """Give a changed allowance to the learner's open sittings."""
    with transactions.writing():
        service.apply_allowance(payload["learner_id"], system("accommodation"))
