"""Achievements: published whole, in versions that never change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from assessment import clock, rules
from assessment.access import Action, Actor, require_at
from assessment.audit.service import institution_chain, record
from assessment.catalogue.appealing import require_something_to_appeal
from assessment.catalogue.frameworks import framework_version, missing_competencies
from assessment.catalogue.listings import AchievementSpec, require_listing
from assessment.catalogue.models import (
    Achievement,
    AchievementVersion,
    Endorsement,
    Framework,
)
from assessment.catalogue.references import (
    checked_rule,
    includes_performance,
    parsed,
    rule_graph,
    rule_text,
)
from assessment.catalogue.search import search_text
from assessment.errors import Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.people.models import Institution
from assessment.people.service import institution_by_key
from assessment.upsert import insert_once


@dataclass(frozen=True)
class Institutions:
    """The three institutions of a listing; they may be one."""

    author: Institution
    assessor: Institution
    awarder: Institution


def publish_achievement(spec: AchievementSpec, actor: Actor) -> AchievementVersion:
    """Return the version that is now the published one: a new one each time.

    Invalid where the listing lacks what every listing shows, or where its rule names what does
    not exist or closes a circle. Only the awarding institution's registrar may promise its credit.
    """
    require_listing(spec)
    institutions = _institutions(spec)
    require_at(actor, Action.MANAGE_CATALOGUE, institutions.awarder.id)
    achievement = _locked(spec)
    _require_still_theirs(achievement, actor)
    rule = checked_rule(spec.rule, achievement=spec.key)
    require_something_to_appeal(spec, rule)
    version = _new_version(achievement, spec, rule, institutions)
    db.session.add(version)
    achievement.current_version = version.version
    db.session.flush()
    chain = institution_chain(institutions.awarder.id)
    subject = f"achievement:{spec.key}"
    record(chain, "achievement.published", actor, subject, version=version.version)
    return version


def _institutions(spec: AchievementSpec) -> Institutions:
    return Institutions(
        _institution(spec.authored_by),
        _institution(spec.assessed_by),
        _institution(spec.awarded_by),
    )


def _institution(key: str | None) -> Institution:
    try:
        return institution_by_key(key or "")
    except NoSuchRecord:
        sentence = _("There is no institution with the key %(key)s.", key=key)
        raise Invalid(sentence) from None


def _locked(spec: AchievementSpec) -> Achievement:
    """Return the achievement's row; all of them are locked.

    So versions are numbered one after another, and no two that are published at the same time
    close a circle which neither of them could see: it would stop every award.
    """
    insert_once(Achievement, id=new_id(), key=spec.key, kind=spec.kind, current_version=None)
    query = select(Achievement).order_by(Achievement.id).with_for_update(key_share=True)
    rows = db.session.scalars(query.execution_options(populate_existing=True))
    found = next(each for each in rows.all() if each.key == spec.key)
    if found.kind != spec.kind:
        sentence = _("%(key)s is already published as another kind of achievement.", key=spec.key)
        raise Invalid(sentence)
    return found


def _require_still_theirs(achievement: Achievement, actor: Actor) -> None:
    """Refuse that another institution takes over a key: whoever awards it now must agree."""
    current = published_version(achievement.key)
    if current is not None and current.awarded_by_id is not None:
        require_at(actor, Action.MANAGE_CATALOGUE, current.awarded_by_id)


def _new_version(
    achievement: Achievement, spec: AchievementSpec, rule: rules.Rule, of: Institutions
) -> AchievementVersion:
    framework = _framework(spec)
    return AchievementVersion(
        achievement_id=achievement.id,
        version=(achievement.current_version or 0) + 1,
        title=dict(spec.title),
        summary=dict(spec.summary),
        description=dict(spec.description),
        rule=rule_text(rule),
        mode=spec.mode,
        minutes=spec.minutes,
        cost_cents=spec.cost_cents,
        languages=list(spec.languages),
        place=spec.place,
        authored_by_id=of.author.id,
        assessed_by_id=of.assessor.id,
        awarded_by_id=of.awarder.id,
        occupations=list(spec.occupations),
        includes_performance=includes_performance(rule),
        competency_keys=list(spec.competency_keys),
        framework_id=framework.id if framework else None,
        course_code=spec.course_code,
        credit_hours=spec.credit_hours,
        grade_mode=spec.grade_mode,
        learner_chooses=spec.learner_chooses,
        valid_months=spec.valid_months,
        appeal_days=spec.appeal_days,
        published_at=clock.now(),
        search_text=search_text(spec, (of.author, of.assessor, of.awarder)),
    )


def _framework(spec: AchievementSpec) -> Framework | None:
    """Return the framework that the version is pinned to, knowing all its competencies."""
    framework = None
    if spec.framework:
        framework = framework_version(spec.framework, spec.framework_version or "")
    missing = missing_competencies(spec.competency_keys, framework)
    if missing:
        keys = ", ".join(missing)
        raise Invalid(_("No framework that this names has the competency %(keys)s.", keys=keys))
    return framework


def _published() -> Select[AchievementVersion]:
    return (
        select(AchievementVersion)
        .join(AchievementVersion.achievement)
        .where(AchievementVersion.version == Achievement.current_version)
        .options(
            contains_eager(AchievementVersion.achievement),
            joinedload(AchievementVersion.awarded_by),
            joinedload(AchievementVersion.assessed_by),
            joinedload(AchievementVersion.authored_by),
        )
    )


def published() -> list[AchievementVersion]:
    """Return every published version, each after those that its rule names."""
    versions = {each.achievement.key: each for each in db.session.scalars(_published())}
    graph = tuple((key, versions[key].rule) for key in sorted(versions))
    return [versions[key] for key in _order(graph)]


@dataclass(frozen=True)
class PublishedRule:
    """The rule of a published version, without all that its page says."""

    version_id: str
    achievement_id: str
    text: str


def published_rules() -> list[PublishedRule]:
    """Return the rule of every published version, each after those that it names."""
    query = (
        select(Achievement.key, AchievementVersion.id, Achievement.id, AchievementVersion.rule)
        .join(AchievementVersion.achievement)
        .where(AchievementVersion.version == Achievement.current_version)
        .order_by(Achievement.key)
    )
    found = {key: PublishedRule(*rest) for key, *rest in db.session.execute(query)}
    return [found[key] for key in _order(tuple((key, each.text) for key, each in found.items()))]


@lru_cache(maxsize=8)
def _order(graph: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Return keys in the order of their rules' texts; what is published changes seldom."""
    return rules.order({key: parsed(text) for key, text in graph})


def achievement_version(version_id: str) -> AchievementVersion:
    """Return a version of an achievement by its id."""
    return db.session.get_one(AchievementVersion, version_id)


def published_version(key: str) -> AchievementVersion | None:
    """Return the published version of an achievement, or None."""
    return db.session.scalar(_published().where(Achievement.key == key))


def published_at(institution_id: str) -> list[AchievementVersion]:
    """Return what an institution authors, assesses or awards, in order of key."""
    takes_part = or_(
        AchievementVersion.authored_by_id == institution_id,
        AchievementVersion.assessed_by_id == institution_id,
        AchievementVersion.awarded_by_id == institution_id,
    )
    return list(db.session.scalars(_published().where(takes_part).order_by(Achievement.key)))


def leads_to(key: str) -> list[AchievementVersion]:
    """Return the published achievements that count this one."""
    graph = rule_graph()
    keys = [
        other
        for other, rule in graph.items()
        if key in {reference.key for reference in rules.references(rule).achievements}
    ]
    query = _published().where(Achievement.key.in_(keys)).order_by(Achievement.key)
    return list(db.session.scalars(query))


def rule_of(version: AchievementVersion) -> rules.Rule:
    """Return the rule of a version, read once per process."""
    return parsed(version.rule)


def endorsements(achievement_id: str, on: date) -> list[Endorsement]:
    """Return the employers' endorsements that stand on a day, the oldest first."""
    query = select(Endorsement).where(
        Endorsement.achievement_id == achievement_id,
        Endorsement.endorsed_on <= on,
        or_(Endorsement.expires_on.is_(None), Endorsement.expires_on >= on),
    )
    return list(db.session.scalars(query.order_by(Endorsement.endorsed_on)))
