"""What a worker does for registrars: finding places that nobody may take, and telling them."""

from __future__ import annotations

from assessment import transactions
from assessment.jobs.handlers import Payload, every, handler
from assessment.jobs.sweeping import one_by_one
from assessment.performances.stuck import (
    changes,
    institutions_concerned,
    note,
    share_stuck,
    to_share,
)
from assessment.performances.stuck_letters import NOBODY_MAY, nobody_may, tell_nobody_may

STUCK_SECONDS = 900.0


@every(STUCK_SECONDS, "performances.stuck")
def watch_stuck() -> None:
    """Find what nobody may take: share it with partners, note the rest, and have it told."""
    one_by_one("performances.stuck", to_share(), share_stuck)
    one_by_one("performances.stuck", changes(), note)
    one_by_one("performances.stuck", institutions_concerned(), nobody_may)


@handler(NOBODY_MAY)
def tell_institution(payload: Payload) -> None:
    """Mail an institution how much of its work nobody may rate."""
    with transactions.writing():
        tell_nobody_may(payload["institution_id"], payload["day"])
