"""Which awards stand, and what they are as facts for further rules."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from assessment import clock
from assessment.awards.models import Award, AwardState
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.rules import AchievementFact, Facts, outcome_from_text

ONE_DAY = timedelta(days=1)
STANDING = (AwardState.OFFERED, AwardState.AWARDED)


def awards_of(learner_id: str) -> list[Award]:
    """Return every award of a learner, the latest first."""
    rows = (
        select(Award)
        .filter_by(learner_id=learner_id)
        .order_by(Award.created_at.desc(), Award.id.desc())
        .execution_options(populate_existing=True)  # who waited for the learner's lock reads anew
    )
    return list(db.session.scalars(rows))


def awards_earned_by(learner_id: str, source_id: str) -> list[Award]:
    """Return the awards that rest on the evidence of one source, or follow from such awards."""
    rows = evidence.evidence_rows(learner_id)
    return resting_on({row.id for row in rows if row.source_id == source_id}, awards_of(learner_id))


def resting_on(evidence_ids: set[str], awards: list[Award]) -> list[Award]:
    """Return those of one learner's awards that rest on this evidence, or on such an award."""
    ids = set(evidence_ids)
    rest = [(award, evidence_of(award)) for award in awards]
    found: list[Award] = []
    while more := [award for award, used in rest if used & ids and award not in found]:
        found += more
        ids.update(award.id for award in more)
    return found


def evidence_of(award: Award) -> frozenset[str]:
    """Return the ids of the evidence and the awards that an award rests on."""
    return frozenset(outcome_from_text(award.decision.outcome).evidence_ids)


def facts_of(learner_id: str) -> Facts:
    """Return all that rules may read of a learner: the ledger, and awards that stand today."""
    facts = evidence.facts(learner_id)
    for award in awards_of(learner_id):
        if counts(award):
            facts = facts.with_achievement(achievement_fact(award))
    return facts


def counts(award: Award) -> bool:
    """Return whether an award is a fact today: accepted, not revoked, not expired."""
    return award.state == AwardState.AWARDED and not has_run_out(award)


def has_run_out(award: Award) -> bool:
    """Return whether the last day of an award is past, where the institution that awards is."""
    return award.expires_on is not None and award.expires_on < today(award)


def learners_with_expired_awards() -> list[str]:
    """Return the learners who hold an award whose last day is past, and is not yet said to be."""
    soon = clock.now().date() + ONE_DAY  # it is tomorrow somewhere
    rows = select(Award).where(Award.state == AwardState.AWARDED, Award.expires_on < soon)
    return sorted({award.learner_id for award in db.session.scalars(rows) if has_run_out(award)})


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
