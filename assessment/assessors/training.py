"""Training: exemplars, one after another, and what was expected of each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select

from assessment.access import Actor
from assessment.assessors.exemplar_places import held, open_exemplar, under_way, where_to_rate
from assessment.assessors.exemplars import in_use
from assessment.assessors.qualifying import gate_for
from assessment.extensions import db
from assessment.performances.claiming import lease
from assessment.performances.models import Assignment, AssignmentRole, RatingRow
from assessment.performances.qualifications import standing_at
from assessment.performances.trust_models import (
    Comparison,
    ExemplarReference,
    GateAttempt,
    QualificationState,
)


def next_training(rubric_key: str, actor: Actor) -> Assignment | None:
    """Return the next exemplar to train on, leased to the actor; None once all were rated."""
    gate, person_id = gate_for(rubric_key), held(actor)
    begun = under_way(person_id, rubric_key, AssignmentRole.TRAINING)
    if begun is not None:
        return lease(begun, actor, person_id)
    left = training_left(person_id, rubric_key)
    if not left:
        return None
    where = where_to_rate(gate.institution_id, actor)
    place = open_exemplar(left[0], person_id, AssignmentRole.TRAINING, where)
    return lease(place, actor, person_id)


def training_left(person_id: str, rubric_key: str) -> list[ExemplarReference]:
    """Return the exemplars that a person has still to train on, in the order of their keys.

    After a suspension, and after an attempt that failed, all of them are there again.
    """
    done = set(db.session.scalars(_trained(person_id, rubric_key)))
    rows = in_use(rubric_key).where(ExemplarReference.for_training)
    wanted = db.session.scalars(rows.order_by(ExemplarReference.key))
    return [each for each in wanted if each.performance_id not in done]


def trained_on(person_id: str, rubric_key: str) -> list[RatingRow]:
    """Return what a person has rated in training, the latest first."""
    rows = (
        select(RatingRow)
        .join(Assignment, Assignment.id == RatingRow.assignment_id)
        .where(
            RatingRow.person_id == person_id,
            RatingRow.role == AssignmentRole.TRAINING,
            RatingRow.released_at.is_not(None),
            Assignment.rubric_key == rubric_key,
        )
        .order_by(RatingRow.released_at.desc(), RatingRow.assignment_id)
    )
    return list(db.session.scalars(rows))


def _trained(person_id: str, rubric_key: str) -> Select[str]:
    rows = select(Comparison.source_id).where(
        Comparison.person_id == person_id,
        Comparison.rubric_key == rubric_key,
        Comparison.kind == AssignmentRole.TRAINING,
    )
    since = _anew_since(person_id, rubric_key)
    return rows if since is None else rows.where(Comparison.compared_at >= since)


def _anew_since(person_id: str, rubric_key: str) -> datetime | None:
    standing = standing_at(person_id, rubric_key)
    if standing.state is QualificationState.SUSPENDED:
        return standing.since
    failed = select(func.max(GateAttempt.ended_at)).filter_by(
        person_id=person_id, rubric_key=rubric_key, passed=False
    )
    return db.session.scalar(failed)
