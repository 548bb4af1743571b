"""What of a learner's evidence was set aside, when and why, as its learner reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from assessment.evidence.models import Evidence, EvidenceKind, EvidenceVoid, VoidCause
from assessment.extensions import db
from assessment.locale import gettext as _


@dataclass(frozen=True)
class SetAside:
    """A row of evidence that counts no more."""

    evidence: Evidence
    at: datetime
    because: str
    cause: VoidCause

    @property
    def reason(self) -> str:
        """Why: the registrar's words, or what follows from something else that was set aside."""
        return _("Something that it rested on was set aside.") if self.has_fallen else self.because

    @property
    def has_fallen(self) -> bool:
        """Whether nobody set it aside by itself."""
        return self.cause == VoidCause.FALLEN


def tests_set_aside(learner_id: str) -> dict[str, SetAside]:
    """Return what was set aside of a learner's sittings, by the sitting."""
    rows = _set_aside(learner_id).where(Evidence.kind == EvidenceKind.TEST)
    return {each.evidence.source_id: each for each in _read(rows)}


def set_aside_among(learner_id: str, evidence_ids: Iterable[str]) -> tuple[SetAside, ...]:
    """Return which of a learner's evidence was set aside, without what later evidence replaced."""
    rows = _set_aside(learner_id).where(Evidence.id.in_(sorted(evidence_ids)))
    return _read(rows.where(EvidenceVoid.cause != VoidCause.SUPERSEDED))


def _set_aside(learner_id: str) -> Select[Evidence, datetime, str, VoidCause]:
    return (
        select(Evidence, EvidenceVoid.voided_at, EvidenceVoid.reason, EvidenceVoid.cause)
        .join(
            EvidenceVoid,
            (EvidenceVoid.learner_id == Evidence.learner_id)
            & (EvidenceVoid.evidence_id == Evidence.id),
        )
        .where(Evidence.learner_id == learner_id)
        .order_by(EvidenceVoid.voided_at, Evidence.id)
    )


def _read(rows: Select[Evidence, datetime, str, VoidCause]) -> tuple[SetAside, ...]:
    return tuple(SetAside(*row) for row in db.session.execute(rows))
