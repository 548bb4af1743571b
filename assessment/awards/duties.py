"""What a worker does for awards: offers that nobody answered end, and awards that ran out."""

from __future__ import annotations

from assessment import transactions
from assessment.access import system
from assessment.awards import service
from assessment.jobs.handlers import every

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
    for learner_id in service.learners_with_expired_awards():
        transactions.rollback()  # reading began a transaction that cannot write
        with transactions.writing():
            service.consider(learner_id, system("expiry"))
