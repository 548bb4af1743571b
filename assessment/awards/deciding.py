"""Apply every rule that could now be met, and award at once what is shown."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, timedelta

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.awards import issuing
from assessment.awards.models import Award, AwardState, Decision
from assessment.awards.standing import STANDING, achievement_fact, awards_of, facts_of
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementVersion
from assessment.catalogue.references import parsed
from assessment.evidence.recording import facts_to_text
from assessment.extensions import db
from assessment.ids import new_id
from assessment.people import service as people
from assessment.rules import (
    Facts,
    Outcome,
    digest,
    evaluate,
    outcome_from_text,
    outcome_to_text,
)
from assessment.upsert import insert_once

OFFER_DAYS = 30


def consider(learner_id: str, actor: Actor) -> list[Award]:
    """Return the awards that this learner's evidence now earns, written in this transaction.

    Achievements are taken in the order of their graph, so that one award earns the next.
    """
    people.lock_learner(learner_id)
    before = awards_of(learner_id)
    facts = facts_of(learner_id)
    granted: list[Award] = []
    for version in catalogue.published():
        former = [award for award in before if award.achievement_id == version.achievement_id]
        if any(award.state in STANDING for award in former):
            continue
        award = _consider_one(learner_id, version, facts, former, actor)
        if award is not None:
            granted.append(award)
            if award.state == AwardState.AWARDED:
                facts = facts.with_achievement(achievement_fact(award))
    return granted


def _consider_one(
    learner_id: str,
    version: AchievementVersion,
    facts: Facts,
    former: list[Award],
    actor: Actor,
) -> Award | None:
    known = _used_before(former)
    facts = renewed(facts, known)
    outcome = evaluate(parsed(version.rule), facts, day_of(version))
    rests_on_nothing_new = bool(former) and set(outcome.evidence_ids) <= known
    if not outcome.met or rests_on_nothing_new:
        return None
    decision = _write_decision(learner_id, version, facts, outcome)
    return _grant(learner_id, version, decision, former, actor)


def day_of(version: AchievementVersion) -> date:
    """Return today's date in the zone of the institution that awards `version`."""
    zone = version.awarded_by.timezone if version.awarded_by else "UTC"
    return clock.local_date(clock.now(), zone)


def _used_before(former: list[Award]) -> set[str]:
    """Return the evidence that once earned an award which was revoked, declined or lapsed."""
    known: set[str] = set()
    for award in former:
        known.update(outcome_from_text(award.decision.outcome).evidence_ids)
    return known


def renewed(facts: Facts, known: set[str]) -> Facts:
    """Return the facts in which a new sitting or rating takes the place of a known one."""
    new_tests = {fact.test for fact in facts.tests if fact.evidence_id not in known}
    new_rubrics = {fact.rubric for fact in facts.rubrics if fact.evidence_id not in known}
    return replace(
        facts,
        tests=tuple(
            fact
            for fact in facts.tests
            if fact.test not in new_tests or fact.evidence_id not in known
        ),
        rubrics=tuple(
            fact
            for fact in facts.rubrics
            if fact.rubric not in new_rubrics or fact.evidence_id not in known
        ),
    )


def _write_decision(
    learner_id: str, version: AchievementVersion, facts: Facts, outcome: Outcome
) -> Decision:
    text = outcome_to_text(outcome)
    decision = Decision(
        learner_id=learner_id,
        id=new_id(),
        achievement_version_id=version.id,
        rule=version.rule,
        facts=facts_to_text(facts),
        outcome=text,
        outcome_digest=digest(text),
        met=outcome.met,
        on_date=day_of(version),
        decided_at=clock.now(),
    )
    db.session.add(decision)
    db.session.flush()
    return decision


def _grant(
    learner_id: str,
    version: AchievementVersion,
    decision: Decision,
    former: list[Award],
    actor: Actor,
) -> Award | None:
    moment = clock.now()
    offered = version.learner_chooses
    award_id = new_id()
    first = insert_once(
        Award,
        learner_id=learner_id,
        id=award_id,
        achievement_id=version.achievement_id,
        achievement_version_id=version.id,
        institution_id=version.awarded_by_id,
        decision_id=decision.id,
        state=AwardState.OFFERED if offered else AwardState.AWARDED,
        created_at=moment,
        offer_ends_at=moment + timedelta(days=OFFER_DAYS) if offered else None,
        awarded_at=None if offered else moment,
        expires_on=None if offered else expiry(version, day_of(version)),
        reason="",
        supersedes_id=former[0].id if former else None,
    )
    if not first:
        return None
    award = db.session.get_one(Award, (learner_id, award_id))
    act = "award offered" if offered else "awarded"
    audit.record(
        audit.learner_chain(learner_id),
        act,
        actor,
        award.id,
        achievement=version.achievement.key,
        decision=decision.outcome_digest,
    )
    if not offered:
        issuing.issue_credential(award)
    return award


def expiry(version: AchievementVersion, on: date) -> date | None:
    """Return the last day of an award made on `on`; None where it does not expire."""
    if not version.valid_months:
        return None
    months = on.year * 12 + on.month - 1 + version.valid_months
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(on.day, last))
