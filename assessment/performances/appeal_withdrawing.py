"""Taking an appeal back, until somebody has decided on it."""

from __future__ import annotations

from sqlalchemy import update

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.performances.appeal_models import Appeal, AppealedCriterion
from assessment.performances.models import Assignment, AssignmentState, Closing
from assessment.performances.showing import held_performance


def take_back(performance_id: str, appeal_id: str, actor: Actor) -> Appeal:
    """Return the actor's own appeal, taken back; taking it back twice is once.

    Nobody is to look again any more, the result stays, and nobody gets a mail. Its criteria can be
    appealed anew as long as there is time, unless somebody had begun to look: whoever has seen the
    reasons is lost to the next appeal, and nobody chooses who looks again.
    """
    performance = held_performance(performance_id, actor)
    key = (performance.learner_id, appeal_id)
    found = db.session.get(Appeal, key, populate_existing=True)
    if found is None or found.performance_id != performance.id:
        raise NoSuchRecord("appeal", appeal_id)
    if found.withdrawn_at is None:
        _note(found, actor, was_taken=_close(found))
    return found


def _close(appeal: Appeal) -> bool:
    """Return whether somebody had begun to look, and nobody does now; Conflict where one has."""
    place = db.session.get_one(
        Assignment, appeal.assignment_id, populate_existing=True, with_for_update=True
    )
    if place.state == AssignmentState.RELEASED:
        raise Conflict(_("Somebody has looked at this again already. See what they found."))
    if place.state == AssignmentState.OPEN:
        place.state, place.closed_because = AssignmentState.CLOSED, Closing.WITHDRAWN
    return place.person_id is not None


def _note(appeal: Appeal, actor: Actor, *, was_taken: bool) -> None:
    appeal.withdrawn_at = clock.now()
    if not was_taken:
        db.session.execute(
            update(AppealedCriterion)
            .filter_by(learner_id=appeal.learner_id, appeal_id=appeal.id)
            .values(withdrawn_at=appeal.withdrawn_at)
        )
    db.session.flush()
    audit.record(
        audit.learner_chain(appeal.learner_id),
        "appeal taken back",
        actor,
        appeal.id,
        performance=appeal.performance_id,
    )
