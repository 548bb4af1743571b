"""What a worker does for sittings: score those whose time is up, and account for our absences."""

from __future__ import annotations

import logging

from assessment import transactions
from assessment.access import system
from assessment.jobs.handlers import Payload, at_the_start, every, handler
from assessment.people.accommodations import APPLY_ALLOWANCE
from assessment.sittings import service
from assessment.sittings.outages import BEAT_SECONDS

SWEEP_SECONDS = 5.0

log = logging.getLogger("attest.sittings")


@at_the_start("sittings.absence")
def account_for_absence() -> None:
    """Give back the time in which the server was not running, before anything can expire."""
    with transactions.writing():
        outage = service.account_for_absence()
        if outage is not None:
            log.warning("outage", extra={"sittings_credited": outage.sittings_credited})


@every(BEAT_SECONDS, "sittings.beat")
def beat() -> None:
    """Record that the server is there."""
    with transactions.writing():
        service.beat()


@every(SWEEP_SECONDS, "sittings.expire")
def expire() -> None:
    """Score every sitting whose time has run out, each in a transaction of its own."""
    for learner_id, sitting_id in service.expired():
        transactions.rollback()  # reading began a transaction that cannot write
        with transactions.writing():
            service.expire(learner_id, sitting_id)


@handler(APPLY_ALLOWANCE)
def apply_allowance(payload: Payload) -> None:
    """Give a changed allowance to the learner's open sittings."""
    with transactions.writing():
        service.apply_allowance(payload["learner_id"], system("accommodation"))
