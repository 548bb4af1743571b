"""Attempts at the gate of a rubric: exemplars to rate, and what came of them."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.assessors.comparing import Judgement, judge, judgement_to_text
from assessment.assessors.exemplar_places import (
    held,
    met_by,
    open_exemplar,
    under_way,
    where_to_rate,
)
from assessment.assessors.exemplars import in_use
from assessment.assessors.monitoring import compared, gate_bar
from assessment.assessors.qualifying import gate_for, is_renewable, qualification_of, qualify
from assessment.assessors.training import training_left
from assessment.audit import service as audit
from assessment.errors import Conflict
from assessment.extensions import db
from assessment.locale import format_moment
from assessment.locale import gettext as _
from assessment.people.models import Person
from assessment.performances.claiming import hold_person, lease
from assessment.performances.models import Assignment, AssignmentRole, RatingRow
from assessment.performances.publishing import current_rubric
from assessment.performances.qualifications import standing_at
from assessment.performances.trust_models import (
    Comparison,
    ExemplarReference,
    Gate,
    GateAttempt,
    QualificationState,
)


def next_of_attempt(rubric_key: str, actor: Actor) -> Assignment:
    """Return the next exemplar of the actor's attempt, which begins if there is none."""
    gate, person_id = gate_for(rubric_key), held(actor)
    attempt = open_attempt(person_id, rubric_key) or _begin(gate, person_id, actor)
    begun = under_way(person_id, rubric_key, AssignmentRole.QUALIFYING)
    if begun is not None:
        return lease(begun, actor, person_id)
    reference = _next(attempt)
    where = where_to_rate(gate.institution_id, actor)
    place = open_exemplar(reference, person_id, AssignmentRole.QUALIFYING, where)
    return lease(place, actor, person_id)


def open_attempt(person_id: str, rubric_key: str) -> GateAttempt | None:
    """Return the attempt that a person has begun and not ended."""
    rows = select(GateAttempt).filter_by(person_id=person_id, rubric_key=rubric_key, ended_at=None)
    return db.session.scalars(rows.execution_options(populate_existing=True)).first()


def attempts_of(person_id: str, rubric_key: str) -> list[GateAttempt]:
    """Return the attempts of a person at a gate, the latest first."""
    rows = select(GateAttempt).filter_by(person_id=person_id, rubric_key=rubric_key)
    return list(db.session.scalars(rows.order_by(GateAttempt.number.desc())))


def _begin(gate: Gate, person_id: str, actor: Actor) -> GateAttempt:
    refusal = why_not_now(gate, person_id)
    if refusal:
        raise Conflict(refusal)
    current = current_rubric(gate.rubric_key)
    number = 1 + len(attempts_of(person_id, gate.rubric_key))
    attempt = GateAttempt(
        person_id=person_id,
        rubric_key=gate.rubric_key,
        number=number,
        rubric_version=current.version if current else 0,
        exemplars=_drawn(gate, person_id),
        begun_at=clock.now(),
    )
    db.session.add(attempt)
    db.session.flush()
    chain = audit.institution_chain(gate.institution_id)
    audit.record(
        chain, "attempt at a gate begun", actor, person_id, rubric=gate.rubric_key, number=number
    )
    return attempt


def why_not_now(gate: Gate, person_id: str) -> str:
    """Return why a person cannot begin an attempt now, as a sentence; "" where they can."""
    standing = standing_at(person_id, gate.rubric_key)
    if standing.may_rate and not is_renewable(standing):
        return _("You are through this gate already.")
    if standing.retry_at is not None and standing.retry_at > clock.now():
        when = format_moment(standing.retry_at)
        return _("Your next attempt may begin on %(date)s. Until then, train.", date=when)
    is_suspended = standing.state is QualificationState.SUSPENDED
    if is_suspended and training_left(person_id, gate.rubric_key):
        return _("Go through the training again first: the exemplars with their levels.")
    if len(_for_gate(gate.rubric_key)) < gate.exemplars_needed:
        return _("The exemplars are being changed at the moment. Please come back in a few days.")
    return ""


def _for_gate(rubric_key: str) -> list[ExemplarReference]:
    rows = in_use(rubric_key).where(ExemplarReference.for_gate)
    return list(db.session.scalars(rows.order_by(ExemplarReference.key)))


def _drawn(gate: Gate, person_id: str) -> list[str]:
    """Return the exemplars of an attempt: first those that the person has met least, drawn."""
    met, language = met_by(person_id), _language(person_id)
    found = _for_gate(gate.rubric_key)
    secrets.SystemRandom().shuffle(found)
    found.sort(key=lambda each: (met.get(each.performance_id, 0), each.language != language))
    chosen = [each.performance_id for each in found[: gate.exemplars_needed]]
    secrets.SystemRandom().shuffle(chosen)
    return chosen


def _language(person_id: str) -> str:
    return db.session.scalar(select(Person.language).where(Person.id == person_id)) or ""


def _next(attempt: GateAttempt) -> ExemplarReference:
    """Return the first exemplar of an attempt that is not rated yet."""
    done = {each.source_id for each in ratings_of(attempt)}
    performance_id = next(each for each in attempt.exemplars if each not in done)
    rows = select(ExemplarReference).filter_by(performance_id=performance_id)
    return db.session.scalars(rows).one()


def ratings_of(attempt: GateAttempt) -> list[Comparison]:
    """Return what was rated in an attempt, beside what was expected."""
    rows = select(Comparison).where(
        Comparison.person_id == attempt.person_id,
        Comparison.rubric_key == attempt.rubric_key,
        Comparison.kind == AssignmentRole.QUALIFYING,
        Comparison.compared_at >= attempt.begun_at,
        Comparison.source_id.in_(attempt.exemplars),
    )
    return list(db.session.scalars(rows.order_by(Comparison.compared_at, Comparison.id)))


def advance(rating: RatingRow, actor: Actor) -> GateAttempt | None:
    """Return the attempt that a released rating belongs to, ended with its last exemplar."""
    rubric_key = rating.assignment.rubric_key
    hold_person(rating.person_id)
    attempt = open_attempt(rating.person_id, rubric_key)
    if attempt is None:
        return None
    rated = ratings_of(attempt)
    if len(rated) >= len(attempt.exemplars):
        gate = gate_for(rubric_key)
        _end(attempt, gate, judge([compared(each) for each in rated], gate_bar(gate)), actor)
    return attempt


def _end(attempt: GateAttempt, gate: Gate, judgement: Judgement, actor: Actor) -> None:
    attempt.ended_at, attempt.passed = clock.now(), judgement.passed
    attempt.figures = judgement_to_text(judgement)
    db.session.flush()
    if judgement.passed:
        qualify(attempt.person_id, gate.rubric_key, "gate", actor)
    else:
        _fail(attempt.person_id, gate)
    chain = audit.institution_chain(gate.institution_id)
    details = {"rubric": gate.rubric_key, "passed": judgement.passed}
    audit.record(chain, "attempt at a gate ended", actor, attempt.person_id, **details)


def _fail(person_id: str, gate: Gate) -> None:
    """Let a person wait before the next attempt; whoever only renewed keeps what they have."""
    row = qualification_of(person_id, gate)
    row.retry_at = clock.now() + timedelta(days=gate.wait_days)
    if not standing_at(person_id, gate.rubric_key).may_rate:
        row.because = "failed"
    db.session.flush()
