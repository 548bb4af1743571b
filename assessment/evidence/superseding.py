"""Evidence whose place later evidence of the same work took."""

from __future__ import annotations

from datetime import datetime

from assessment.evidence.models import EvidenceVoid
from assessment.extensions import db

SUPERSEDED = "Superseded by a later conclusion on the same work."
"""The reason that it is set aside for."""
FALLEN = "What this rested on was set aside."
"""The reason for evidence that nothing holds up any more."""


def superseded_at(learner_id: str, evidence_id: str) -> datetime | None:
    """Return when later evidence of the same work took its place; None where none did."""
    found = db.session.get(EvidenceVoid, (learner_id, evidence_id))
    return found.voided_at if found is not None and found.reason == SUPERSEDED else None
