"""What waits for a registrar on each of their desks, counted."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from assessment.access import Action, Actor, institutions_for
from assessment.awards import service as awards
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.performances import complaining
from assessment.performances.appeal_models import Appeal
from assessment.performances.models import Assignment, AssignmentState
from assessment.projects import service as projects
from assessment.projects.models import ProjectState
from assessment.registry import stuck
from assessment.registry.second_looks import CameOf, number_of

MOST_COUNTED = 200


def waiting_for(actor: Actor) -> Mapping[str, int]:
    """Return how much waits, by the endpoint of the desk; only what the actor could see there."""
    return {
        "registry.doubts": len(awards.doubts_for(actor, MOST_COUNTED)),
        "registry.appeals": _appeals(actor),
        "registry.seconds": number_of(actor, CameOf.WAITS),
        "registry.complaints": sum(
            each.answered_at is None for each in complaining.complaints_for(actor)
        ),
        "registry.stuck": stuck.number_for(actor),
        "observations.calls": observations.number_of_calls(actor),
        "projects.desk": sum(
            each.state == ProjectState.PROPOSED for each in projects.kept_by(actor)
        ),
    }


def _appeals(actor: Actor) -> int:
    """Return how many appeals nobody has decided yet."""
    rows = (
        select(func.count())
        .select_from(Appeal)
        .join(Assignment, Assignment.id == Appeal.assignment_id)
        .where(
            Assignment.institution_id.in_(institutions_for(actor, Action.GRANT_CREDIT)),
            Assignment.state == AssignmentState.OPEN,
            Appeal.withdrawn_at.is_(None),
        )
    )
    return db.session.scalar(rows) or 0
