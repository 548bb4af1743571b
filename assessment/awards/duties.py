"""What a worker does for awards: offers that nobody answered end, and awards that ran out."""

from __future__ import annotations

from assessment import transactions
from assessment.access import system
from assessment.awards import service
from assessment.jobs.handlers import every
from assessment.jobs.sweeping import one_by_one

LAPSE_SECONDS = 600.0
EXPIRE_SECONDS = 3600.0


@every(LAPSE_SECONDS, "awards.lapse")
def lapse() -> None:
    """End the offers whose time has run out."""
    with transactions.writing():
        service.lapse_offers()


@every(EXPIRE_SECONDS, "awards.expire")
def expire() -> None:
    """End the awards whose last day is past; what was shown since renews them at once."""
    learners = service.learners_with_expired_awards()
    one_by_one("awards.expire", learners, lambda each: service.consider(each, system("expiry")))
