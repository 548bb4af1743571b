"""Erasing who an observer is, with what follows for results that waited for a call to them."""

from __future__ import annotations

from assessment.access import Actor
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.people import service as people
from assessment.performances.models import Performance
from assessment.performances.settling import settle


def erase(email: str, actor: Actor) -> None:
    """Erase what is held under an address; what no call can confirm any more counts no more."""
    for learner_id in observations.held_of(email, actor).learner_ids:
        people.lock_learner(learner_id)
    db.session.expire_all()
    uncalled = observations.held_of(email, actor).uncalled
    waiting = {(each.learner_id, each.performance_id) for each in uncalled}
    observations.erase(email, actor)
    for key in sorted(waiting):
        settle(db.session.get_one(Performance, key, populate_existing=True), actor)
