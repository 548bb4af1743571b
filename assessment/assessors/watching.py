"""What a released rating means for the trust in whoever gave it, in the same transaction."""

from __future__ import annotations

from enum import StrEnum

from assessment.access import Actor
from assessment.assessors import gates, monitoring, qualifying, suspending
from assessment.performances import service as performances
from assessment.performances.models import COUNTED, AssignmentRole, RatingRow
from assessment.performances.rating import Given, Kept, Released, Unfinished, held_rating


class Consequence(StrEnum):
    """What follows for the rater."""

    NONE = "none"
    TRAINED = "trained"
    """They may see what was expected."""
    ATTEMPTING = "attempting"
    """One more exemplar of an attempt at a gate is rated."""
    SUSPENDED = "suspended"


def release(
    assignment_id: str, given: Given, actor: Actor
) -> Released | Kept | Unfinished | Consequence:
    """Return what came of releasing a rating; a consequence where the rater has to be told one."""
    was_released = held_rating(assignment_id, actor).released_at is not None
    found = performances.release(assignment_id, given, actor)
    if not isinstance(found, Released) or was_released:
        return found
    consequence = after_release(found.rating, actor)
    return found if consequence is Consequence.NONE else consequence


def after_release(rating: RatingRow, actor: Actor) -> Consequence:
    """Return what a rating that was just released means for its rater."""
    match AssignmentRole(rating.role):
        case AssignmentRole.TRAINING:
            monitoring.record_exemplar(rating)
            return Consequence.TRAINED
        case AssignmentRole.QUALIFYING:
            monitoring.record_exemplar(rating)
            gates.advance(rating, actor)
            return Consequence.ATTEMPTING
        case AssignmentRole.SEEDED:
            monitoring.record_exemplar(rating)
            qualifying.count_down(rating)
            if suspending.watch_seeds(rating):
                return Consequence.SUSPENDED
        case AssignmentRole.READ_BEHIND:
            monitoring.record_read_behind(rating)
        case AssignmentRole.REVIEWER:
            monitoring.record_appeal(rating)
            qualifying.count_down(rating)
        case role if role in COUNTED:
            qualifying.count_down(rating)
    return Consequence.NONE
