"""Appeals: a learner asks, criterion by criterion, for somebody who had no part in a result.

An appeal opens a place that only somebody who never rated the work can have. What they find takes
the place of the level that was appealed, and the result is made anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

import rubrics
from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Invalid
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.performances.appeal_days import (
    is_in_time,
    last_day,
    last_resolution,
    open_criteria,
)
from assessment.performances.appeal_letters import tell_nobody_is_free
from assessment.performances.appeal_models import Appeal, AppealedCriterion
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    RatingRow,
    RatingVoid,
    ResolutionRow,
)
from assessment.performances.outcomes import outcome_from_text
from assessment.performances.places import open_places, places_of
from assessment.performances.publishing import rubric_of
from assessment.performances.reviewers import somebody_may_take
from assessment.performances.showing import held_performance
from assessment.performances.threads import checked_text
from assessment.upsert import insert_once

LONGEST_REASON = 2_000
FIELD = "reason-"
"""Before the key of the criterion that a reason is about."""


@dataclass(frozen=True)
class Appealable:
    """One criterion that can be appealed now, and the level that stands."""

    criterion: rubrics.Criterion
    level: rubrics.Level


def appeals_of(performance: Performance) -> list[Appeal]:
    """Return the appeals on a performance, the first one first."""
    rows = select(Appeal).filter_by(
        learner_id=performance.learner_id, performance_id=performance.id
    )
    return list(db.session.scalars(rows.order_by(Appeal.made_at, Appeal.id)))


def appealable(performance: Performance) -> tuple[Appealable, ...]:
    """Return what can be appealed today: of the last result, what nobody looked at again."""
    resolution = last_resolution(performance)
    in_time = open_criteria(performance)
    if resolution is None or not in_time or not _stands(resolution):
        return ()
    rubric = rubric_of(performance.task.rubric)
    levels = outcome_from_text(resolution.outcome).levels or {}
    over = _asked_before(resolution) | _reviewed(performance)
    return tuple(
        Appealable(each, rubric.levels[rubric.rank(levels[each.key])])
        for each in rubric.criteria
        if each.key in levels and each.key in in_time and each.key not in over
    )


def _stands(resolution: ResolutionRow) -> bool:
    return evidence.void_reason(resolution.learner_id, resolution.evidence_id or "") is None


def _asked_before(resolution: ResolutionRow) -> set[str]:
    """Return the criteria of this result that were appealed, or are being looked at on appeal."""
    asked = select(AppealedCriterion.criterion).filter_by(
        learner_id=resolution.learner_id, resolution_id=resolution.id, withdrawn_at=None
    )
    running = (
        select(AppealedCriterion.criterion)
        .join(
            Appeal,
            (Appeal.learner_id == AppealedCriterion.learner_id)
            & (Appeal.id == AppealedCriterion.appeal_id),
        )
        .join(Assignment, Assignment.id == Appeal.assignment_id)
        .where(
            Appeal.learner_id == resolution.learner_id,
            Appeal.performance_id == resolution.performance_id,
            Assignment.state == AssignmentState.OPEN,
        )
    )
    return {*db.session.scalars(asked), *db.session.scalars(running)}


def _reviewed(performance: Performance) -> set[str]:
    """Return the criteria on which somebody's word on appeal stands: it is the last one."""
    return {
        key
        for each in _reviews(performance)
        for key, level in each.marks.items()
        if level is not None
    }


def _reviews(performance: Performance) -> list[RatingRow]:
    rows = select(RatingRow).where(
        RatingRow.learner_id == performance.learner_id,
        RatingRow.performance_id == performance.id,
        RatingRow.role == AssignmentRole.REVIEWER,
        RatingRow.released_at.is_not(None),
        RatingRow.id.not_in(select(RatingVoid.rating_id)),
    )
    return list(db.session.scalars(rows))


def appeal(performance_id: str, reasons: Mapping[str, str], actor: Actor) -> Appeal:
    """Return the appeal, made now: for each criterion with a reason somebody new looks again."""
    performance = held_performance(performance_id, actor)
    given = _given(reasons)
    resolution = _open_resolution(performance)
    levels = _levels_asked(performance, resolution, given)
    place = _open_place(performance, tuple(levels))
    made = _insert(performance, resolution, place, levels, given)
    audit.record(
        audit.learner_chain(performance.learner_id),
        "appeal made",
        actor,
        made.id,
        performance=performance.id,
        criteria=list(levels),
    )
    if not somebody_may_take(place):
        tell_nobody_is_free(place)
    return made


def _given(reasons: Mapping[str, str]) -> dict[str, str]:
    """Return the reasons that say something, each as it is kept."""
    said = {key: text for key, text in reasons.items() if text.strip()}
    if not said:
        raise Invalid(_("Say for at least one criterion why its level is not right."))
    return {
        key: checked_text(text, LONGEST_REASON, field=f"{FIELD}{key}") for key, text in said.items()
    }


def _open_resolution(performance: Performance) -> ResolutionRow:
    """Return the result that can be appealed; Conflict where there is none, or it is too late."""
    resolution = last_resolution(performance)
    if resolution is None or last_day(performance) is None:
        raise Conflict(_("There is no result that you can appeal."))
    if not is_in_time(performance):
        raise Conflict(_("The last day on which you could appeal is past. You can still complain."))
    if not _stands(resolution):
        raise Conflict(
            _("This result does not stand at the moment, so there is nothing to appeal.")
        )
    return resolution


def _levels_asked(
    performance: Performance, resolution: ResolutionRow, given: Mapping[str, str]
) -> dict[str, str]:
    """Return the level that stands of each criterion with a reason, in the rubric's order."""
    open_now = {each.criterion.key: each.level.key for each in appealable(performance)}
    known = outcome_from_text(resolution.outcome).levels or {}
    if not set(given) <= set(known):
        raise Invalid(_("There is no such criterion. Nothing was sent."))
    if not set(given) <= open_criteria(performance):
        raise Conflict(_("The last day on which you could appeal is past. You can still complain."))
    if not set(given) <= set(open_now):
        raise Conflict(
            _(
                "One of these criteria was looked at again, or is being looked at."
                " See what became of it."
            )
        )
    return {key: level for key, level in open_now.items() if key in given}


def _open_place(performance: Performance, criteria: tuple[str, ...]) -> Assignment:
    """Return a new place of its own, which only somebody without a part in this can have."""
    reviewing = {AssignmentRole.REVIEWER}
    before = {each.id: each for each in places_of(performance, reviewing)}
    waiting = sum(each.state == AssignmentState.OPEN for each in before.values())
    open_places(performance, AssignmentRole.REVIEWER, waiting + 1, criteria)
    (opened,) = (each for each in places_of(performance, reviewing) if each.id not in before)
    return opened


def _insert(
    performance: Performance,
    resolution: ResolutionRow,
    place: Assignment,
    levels: Mapping[str, str],
    given: Mapping[str, str],
) -> Appeal:
    made = Appeal(
        learner_id=performance.learner_id,
        id=new_id(),
        performance_id=performance.id,
        resolution_id=resolution.id,
        assignment_id=place.id,
        made_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    for position, (key, level) in enumerate(levels.items(), 1):
        is_first = insert_once(
            AppealedCriterion,
            learner_id=performance.learner_id,
            resolution_id=resolution.id,
            criterion=key,
            appeal_id=made.id,
            position=position,
            level=level,
            reason=given[key],
        )
        if not is_first:
            raise Conflict(_("You have appealed this already. See what became of it."))
    return made


def look_anew(rating: RatingRow) -> None:
    """Let somebody else look at what was appealed, where the rating that decided was set aside."""
    found = db.session.scalars(select(Appeal).filter_by(assignment_id=rating.assignment_id)).first()
    if found is not None:
        criteria = tuple(each.criterion for each in found.criteria)
        found.assignment_id = _open_place(found.performance, criteria).id
        db.session.flush()
