"""Evidence of the same work: all that was concluded on it, however often it was handed in."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Select, func, select

from assessment.evidence.models import Evidence, EvidenceVoid, VoidCause
from assessment.extensions import db


def work_of(learner_id: str, evidence_id: str) -> str | None:
    """Return the work that evidence is of; None for what is none, such as a test."""
    row = select(Evidence.work_id).filter_by(learner_id=learner_id, id=evidence_id)
    return db.session.scalar(row)


def shown_since(learner_id: str, work_ids: Collection[str]) -> datetime | None:
    """Return since when the evidence of works counts: since the first of it does."""
    since = func.coalesce(Evidence.counts_from, Evidence.recorded_at)
    rows = select(func.min(since)).where(Evidence.learner_id == learner_id)
    return db.session.scalar(rows.where(Evidence.work_id.in_(work_ids)))


def final_word(learner_id: str, work_ids: Collection[str]) -> str | None:
    """Return why somebody set evidence of works aside, which is final for them; None if nobody."""
    rows = (
        _voids_of(learner_id, work_ids)
        .where(EvidenceVoid.cause == VoidCause.SET_ASIDE)
        .order_by(EvidenceVoid.voided_at, EvidenceVoid.evidence_id)
    )
    found = db.session.scalars(rows).first()
    return None if found is None else found.reason


def _voids_of(learner_id: str, works: Iterable[str]) -> Select[EvidenceVoid]:
    return (
        select(EvidenceVoid)
        .join(
            Evidence,
            (Evidence.learner_id == EvidenceVoid.learner_id)
            & (Evidence.id == EvidenceVoid.evidence_id),
        )
        .where(EvidenceVoid.learner_id == learner_id, Evidence.work_id.in_(list(works)))
    )


def concluded_after_falling(
    learner_id: str, evidence_ids: Collection[str], moment: datetime
) -> frozenset[str]:
    """Return what was concluded after `moment` on work of this evidence that had fallen by then.

    Work has fallen at a moment where some of its evidence fell before, and none stood.
    """
    used = select(Evidence.work_id).filter_by(learner_id=learner_id)
    works = set(db.session.scalars(used.where(Evidence.id.in_(list(evidence_ids)))))
    fallen = [each for each in works if each and _had_fallen(learner_id, each, moment)]
    rows = select(Evidence.id).filter_by(learner_id=learner_id)
    later = rows.where(Evidence.work_id.in_(fallen), Evidence.recorded_at > moment)
    return frozenset(db.session.scalars(later))


def _had_fallen(learner_id: str, work_id: str, moment: datetime) -> bool:
    rows = select(Evidence.id).filter_by(learner_id=learner_id, work_id=work_id)
    known = set(db.session.scalars(rows.where(Evidence.recorded_at <= moment)))
    voids = db.session.scalars(
        _voids_of(learner_id, [work_id]).where(EvidenceVoid.voided_at <= moment)
    ).all()
    over = {each.evidence_id: each.cause for each in voids}
    return known <= over.keys() and VoidCause.FALLEN in over.values()


def times_shown(learner_id: str) -> dict[str, datetime]:
    """Return since when each row of a learner's evidence counts, by its id."""
    since = func.coalesce(Evidence.counts_from, Evidence.recorded_at)
    rows = select(Evidence.id, since).where(Evidence.learner_id == learner_id)
    return {row[0]: row[1] for row in db.session.execute(rows)}
