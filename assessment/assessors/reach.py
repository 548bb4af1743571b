"""Whether what somebody could rate waits, be it for others alone."""

from __future__ import annotations

from sqlalchemy import exists, select

from assessment import clock
from assessment.access import Actor
from assessment.extensions import db
from assessment.performances.eligibility import OFFERED
from assessment.performances.models import Assignment, AssignmentState
from assessment.performances.partners import within_reach
from assessment.performances.reach import Reach


def others_wait(actor: Actor, reach: Reach) -> bool:
    """Return whether work waits that the actor qualifies for, whoever may take it."""
    place = exists().where(
        Assignment.institution_id.in_(within_reach(actor)),
        Assignment.rubric_key.in_({each.rubric_key for each in reach.open}),
        Assignment.state == AssignmentState.OPEN,
        Assignment.leased_until <= clock.now(),
        Assignment.role.in_(OFFERED),
    )
    return bool(db.session.scalar(select(place)))
