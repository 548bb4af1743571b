"""What a worker does for awards: offers that nobody answered end."""

from __future__ import annotations

from assessment import transactions
from assessment.awards import service
from assessment.jobs.handlers import every

SWEEP_SECONDS = 600.0


@every(SWEEP_SECONDS, "awards.lapse")
def lapse() -> None:
    """End the offers whose time has run out."""
    with transactions.writing():
        service.lapse_offers()
