"""What would follow if a workplace did not confirm an observation: shown before it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

import rubrics
from assessment.access import Actor
from assessment.awards import service as awards
from assessment.errors import Conflict, Forbidden
from assessment.evidence import service as ledger
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.observations import service as observations
from assessment.observations.models import Observation
from assessment.performances.concluding import evidence_before, fact_of, resolutions_of
from assessment.performances.models import Assignment, AssignmentState, Performance, ResolutionRow
from assessment.performances.outcomes import outcome_from_text
from assessment.performances.publishing import rubric_of
from assessment.performances.repeating import repeats_of
from assessment.performances.settling import resolution_without


class Follows(StrEnum):
    """What would come of the result."""

    SAME = "same"
    OTHER = "other level"
    NOBODY = "somebody else is to be named"
    """Too little is left for a result."""
    UNDECIDED = "not decided yet"


@dataclass(frozen=True)
class Denying:
    """A call, and what would follow if the workplace did not confirm what was seen."""

    call: observations.Call
    follows: Follows
    before: rubrics.Level | None
    after: rubrics.Level | None
    reruns: tuple[awards.Rerun, ...]

    @property
    def seen(self) -> str:
        """What the page said would follow, to compare with when it is done."""
        fallen = ",".join(sorted(each.award.id for each in self.reruns if not each.stands))
        return f"{self.follows}:{self.after.key if self.after else ''}:{fallen}"


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
        return Denying(call, Follows.UNDECIDED, None, None, ())
    return _dry_run(call, performance, last[0])


def _require_no_part(performance: Performance, actor: Actor) -> None:
    """Refuse whoever holds a place: what others found is not for them to see."""
    rows = select(Assignment.id).where(
        Assignment.performance_id == performance.id,
        Assignment.person_id == actor.person_id,
        Assignment.state == AssignmentState.OPEN,
    )
    if db.session.scalar(rows.limit(1)) is not None:
        raise Forbidden(_("You are rating this work yourself. Another registrar decides this."))


def _dry_run(call: observations.Call, performance: Performance, last: ResolutionRow) -> Denying:
    before = outcome_from_text(last.outcome)
    now = resolution_without(performance, call.observation_id)
    result = now if isinstance(now, rubrics.Resolved) else None
    gone = (last.evidence_id, *evidence_before(last.learner_id, last.id))
    instead = (fact_of(performance, result, repeats_of(performance)),) if result else ()
    same = result is not None and (result.level, dict(result.criteria)) == (
        before.level,
        dict(before.levels or {}),
    )
    changed = Follows.NOBODY if result is None else Follows.OTHER
    return Denying(
        call=call,
        follows=Follows.SAME if same else changed,
        before=_level(performance, before.level),
        after=_level(performance, result.level if result else None),
        reruns=awards.rerun_without(last.learner_id, filter(None, gone), instead),
    )


def _level(performance: Performance, key: str | None) -> rubrics.Level | None:
    rubric = rubric_of(performance.task.rubric)
    return None if key is None else rubric.levels[rubric.rank(key)]


def require_same(seen: str, page: Denying) -> None:
    """Refuse what was confirmed over a page that says something else by now."""
    if seen != page.seen:
        sentence = _("What would follow has changed since you opened this page. Look at it again.")
        raise Conflict(sentence)
