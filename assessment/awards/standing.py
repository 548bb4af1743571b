"""Which awards stand, and what they are as facts for further rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from assessment import clock
from assessment.awards.models import Award, AwardState
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.rules import AchievementFact, Facts, outcome_from_text

STANDING = (AwardState.OFFERED, AwardState.AWARDED)


def awards_of(learner_id: str) -> list[Award]:
    """Return every award of a learner, the latest first."""
    rows = select(Award).filter_by(learner_id=learner_id)
    return list(db.session.scalars(rows.order_by(Award.created_at.desc(), Award.id.desc())))


def awards_earned_by(learner_id: str, source_id: str) -> list[Award]:
    """Return the awards that rest on the evidence of one source, or follow from such awards."""
    ids = {row.id for row in evidence.evidence_rows(learner_id) if row.source_id == source_id}
    rest = [(award, _rests_on(award)) for award in awards_of(learner_id)]
    earned: list[Award] = []
    while found := [award for award, used in rest if used & ids and award not in earned]:
        earned += found
        ids.update(award.id for award in found)
    return earned


def _rests_on(award: Award) -> set[str]:
    return set(outcome_from_text(award.decision.outcome).evidence_ids)


def facts_of(learner_id: str) -> Facts:
    """Return all that rules may read of a learner: the ledger, and awards that stand today."""
    facts = evidence.facts(learner_id)
    for award in awards_of(learner_id):
        if counts(award, today(award)):
            facts = facts.with_achievement(achievement_fact(award))
    return facts


def counts(award: Award, on: date) -> bool:
    """Return whether an award is a fact: accepted, not revoked, not expired."""
    if award.state != AwardState.AWARDED:
        return False
    return award.expires_on is None or on <= award.expires_on


def achievement_fact(award: Award) -> AchievementFact:
    """Return an award as rules read it; its day is in the awarding institution's zone."""
    version = award.achievement_version
    assert award.awarded_at is not None  # noqa: S101 - `counts` lets only awarded ones through
    return AchievementFact(
        evidence_id=award.id,
        key=award.achievement.key,
        awarded_on=clock.local_date(award.awarded_at, zone(award)),
        credit_hours=Decimal(str(version.credit_hours or 0)),
    )


def zone(award: Award) -> str:
    """Return the time zone of the institution that awards."""
    institution = award.achievement_version.awarded_by
    return institution.timezone if institution else "UTC"


def today(award: Award) -> date:
    """Return today's date where the awarding institution is."""
    return clock.local_date(clock.now(), zone(award))
