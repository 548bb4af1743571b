"""Work whose result somebody set aside for good: nobody looks at it again."""

from __future__ import annotations

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.performances.concluding import is_final, resolutions_of
from assessment.performances.models import (
    COUNTED,
    ENDED,
    AssignmentRole,
    Closing,
    Performance,
    PerformanceState,
)
from assessment.performances.places import close_places


def end_for_good(performance: Performance, actor: Actor) -> None:
    """Close a locked learner's performance whose result was set aside for good, with its places.

    One that has such a result and fell before is open; it stays as it was concluded last.
    """
    if not is_final(performance):
        return
    close_places(performance, Closing.NOT_CALLED, COUNTED - {AssignmentRole.REVIEWER})
    if performance.state in ENDED:
        return
    performance.state, performance.ended_at = PerformanceState.RESOLVED, clock.now()
    performance.outcome = resolutions_of(performance)[-1].outcome
    db.session.flush()
    observations.end_all(performance.learner_id, performance.id, actor)
    chain = audit.learner_chain(performance.learner_id)
    audit.record(chain, "performance closed for good", actor, performance.id)
