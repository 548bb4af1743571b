"""Evidence whose place later evidence of the same work took."""

from __future__ import annotations

from datetime import datetime

from assessment.evidence.models import EvidenceVoid, VoidCause
from assessment.extensions import db


def superseded_at(learner_id: str, evidence_id: str) -> datetime | None:
    """Return when later evidence of the same work took its place; None where none did."""
    found = db.session.get(EvidenceVoid, (learner_id, evidence_id))
    if found is None or found.cause != VoidCause.SUPERSEDED:
        return None
    return found.voided_at
