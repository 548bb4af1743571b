"""The very same work, handed in more than once: it is one occasion, and whoever decides is told."""

from __future__ import annotations

from sqlalchemy import select

from assessment.artefacts.models import Artefact
from assessment.extensions import db
from assessment.performances.models import Attachment, Performance, PerformanceState


def repeats_of(performance: Performance) -> list[Performance]:
    """Return the learner's other concluded performances of the very same work, the first first.

    Work is the same where the files and texts are, byte by byte and all of them.
    """
    rows = select(Performance).where(
        Performance.learner_id == performance.learner_id,
        Performance.state == PerformanceState.RESOLVED,
        Performance.id != performance.id,
        Performance.submitted_at <= performance.submitted_at,
    )
    own = digests(performance)
    before = db.session.scalars(rows.order_by(Performance.submitted_at, Performance.id))
    return [each for each in before if digests(each) == own]


def digests(performance: Performance) -> frozenset[str]:
    """Return the SHA-256 of each artefact that belongs to a performance."""
    rows = (
        select(Artefact.sha256)
        .join(
            Attachment,
            (Attachment.learner_id == Artefact.learner_id)
            & (Attachment.artefact_id == Artefact.id),
        )
        .where(
            Attachment.learner_id == performance.learner_id,
            Attachment.performance_id == performance.id,
            Attachment.until_version.is_(None),
        )
    )
    return frozenset(db.session.scalars(rows))
