"""Apply every rule that could now be met, and award at once what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.awards import reach
from assessment.awards.granting import Judged, grant
from assessment.awards.models import Award, AwardState
from assessment.awards.renewing import concluded_since, last_use, nothing_new
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
    is earned again by something new alone, or by a new conclusion of the work over which the last
    one was lost.
    """
    former = [award for award in awards if award.achievement_id == version.achievement_id]
    if not former:
        return _judged(learner_id, version, facts)
    judged = _judged_since(version, facts, former)
    again = frozenset() if judged.earned else concluded_since(former[0])
    return _judged_since(version, facts, former, again) if again else judged


def _judged_since(
    version: AchievementVersion,
    facts: Facts,
    former: Sequence[Award],
    again: frozenset[str] = frozenset(),
) -> Judged:
    """Return how a learner stands by what was shown since such awards ended, or counts `again`."""
    last, since = former[0], max(map(last_use, former))
    learner_id = last.learner_id
    shown = evidence.facts(learner_id, since, again)
    known = nothing_new(awards_of(learner_id), since, again)
    judged = _judged(learner_id, version, replace(shown, achievements=facts.achievements))
    return replace(
        judged,
        supersedes=last,
        earned=judged.earned and not set(judged.outcome.evidence_ids) <= known,
        ends_with=last.expires_on if again else None,
    )


def _judged(learner_id: str, version: AchievementVersion, facts: Facts) -> Judged:
    on = day_of(version)
    outcome = evaluate(catalogue.parsed(version.rule), facts, on)
    return Judged(
        learner_id=learner_id,
        version=version,
        facts=facts,
        outcome=outcome,
        on=on,
        supersedes=None,
        earned=outcome.met,
    )


def day_of(version: AchievementVersion) -> date:
    """Return today's date in the zone of the institution that awards `version`."""
    zone = version.awarded_by.timezone if version.awarded_by else "UTC"
    return clock.local_date(clock.now(), zone)
