"""Whether anybody may look again: an assessor who had no part in the work, here or at a partner."""

from __future__ import annotations

from sqlalchemy import select

from assessment import clock
from assessment.extensions import db
from assessment.people.accounts import actor_of
from assessment.people.models import Person
from assessment.performances.eligibility import may_take
from assessment.performances.models import Assignment, AssignmentState
from assessment.performances.partners import assessors_near
from assessment.performances.qualifications import closed_rubrics


def somebody_may_take(place: Assignment) -> bool:
    """Return whether a place is somebody's now, or there is anybody who may take it."""
    if place.state != AssignmentState.OPEN or place.leased_until > clock.now():
        return True
    return any(_may_take(each, place) for each in assessors_near(place.institution_id))


def _may_take(person: Person, place: Assignment) -> bool:
    if place.rubric_key in closed_rubrics(person.id):
        return False
    free = select(Assignment.id).where(
        Assignment.id == place.id, may_take(actor_of(person), person.email)
    )
    return db.session.scalar(free) is not None
