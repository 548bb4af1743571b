"""Appeals in the demo: a learner asks that somebody looks again, and somebody does."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from assessment.access import Actor
from assessment.extensions import db
from assessment.performances import appealing
from assessment.performances import service as performances
from assessment.performances.appeal_models import Appeal
from assessment.performances.models import Performance, RatingRow

BECAUSE = "The first paragraph does name each hazard, and where it is on the vehicle."


def decide(made: Appeal, assessors: Iterable[Actor]) -> None:
    """Let an assessor who had no part in it find that the learner is right."""
    rows = select(RatingRow.person_id).filter_by(performance_id=made.performance_id)
    before = set(db.session.scalars(rows))
    actor = next(each for each in assessors if each.person_id not in before)
    place = performances.claim_next(actor, instead=lambda _first: made.assignment)
    if place is None:
        raise LookupError("Nobody has anything to rate.")
    found = dict.fromkeys(place.criteria, "proficient")
    given = performances.Given(found, dict.fromkeys(place.criteria, BECAUSE))
    if not isinstance(performances.release(place.id, given, actor), performances.Released):
        raise LookupError("The appeal was not decided.")


def appeal(performance: Performance, criterion: str, reason: str, actor: Actor) -> Appeal:
    """Return the appeal that a learner makes on one criterion of their work."""
    return appealing.appeal(performance.id, {criterion: reason}, actor)
