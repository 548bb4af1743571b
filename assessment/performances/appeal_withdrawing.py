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
    appealed anew as long as there is time.
    """
    performance = held_performance(performance_id, actor)
    key = (performance.learner_id, appeal_id)
    found = db.session.get(Appeal, key, populate_existing=True)
    if found is None or found.performance_id != performance.id:
        raise NoSuchRecord("appeal", appeal_id)
    if found.withdrawn_at is None:
        _close(found)
        _note(found, actor)
    return found


def _close(appeal: Appeal) -> None:
    """Let nobody look again; Conflict where somebody has done so."""
    place = db.session.get_one(Assignment, appeal.assignment_id, populate_existing=True)
    if place.state == AssignmentState.RELEASED:
        raise Conflict(_("Somebody has looked at this again already. See what they found."))
    if place.state == AssignmentState.OPEN:
        place.state, place.closed_because = AssignmentState.CLOSED, Closing.WITHDRAWN


def _note(appeal: Appeal, actor: Actor) -> None:
    appeal.withdrawn_at = clock.now()
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
