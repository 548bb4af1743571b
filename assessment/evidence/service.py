"""Record evidence, set it aside with a reason, and read what stands as facts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Invalid, NoSuchRecord
from assessment.evidence.models import Evidence, EvidenceKind, EvidenceVoid, Hold, VoidCause
from assessment.evidence.recording import (
    LedgerFact,
    exact,
    fact_from_text,
    fact_to_text,
    facts_from_text,
    facts_to_text,
)
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.rules import Facts, HoldFact, RecognitionFact, RubricFact, TestFact
from assessment.upsert import insert_once

__all__ = [
    "Origin",
    "VoidCause",
    "counts_from",
    "evidence_rows",
    "exact",
    "facts",
    "facts_from_text",
    "facts_to_text",
    "holds",
    "lift_hold",
    "place_hold",
    "record",
    "test_facts",
    "void",
    "void_cause",
    "void_reason",
    "voided_at",
]

KINDS = {
    TestFact: EvidenceKind.TEST,
    RubricFact: EvidenceKind.RUBRIC,
    RecognitionFact: EvidenceKind.RECOGNITION,
}


@dataclass(frozen=True)
class Origin:
    """Where a row of evidence comes from: a sitting, performance or recognition, and when."""

    source_id: str
    measure_key: str
    measure_version: int
    occurred_at: datetime
    counts_from: datetime | None = None
    """Since when it counts as shown, where it takes the place of other evidence; None for now."""
    work_id: str | None = None
    """What it has in common with all other evidence of the same work."""


def record(learner_id: str, origin: Origin, fact: LedgerFact, actor: Actor) -> Evidence:
    """Return the row of evidence for `origin`: written now, or before by whoever was first.

    The caller has locked the learner. The row's id takes the place of the fact's own.
    """
    kind = KINDS[type(fact)]
    evidence_id = new_id()
    first = insert_once(
        Evidence,
        learner_id=learner_id,
        id=evidence_id,
        kind=kind,
        source_id=origin.source_id,
        measure_key=origin.measure_key,
        measure_version=origin.measure_version,
        fact=fact_to_text(replace(fact, evidence_id=evidence_id)),
        occurred_at=origin.occurred_at,
        recorded_at=clock.now(),
        counts_from=origin.counts_from,
        work_id=origin.work_id,
    )
    row = db.session.scalars(
        select(Evidence).filter_by(learner_id=learner_id, kind=kind, source_id=origin.source_id)
    ).one()
    if first:
        audit.record(
            audit.learner_chain(learner_id), "evidence recorded", actor, row.id, kind=kind.value
        )
    return row


def facts(learner_id: str, since: datetime | None = None, also: Collection[str] = ()) -> Facts:
    """Return what stands for one learner, or what of it counts from after `since`; all the holds.

    What is in `also` counts at any age. Awards are added by whoever knows them.
    """
    rows = _standing(learner_id)
    if since is not None:
        rows = rows.where(or_(_counts_from() > since, Evidence.id.in_(also)))
    standing = [fact_from_text(text) for text in db.session.scalars(rows)]
    return Facts(
        tests=tuple(fact for fact in standing if isinstance(fact, TestFact)),
        rubrics=tuple(fact for fact in standing if isinstance(fact, RubricFact)),
        recognitions=tuple(fact for fact in standing if isinstance(fact, RecognitionFact)),
        holds=tuple(_hold_fact(hold) for hold in holds(learner_id)),
    )


def test_facts(learner_id: str) -> dict[str, TestFact]:
    """Return what each sitting of a learner showed, by the sitting, set aside or not."""
    rows = select(Evidence.source_id, Evidence.fact).filter_by(
        learner_id=learner_id, kind=EvidenceKind.TEST
    )
    read = ((source_id, fact_from_text(text)) for source_id, text in db.session.execute(rows))
    return {source_id: fact for source_id, fact in read if isinstance(fact, TestFact)}


def evidence_rows(learner_id: str) -> list[Evidence]:
    """Return a learner's rows of evidence that stand, the latest first."""
    voided = select(EvidenceVoid.evidence_id).filter_by(learner_id=learner_id)
    rows = select(Evidence).filter_by(learner_id=learner_id).where(Evidence.id.not_in(voided))
    return list(db.session.scalars(rows.order_by(Evidence.occurred_at.desc(), Evidence.id)))


def void(
    learner_id: str,
    evidence_id: str,
    reason: str,
    actor: Actor,
    cause: VoidCause = VoidCause.SET_ASIDE,
) -> None:
    """Set a row of evidence aside, with a reason; the row itself stays.

    What somebody says of evidence that fell takes the place of that it fell: it is the last word.
    """
    if not reason.strip():
        raise Invalid(_("Give the reason why this evidence no longer counts."))
    if db.session.get(Evidence, (learner_id, evidence_id)) is None:
        raise NoSuchRecord("evidence", evidence_id)
    first = insert_once(
        EvidenceVoid,
        learner_id=learner_id,
        evidence_id=evidence_id,
        cause=cause,
        reason=reason.strip(),
        voided_by=actor.reference,
        voided_at=clock.now(),
    )
    if first or (
        cause == VoidCause.SET_ASIDE and _is_now_final(learner_id, evidence_id, reason, actor)
    ):
        audit.record(audit.learner_chain(learner_id), "evidence voided", actor, evidence_id)


def _is_now_final(learner_id: str, evidence_id: str, reason: str, actor: Actor) -> bool:
    """Return whether evidence had only fallen, and somebody's word now takes the place of that."""
    found = db.session.get_one(EvidenceVoid, (learner_id, evidence_id), populate_existing=True)
    if found.cause != VoidCause.FALLEN:
        return False
    found.cause, found.reason = VoidCause.SET_ASIDE, reason.strip()
    found.voided_by, found.voided_at = actor.reference, clock.now()
    db.session.flush()
    return True


def counts_from(learner_id: str, evidence_id: str) -> datetime | None:
    """Return since when a row of evidence counts as shown; None where there is no such row."""
    row = select(_counts_from()).filter_by(learner_id=learner_id, id=evidence_id)
    return db.session.scalar(row)


def _counts_from() -> ColumnElement[datetime]:
    """Return since when evidence counts: since it was recorded, unless it says otherwise."""
    return func.coalesce(Evidence.counts_from, Evidence.recorded_at)


def void_cause(learner_id: str, evidence_id: str) -> VoidCause | None:
    """Return what sort of reason a row of evidence was set aside for; None where it stands."""
    found = db.session.get(EvidenceVoid, (learner_id, evidence_id))
    return None if found is None else VoidCause(found.cause)


def voided_at(learner_id: str, evidence_id: str) -> datetime | None:
    """Return when a row of evidence was set aside; None where it stands."""
    found = db.session.get(EvidenceVoid, (learner_id, evidence_id))
    return None if found is None else found.voided_at


def void_reason(learner_id: str, evidence_id: str) -> str | None:
    """Return why a row of evidence was set aside; None where it stands."""
    found = db.session.get(EvidenceVoid, (learner_id, evidence_id))
    return None if found is None else found.reason


def holds(learner_id: str) -> list[Hold]:
    """Return the holds that stand on a learner's record."""
    rows = select(Hold).filter_by(learner_id=learner_id, lifted_at=None)
    return list(db.session.scalars(rows.order_by(Hold.placed_at, Hold.id)))


def place_hold(learner_id: str, kind: str, reason: str, actor: Actor) -> Hold:
    """Place a hold: rules that veto on it award nothing until it is lifted."""
    hold = Hold(
        learner_id=learner_id,
        kind=kind,
        reason=reason,
        placed_by=actor.reference,
        placed_at=clock.now(),
    )
    db.session.add(hold)
    db.session.flush()
    audit.record(audit.learner_chain(learner_id), "hold placed", actor, hold.id, kind=kind)
    return hold


def lift_hold(learner_id: str, hold_id: str, actor: Actor) -> None:
    """Lift a hold; lifting it twice is lifting it once."""
    hold = db.session.get(Hold, (learner_id, hold_id), populate_existing=True)
    if hold is None:
        raise NoSuchRecord("hold", hold_id)
    if hold.lifted_at is None:
        hold.lifted_at = clock.now()
        db.session.flush()
        audit.record(audit.learner_chain(learner_id), "hold lifted", actor, hold_id)


def _standing(learner_id: str) -> Select[str]:
    voided = select(EvidenceVoid.evidence_id).filter_by(learner_id=learner_id)
    return (
        select(Evidence.fact)
        .filter_by(learner_id=learner_id)
        .where(Evidence.id.not_in(voided))
        .order_by(Evidence.id)
    )


def _hold_fact(hold: Hold) -> HoldFact:
    return HoldFact(hold.id, hold.kind, hold.placed_at.date())
