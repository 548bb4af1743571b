"""What somebody could rate: open to them, closed to them by a gate, or waiting for others alone."""

from __future__ import annotations

from sqlalchemy import exists, select

from assessment import clock
from assessment.access import Actor
from assessment.extensions import db
from assessment.performances.eligibility import OFFERED
from assessment.performances.free_places import rubrics_within_reach
from assessment.performances.models import Assignment, AssignmentState, RubricVersion, Task
from assessment.performances.partners import within_reach
from assessment.performances.qualifications import closed_rubrics

__all__ = ["closed_within_reach", "others_wait", "rubrics_within_reach"]


def closed_within_reach(actor: Actor) -> frozenset[str]:
    """Return the keys of the rubrics of tasks where the actor rates whose gate keeps them out."""
    closed = closed_rubrics(actor.person_id or "")
    if not closed:
        return frozenset()
    rows = select(RubricVersion.key).join(Task, Task.rubric_id == RubricVersion.id)
    here = rows.where(Task.institution_id.in_(within_reach(actor)))
    return frozenset(db.session.scalars(here.where(RubricVersion.key.in_(closed))))


def others_wait(actor: Actor) -> bool:
    """Return whether work waits that the actor qualifies for, whoever may take it."""
    place = exists().where(
        Assignment.institution_id.in_(within_reach(actor)),
        Assignment.rubric_key.in_(rubrics_within_reach(actor)),
        Assignment.state == AssignmentState.OPEN,
        Assignment.leased_until <= clock.now(),
        Assignment.role.in_(OFFERED),
    )
    return bool(db.session.scalar(select(place)))
