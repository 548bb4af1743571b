"""Concluding: the result of a performance becomes evidence, and whatever it earns is awarded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

import rubrics
from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.awards import service as awards
from assessment.evidence import service as evidence
from assessment.evidence import works
from assessment.evidence.service import VoidCause
from assessment.extensions import db
from assessment.ids import new_id
from assessment.observations import service as observations
from assessment.people import service as people
from assessment.performances.models import (
    ENDED,
    Performance,
    PerformanceState,
    RatingRow,
    ResolutionRow,
)
from assessment.performances.notices import tell_result
from assessment.performances.outcomes import Outcome, outcome_from_text
from assessment.performances.repeating import repeats_of, same_work
from assessment.performances.second_looks import drawn, look_again, reason_to_look
from assessment.rules import CriterionFact, RubricFact

REASONS = {
    VoidCause.FALLEN: "What this rested on was set aside.",
    VoidCause.SUPERSEDED: "Superseded by a later conclusion on the same work.",
}
"""What the ledger says where it is nobody's word that sets evidence aside."""


def resolutions_of(performance: Performance) -> list[ResolutionRow]:
    """Return the conclusions of a performance, the first one first."""
    rows = select(ResolutionRow).filter_by(
        learner_id=performance.learner_id, performance_id=performance.id
    )
    return list(db.session.scalars(rows.order_by(ResolutionRow.number)))


def conclude(
    performance: Performance,
    resolved: rubrics.Resolved,
    text: str,
    given: Sequence[RatingRow],
    actor: Actor,
) -> None:
    """Let a result take the place of the one before, if there was one, and award what it earns."""
    before = resolutions_of(performance)
    if before and _says_nothing_new(before[-1], text):
        return
    repeats = repeats_of(performance)
    performance.state, performance.outcome = PerformanceState.RESOLVED, text
    performance.ended_at = performance.ended_at or clock.now()
    db.session.flush()
    observations.end_all(performance.learner_id, performance.id, actor)
    chance = drawn()
    row = ResolutionRow(
        learner_id=performance.learner_id,
        id=new_id(),
        performance_id=performance.id,
        number=1 + len(before),
        round=performance.round,
        outcome=text,
        repeats=[each.id for each in repeats],
        draw=chance,
        another_look=reason_to_look(performance, resolved, given, chance),
        resolved_at=clock.now(),
    )
    _keep(row, _works_of(performance), fact_of(performance, resolved, repeats), actor)
    if before:
        _set_aside(before, VoidCause.SUPERSEDED, actor)
    look_again(performance, row)
    awards.consider(performance.learner_id, actor)
    tell_result(performance, row.number)


def _says_nothing_new(last: ResolutionRow, text: str) -> bool:
    """Return whether a conclusion stands already, or a registrar set it aside for good."""
    cause = cause_of(last)
    return last.outcome == text if cause is None else cause == VoidCause.SET_ASIDE


def cause_of(conclusion: ResolutionRow) -> VoidCause | None:
    """Return why the evidence of a conclusion counts no more; None where it does."""
    return evidence.void_cause(conclusion.learner_id, conclusion.evidence_id or "")


def _keep(row: ResolutionRow, same: tuple[str, ...], fact: RubricFact, actor: Actor) -> None:
    """Record the evidence of a conclusion, and the conclusion with it; neither changes again.

    It counts as shown since the first of the same work does: nothing that ended since is earned by
    it, but what was lost because the work fell. Where somebody set the work aside for good, it
    counts for nothing from the start.
    """
    since = works.shown_since(row.learner_id, same)
    origin = evidence.Origin(row.id, fact.rubric, fact.version, fact.occurred_on, since, same[0])
    row.evidence_id = evidence.record(row.learner_id, origin, fact, actor).id
    word = works.final_word(row.learner_id, same)
    if word is not None:
        evidence.void(row.learner_id, row.evidence_id, word, actor)
    db.session.add(row)
    db.session.flush()
    audit.record(
        audit.learner_chain(row.learner_id),
        "performance resolved",
        actor,
        row.performance_id,
        level=fact.level,
        number=row.number,
        repeats=row.repeats,
    )


def _works_of(performance: Performance) -> tuple[str, ...]:
    """Return what all evidence of this very work has in common, its own first; one at least."""
    known = (_known_work(each) for each in (performance, *same_work(performance)))
    found = tuple(dict.fromkeys(each for each in known if each is not None))
    return found or (performance.id,)


def _known_work(performance: Performance) -> str | None:
    for last in resolutions_of(performance)[-1:]:
        return works.work_of(last.learner_id, last.evidence_id or "")
    return None


def _evidence_ids(conclusions: Sequence[ResolutionRow]) -> tuple[str, ...]:
    return tuple(each.evidence_id for each in conclusions if each.evidence_id is not None)


def evidence_before(learner_id: str, resolution_id: str) -> tuple[str, ...]:
    """Return the evidence whose place that of a conclusion took; none for what is no conclusion."""
    row = db.session.get(ResolutionRow, (learner_id, resolution_id))
    if row is None:
        return ()
    key = {"learner_id": learner_id, "performance_id": row.performance_id}
    earlier = select(ResolutionRow).filter_by(**key).where(ResolutionRow.number < row.number)
    return _evidence_ids(db.session.scalars(earlier.order_by(ResolutionRow.number)).all())


def _set_aside(conclusions: Sequence[ResolutionRow], cause: VoidCause, actor: Actor) -> None:
    """Let the last conclusion's evidence count no more; what rested on it is in doubt, and stands.

    An award may have been made on an earlier one, whose place the last one took.
    """
    last, before = conclusions[-1], _evidence_ids(conclusions[:-1])
    if last.evidence_id is not None:
        evidence.void(last.learner_id, last.evidence_id, REASONS[cause], actor, cause)
        awards.raise_doubts(last.learner_id, last.evidence_id, actor, before)


def is_undone(performance: Performance) -> bool:
    """Return whether what stood held up a result no longer, and there is no other one yet."""
    last = resolutions_of(performance)[-1:]
    return VoidCause.FALLEN in map(cause_of, last)


def is_final(performance: Performance) -> bool:
    """Return whether somebody set the result itself aside: nobody looks at the work again."""
    last = resolutions_of(performance)[-1:]
    return VoidCause.SET_ASIDE in map(cause_of, last)


def levels_since(performance: Performance) -> dict[str, datetime]:
    """Return since when each criterion has the level of the last conclusion.

    A conclusion that leaves a level as it was begins nothing anew, unless the one before it fell:
    then others rated it.
    """
    levels: dict[str, str] = {}
    since: dict[str, datetime] = {}
    for each in resolutions_of(performance):
        found = dict(outcome_from_text(each.outcome).levels or {})
        kept = {key for key, level in found.items() if levels.get(key) == level}
        since = {key: since[key] if key in kept else each.resolved_at for key in found}
        levels = {} if cause_of(each) == VoidCause.FALLEN else found
    return since


def concluded_before(performance: Performance) -> Outcome | None:
    """Return what was concluded last of work that is open again; None where nothing was."""
    is_closed = performance.state in ENDED and not is_looked_at_again(performance)
    last = [] if is_closed else resolutions_of(performance)[-1:]
    return outcome_from_text(last[0].outcome) if last else None


def is_looked_at_again(performance: Performance) -> bool:
    """Return whether a closed performance has no result that stands: somebody may be at it."""
    return performance.state == PerformanceState.RESOLVED and is_undone(performance)


def let_fall(performance: Performance, actor: Actor) -> None:
    """Set aside the evidence of a conclusion that what stands holds up no longer."""
    conclusions = resolutions_of(performance)
    if conclusions:
        _set_aside(conclusions, VoidCause.FALLEN, actor)


def fact_of(
    performance: Performance, resolved: rubrics.Resolved, repeats: Sequence[Performance]
) -> RubricFact:
    """Return what a result is to rules; its id is given when it is recorded."""
    row = performance.task.rubric
    return RubricFact(
        evidence_id="",
        rubric=row.key,
        version=row.version,
        level=resolved.level,
        levels=resolved.levels,
        raters=resolved.raters,
        occurred_on=_handed_in(performance),
        by_role=dict(resolved.by_role),
        occasions=_occasions(performance, resolved, repeats),
        criteria={
            key: CriterionFact(level, resolved.levels) for key, level in resolved.criteria.items()
        },
    )


def _occasions(
    performance: Performance, resolved: rubrics.Resolved, repeats: Sequence[Performance]
) -> tuple[str, ...]:
    """Return the days on which the work was done: those of who saw it, or when it was handed in.

    The very same work handed in again was done when it was first.
    """
    if repeats:
        return _days_before(repeats[0])
    return resolved.occasions or (_day(performance, _handed_in(performance)),)


def _days_before(first: Performance) -> tuple[str, ...]:
    last = resolutions_of(first)[-1:]
    found = outcome_from_text(last[0].outcome).occasions if last else ()
    return found or (_day(first, _handed_in(first)),)


def _handed_in(performance: Performance) -> datetime:
    return performance.submitted_at or clock.now()


def _day(performance: Performance, moment: datetime) -> str:
    """Return a day as the institution that assesses counts them."""
    home = people.institution(performance.task.institution_id)
    return clock.local_date(moment, home.timezone).isoformat()
