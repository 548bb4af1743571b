"""The very same work, handed in more than once: it is one occasion, and whoever decides is told."""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from assessment.artefacts.models import Artefact
from assessment.extensions import db
from assessment.performances.models import Attachment, Performance, ResolutionRow


def repeats_of(performance: Performance) -> list[Performance]:
    """Return the concluded performances for which the same work was handed in before, in order."""
    moment = performance.submitted_at
    earlier = [(each.submitted_at, each) for each in same_work(performance)]
    return [each for at, each in earlier if moment is not None and at is not None and at <= moment]


def same_work(performance: Performance) -> list[Performance]:
    """Return the learner's other concluded performances of the very same work, the first first.

    Work is the same where the files and texts are, byte by byte and all of them, as they were in
    any handing in. What was withdrawn since, or lost its result, was concluded all the same.
    """
    concluded = exists().where(
        ResolutionRow.learner_id == Performance.learner_id,
        ResolutionRow.performance_id == Performance.id,
    )
    rows = select(Performance).where(
        Performance.learner_id == performance.learner_id,
        Performance.id != performance.id,
        concluded,
    )
    own = digests(performance, performance.version)
    before = db.session.scalars(rows.order_by(Performance.submitted_at, Performance.id))
    return [each for each in before if own and own in _handed_in(each)]


def _handed_in(performance: Performance) -> list[frozenset[str]]:
    """Return what was in each version of a performance that was handed in."""
    return [digests(performance, number) for number in range(1, performance.version + 1)]


def digests(performance: Performance, version: int) -> frozenset[str]:
    """Return the SHA-256 of each artefact that was in one version of a performance."""
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
            Attachment.since_version <= version,
            or_(Attachment.until_version.is_(None), Attachment.until_version >= version),
        )
    )
    return frozenset(db.session.scalars(rows))
