"""When a rating is released: resolve all that stand, and let evidence and awards follow at once."""

from __future__ import annotations

from sqlalchemy import select

import rubrics
from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.awards import service as awards
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.performances.models import (
    AssignmentRole,
    Performance,
    PerformanceState,
    RatingRow,
)
from assessment.performances.outcomes import outcome_to_text
from assessment.performances.places import open_places
from assessment.performances.publishing import policy_of
from assessment.rules import CriterionFact, RubricFact

ROLES = {
    AssignmentRole.ASSESSOR: rubrics.Role.ASSESSOR,
    AssignmentRole.THIRD: rubrics.Role.ASSESSOR,
    AssignmentRole.ADJUDICATOR: rubrics.Role.ADJUDICATOR,
}


def released(performance: Performance) -> list[RatingRow]:
    """Return the ratings of a performance that were released, in the order of their ids.

    Ids are made when a place is taken, so that the order says nothing of who released first.
    """
    rows = select(RatingRow).filter_by(performance_id=performance.id)
    given = rows.where(RatingRow.released_at.is_not(None)).order_by(RatingRow.id)
    return list(db.session.scalars(given))


def settle(performance: Performance, actor: Actor) -> None:
    """Let the ratings of a locked learner's performance have what follows from them."""
    policy = policy_of(performance.task)
    resolution = rubrics.resolve(map(_as_rating, released(performance)), policy)
    performance.outcome = outcome_to_text(resolution)
    performance.state = PerformanceState.IN_MARKING
    match resolution:
        case rubrics.Resolved():
            _conclude(performance, resolution, actor)
        case rubrics.NeedsThirdRater():
            asked = tuple(each.key for each in policy.shown)
            open_places(performance, AssignmentRole.THIRD, 1, asked)
        case rubrics.NeedsAdjudication():
            open_places(performance, AssignmentRole.ADJUDICATOR, 1, resolution.criteria)
        case rubrics.MoreEvidence():
            _ask_for_more(performance, actor)
    db.session.flush()


def _as_rating(row: RatingRow) -> rubrics.Rating:
    return rubrics.Rating(
        rater=row.person_id,
        role=ROLES[AssignmentRole(row.role)],
        marks=row.marks,
        round=row.round,
    )


def _ask_for_more(performance: Performance, actor: Actor) -> None:
    performance.state = PerformanceState.MORE_EVIDENCE
    performance.round += 1
    chain = audit.learner_chain(performance.learner_id)
    audit.record(chain, "more evidence asked for", actor, performance.id)


def _conclude(performance: Performance, resolved: rubrics.Resolved, actor: Actor) -> None:
    """Record the evidence of a resolved performance, and award what it earns; once."""
    performance.state = PerformanceState.RESOLVED
    performance.ended_at = clock.now()
    db.session.flush()
    learner_id = performance.learner_id
    chain = audit.learner_chain(learner_id)
    audit.record(chain, "performance resolved", actor, performance.id, level=resolved.level)
    fact = _fact(performance, resolved)
    origin = evidence.Origin(
        source_id=performance.id,
        measure_key=fact.rubric,
        measure_version=fact.version,
        occurred_at=fact.occurred_on,
    )
    evidence.record(learner_id, origin, fact, actor)
    awards.consider(learner_id, actor)


def _fact(performance: Performance, resolved: rubrics.Resolved) -> RubricFact:
    row = performance.task.rubric
    return RubricFact(
        evidence_id="",
        rubric=row.key,
        version=row.version,
        level=resolved.level,
        levels=resolved.levels,
        raters=resolved.raters,
        occurred_on=performance.submitted_at or clock.now(),
        by_role=dict(resolved.by_role),
        occasions=resolved.occasions,
        criteria={
            key: CriterionFact(level, resolved.levels) for key, level in resolved.criteria.items()
        },
    )
