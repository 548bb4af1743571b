"""What would follow if a workplace did not confirm an observation: shown before it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from assessment.access import Actor
from assessment.errors import Conflict, Forbidden
from assessment.evidence import service as ledger
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.observations import service as observations
from assessment.observations.models import Observation
from assessment.performances.concluding import resolutions_of
from assessment.performances.models import Assignment, AssignmentState, Performance
from assessment.performances.without import UNDECIDED, Without, without


@dataclass(frozen=True)
class Denying:
    """A call, and what would follow if the workplace did not confirm what was seen."""

    call: observations.Call
    would: Without


def denying(observation_id: str, actor: Actor) -> Denying:
    """Return what would follow if an observation were not confirmed; writes nothing."""
    learner_id = observations.call_of(observation_id, actor).learner_id
    waiting = observations.calls_waiting(actor)
    call = next((each for each in waiting if each.observation_id == observation_id), None)
    if call is None:
        raise Conflict(_("What this call found is kept already."))
    row = db.session.get_one(Observation, (learner_id, observation_id))
    performance = db.session.get_one(Performance, (learner_id, row.performance_id))
    _require_no_part(performance, actor)
    last = resolutions_of(performance)[-1:]
    if not last or ledger.void_reason(learner_id, last[0].evidence_id or "") is not None:
        return Denying(call, UNDECIDED)
    return Denying(call, without(performance, observation_id, last[0]))


def _require_no_part(performance: Performance, actor: Actor) -> None:
    """Refuse whoever holds a place: what others found is not for them to see."""
    rows = select(Assignment.id).where(
        Assignment.performance_id == performance.id,
        Assignment.person_id == actor.person_id,
        Assignment.state == AssignmentState.OPEN,
    )
    if db.session.scalar(rows.limit(1)) is not None:
        raise Forbidden(_("You are rating this work yourself. Another registrar decides this."))
