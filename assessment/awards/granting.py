"""Write what was decided: the decision's record, the award that rests on it, its credential."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.awards import issuing
from assessment.awards.models import Award, AwardState, Decision
from assessment.catalogue.models import AchievementVersion
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.ids import new_id
from assessment.rules import Facts, Outcome, digest, months_later, outcome_to_text
from assessment.upsert import insert_once

OFFER_DAYS = 30


@dataclass(frozen=True)
class Judged:
    """The rule of an achievement applied to what counts for one learner, on a day."""

    learner_id: str
    version: AchievementVersion
    facts: Facts
    outcome: Outcome
    on: date
    """In the awarding institution's zone."""
    supersedes: Award | None
    """The latest award of the same, which ended."""
    earned: bool
    """Whether the rule is met, and by more than earned it before."""
    ends_with: date | None = None
    """The last day of the award in whose place the same work puts this one: it adds no time."""


def grant(judged: Judged, actor: Actor) -> Award | None:
    """Return the award, or the offer where the learner chooses; None if another was first."""
    decision = _decision(judged)
    award = _award(judged, decision)
    if award is None:
        return None
    audit.record(
        audit.learner_chain(award.learner_id),
        "awarded" if award.state == AwardState.AWARDED else "award offered",
        actor,
        award.id,
        achievement=judged.version.achievement.key,
        decision=decision.outcome_digest,
    )
    if award.state == AwardState.AWARDED:
        issuing.issue_credential(award)
    return award


def _decision(judged: Judged) -> Decision:
    text = outcome_to_text(judged.outcome)
    decision = Decision(
        learner_id=judged.learner_id,
        id=new_id(),
        achievement_version_id=judged.version.id,
        rule=judged.version.rule,
        facts=evidence.facts_to_text(judged.facts),
        outcome=text,
        outcome_digest=digest(text),
        met=judged.outcome.met,
        on_date=judged.on,
        decided_at=clock.now(),
    )
    db.session.add(decision)
    db.session.flush()
    return decision


def _award(judged: Judged, decision: Decision) -> Award | None:
    version, moment, award_id = judged.version, clock.now(), new_id()
    offered = version.learner_chooses
    first = insert_once(
        Award,
        learner_id=judged.learner_id,
        id=award_id,
        achievement_id=version.achievement_id,
        achievement_version_id=version.id,
        institution_id=version.awarded_by_id,
        decision_id=decision.id,
        state=AwardState.OFFERED if offered else AwardState.AWARDED,
        created_at=moment,
        offer_ends_at=moment + timedelta(days=OFFER_DAYS) if offered else None,
        awarded_at=None if offered else moment,
        expires_on=judged.ends_with if offered else expiry(version, judged.on, judged.ends_with),
        reason="",
        supersedes_id=judged.supersedes.id if judged.supersedes else None,
    )
    return db.session.get_one(Award, (judged.learner_id, award_id)) if first else None


def expiry(version: AchievementVersion, on: date, at_most: date | None = None) -> date | None:
    """Return the last day of an award made on `on`; None where it does not expire."""
    ends = months_later(on, version.valid_months) if version.valid_months else None
    return min((each for each in (ends, at_most) if each is not None), default=None)
