"""What a worker does for performances: telling assessors of work, and sharing it with partners."""

from __future__ import annotations

from assessment import transactions
from assessment.jobs.handlers import Payload, every, handler
from assessment.jobs.sweeping import one_by_one
from assessment.people.accounts import actor_of
from assessment.performances.eligibility import Choice
from assessment.performances.free_places import number_waiting
from assessment.performances.notices import WORK_WAITS, tell_work_waits
from assessment.performances.partners import assessors_near, share, unshared
from assessment.performances.settling import SETTLE_AGAIN, settle_again

SHARE_SECONDS = 3600.0


@handler(WORK_WAITS)
def work_waits(payload: Payload) -> None:
    """Mail whoever may take something of what waits on a rubric."""
    choice = Choice(rubric_key=payload["rubric_key"])
    with transactions.writing():
        for person in assessors_near(payload["institution_id"]):
            if number_waiting(actor_of(person), choice, 1):
                tell_work_waits(person, payload["day"])


@handler(SETTLE_AGAIN)
def settle_later(payload: Payload) -> None:
    """Close what nothing calls for any more, once the time of whoever had it is up."""
    with transactions.writing():
        settle_again(payload["learner_id"], payload["performance_id"])


@every(SHARE_SECONDS, "performances.share")
def share_places() -> None:
    """Let partners rate what an institution has become too few to rate itself."""
    one_by_one("performances.share", unshared(), share)
