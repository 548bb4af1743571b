"""Apply every rule that could now be met, and award at once what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.awards import reach
from assessment.awards.granting import Judged, grant
from assessment.awards.models import Award, AwardState
from assessment.awards.standing import STANDING, achievement_fact, awards_of, facts_of, has_run_out
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementVersion
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.people import service as people
from assessment.rules import Facts, evaluate


def consider(learner_id: str, actor: Actor) -> list[Award]:
    """Return the awards that this learner's evidence now earns, written in this transaction.

    Achievements are taken in the order of their graph, so that one award earns the next.
    """
    people.lock_learner(learner_id)
    before = awards_of(learner_id)
    _expire(before, actor)
    held = {award.achievement_id for award in before if award.state in STANDING}
    facts = facts_of(learner_id)
    granted: list[Award] = []
    for published in catalogue.published_rules():
        if published.achievement_id in held or not reach.is_within(published.text, facts):
            continue
        version = catalogue.achievement_version(published.version_id)
        judged = judge(learner_id, version, facts, before)
        award = grant(judged, actor) if judged.earned else None
        if award is not None:
            granted.append(award)
            if award.state == AwardState.AWARDED:
                facts = facts.with_achievement(achievement_fact(award))
    return granted


def _expire(awards: Iterable[Award], actor: Actor) -> None:
    """End the awards whose last day is past, so that what was shown since can earn them anew."""
    for award in awards:
        if award.state == AwardState.AWARDED and has_run_out(award):
            award.state = AwardState.EXPIRED
            award.ended_at = clock.now()
            chain = audit.learner_chain(award.learner_id)
            audit.record(chain, "award expired", actor, award.id)
    db.session.flush()


def judge(
    learner_id: str, version: AchievementVersion, facts: Facts, awards: Sequence[Award]
) -> Judged:
    """Return how a learner stands on an achievement today.

    Where an award of it ended before, only what was shown since counts, with awards that stand; it
    is earned again by something new alone.
    """
    former = [award for award in awards if award.achievement_id == version.achievement_id]
    since, on = _counting_since(former), day_of(version)
    known: set[str] = set()
    if since is not None:
        facts = replace(evidence.facts(learner_id, since), achievements=facts.achievements)
        known = {award.id for award in awards if _made_at(award) <= since}
    outcome = evaluate(catalogue.parsed(version.rule), facts, on)
    is_new = since is None or not set(outcome.evidence_ids) <= known
    return Judged(
        learner_id=learner_id,
        version=version,
        facts=facts,
        outcome=outcome,
        on=on,
        supersedes=former[0] if former else None,
        earned=outcome.met and is_new,
    )


def _counting_since(former: Sequence[Award]) -> datetime | None:
    """Return from when on evidence counts; None where there was no such award before."""
    return max(map(_last_use, former), default=None)


def _last_use(award: Award) -> datetime:
    """Return when an award used up what was shown: as it was made, so that it can be renewed before
    it runs out; where it was revoked, declined or not answered, as it ended.
    """
    ended = None if award.state == AwardState.EXPIRED else award.ended_at
    return ended or _made_at(award)


def _made_at(award: Award) -> datetime:
    return award.awarded_at or award.created_at


def day_of(version: AchievementVersion) -> date:
    """Return today's date in the zone of the institution that awards `version`."""
    zone = version.awarded_by.timezone if version.awarded_by else "UTC"
    return clock.local_date(clock.now(), zone)
