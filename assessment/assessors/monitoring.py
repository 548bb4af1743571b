"""What is kept of each rater: ratings beside what was expected, or was found later."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Select, select

from assessment import clock
from assessment.assessors.comparing import Bar, Compared, Marks, compare
from assessment.assessors.exemplar_places import exemplar_of
from assessment.extensions import db
from assessment.ids import new_id
from assessment.performances.models import COUNTED, AssignmentRole, RatingRow, RatingVoid
from assessment.performances.publishing import rubric_of
from assessment.performances.trust_models import Comparison, Gate
from assessment.upsert import insert_once

WATCHED = (AssignmentRole.SEEDED, AssignmentRole.READ_BEHIND, AssignmentRole.REVIEWER)


def seed_bar(gate: Gate) -> Bar:
    """Return what the last seeded exemplars have to reach, taken together."""
    return Bar(
        needed=0,
        share_exact=gate.seed_exact,
        share_adjacent=gate.seed_adjacent,
        misses=gate.seed_misses,
    )


def gate_bar(gate: Gate) -> Bar:
    """Return what an attempt at the gate has to reach: no miss on what is critical for safety."""
    return Bar(
        needed=gate.exemplars_needed,
        share_exact=gate.share_exact,
        share_adjacent=gate.share_adjacent,
    )


def record_exemplar(rating: RatingRow) -> Compared:
    """Return a released rating of an exemplar beside what was expected; kept once."""
    reference = exemplar_of(rating)
    return _record(rating, reference.performance_id, AssignmentRole(rating.role), reference.levels)


def record_read_behind(behind: RatingRow) -> None:
    """Keep the ratings that made a result beside the one of whoever looked at it again."""
    for rating in _standing_beside(behind):
        _record(rating, behind.id, AssignmentRole.READ_BEHIND, behind.marks)


def record_appeal(reviewed: RatingRow) -> None:
    """Keep the ratings that were appealed beside the one that the appeal led to."""
    for rating in _standing_beside(reviewed):
        _record(rating, reviewed.id, AssignmentRole.REVIEWER, reviewed.marks)


def _standing_beside(other: RatingRow) -> list[RatingRow]:
    """Return the ratings of others which count on the same performance."""
    rows = select(RatingRow).where(
        RatingRow.learner_id == other.learner_id,
        RatingRow.performance_id == other.performance_id,
        RatingRow.released_at.is_not(None),
        RatingRow.role.in_(COUNTED - {AssignmentRole.REVIEWER}),
        RatingRow.person_id != other.person_id,
        ~select(RatingVoid).where(RatingVoid.rating_id == RatingRow.id).exists(),
    )
    return list(db.session.scalars(rows.order_by(RatingRow.id)))


def _record(rating: RatingRow, source_id: str, kind: AssignmentRole, expected: Marks) -> Compared:
    asked = rating.assignment.criteria
    shared: Mapping[str, str | None] = {
        key: level for key, level in expected.items() if key in asked
    }
    row = rating.assignment.performance.task.rubric
    found = compare(rating.marks, shared, rubric_of(row))
    insert_once(
        Comparison,
        id=new_id(),
        rating_id=rating.id,
        source_id=source_id,
        person_id=rating.person_id,
        rubric_key=row.key,
        kind=kind,
        judged=found.judged,
        exact=found.exact,
        adjacent=found.adjacent,
        safety_misses=found.safety_misses,
        compared_at=clock.now(),
    )
    return found


def compared(row: Comparison) -> Compared:
    """Return a comparison that was kept."""
    return Compared(row.judged, row.exact, row.adjacent, row.safety_misses)


def comparisons(person_id: str, rubric_key: str, *kinds: AssignmentRole) -> Select[Comparison]:
    """Return what is kept of one person on one rubric, the latest first."""
    return (
        select(Comparison)
        .where(
            Comparison.person_id == person_id,
            Comparison.rubric_key == rubric_key,
            Comparison.kind.in_(kinds),
        )
        .order_by(Comparison.compared_at.desc(), Comparison.id.desc())
    )
