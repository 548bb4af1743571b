"""Load the demo: everything through the services, in one transaction, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from assessment import installation, rules
from assessment.access import system
from assessment.audit import service as audit
from assessment.catalogue import service as catalogue
from assessment.catalogue.service import AchievementSpec
from assessment.demo import content_files, life, scale
from assessment.demo.content_files import PersonSpec
from assessment.errors import Conflict
from assessment.extensions import db
from assessment.installation import Fact
from assessment.items import service as items
from assessment.people import accounts, passwords, profile, roles
from assessment.people import service as people
from assessment.people.models import Institution, Person
from assessment.performances import service as performances
from assessment.upsert import insert_once

ACTOR = system("attest demo")
KEEPER = "lantern-bay"
"""The institution whose item banks these are."""


class NotEmpty(Conflict):
    """The installation is somebody's own."""

    code = "not_empty"


@dataclass(frozen=True)
class Loaded:
    """What was loaded; nothing, where the demo was there already."""

    already: bool = False
    items: int = 0
    tests: int = 0
    achievements: int = 0
    opportunities: int = 0
    people: int = 0
    awards: int = 0


def load() -> Loaded:
    """Return what was loaded; flushed, not committed. A second time, nothing is.

    NotEmpty where the installation has institutions of its own: a demo, whose people everybody
    may be, has no place among them.
    """
    if _is_empty() and _is_first():
        return _load_all()
    if installation.holds(Fact.DEMO):
        return Loaded(already=True)
    raise NotEmpty(
        "This installation has institutions of its own, so the demo is not loaded into it. "
        "Name another data folder in ATTEST_DATA to have a demo beside it."
    )


def _is_empty() -> bool:
    return db.session.scalar(select(Institution.id).limit(1)) is None


def _is_first() -> bool:
    """Whether no other process loads the demo at this moment: a unique key decides."""
    return insert_once(installation.InstallationFact, name=Fact.DEMO.value, value="yes")


def _load_all() -> Loaded:
    installation.record(Fact.DEMO)
    audit.record(audit.SYSTEM_CHAIN, "demo.loaded", ACTOR, "installation")
    ids = {
        spec.key: people.found_institution(spec, ACTOR).id for spec in content_files.institutions()
    }
    number_of_items = _load_banks(ids[KEEPER])
    scale.publish_scale(ACTOR)
    tests = [items.publish_test(spec, ACTOR) for spec in content_files.tests()]
    achievements = _load_catalogue(ids)
    persons = _load_people(ids)
    return Loaded(
        items=number_of_items,
        tests=len(tests),
        achievements=achievements,
        opportunities=len(content_files.opportunities()),
        people=len(persons),
        awards=life.live(persons),
    )


def _load_banks(institution_id: str) -> int:
    total = 0
    for name in content_files.BANKS:
        parsed = content_files.bank(name)
        into = items.BankSpec(key=parsed.key, institution_id=institution_id, licence=parsed.licence)
        total += items.import_bank(parsed, into, ACTOR).total
    return total


def _load_catalogue(ids: Mapping[str, str]) -> int:
    for occupation in content_files.occupations():
        catalogue.publish_occupation(occupation.code, occupation.title)
    catalogue.import_framework(content_files.framework(), ACTOR)
    for each in content_files.published_rubrics():
        performances.publish_rubric(each.rubric, each.institution, ACTOR)
    for task in content_files.tasks():
        performances.publish_task(task, ACTOR)
    achievements = _in_order(content_files.achievements())
    for spec in achievements:
        catalogue.publish_achievement(spec, ACTOR)
    for opportunity in content_files.opportunities():
        catalogue.publish_opportunity(opportunity, ACTOR)
    return len(achievements)


def _in_order(specs: list[AchievementSpec]) -> list[AchievementSpec]:
    """Return achievements, each after all that its rule names."""
    by_key = {spec.key: spec for spec in specs}
    ordered = rules.order({key: rules.parse(spec.rule) for key, spec in by_key.items()})
    return [by_key[key] for key in ordered]


def _load_people(ids: Mapping[str, str]) -> dict[str, Person]:
    return {
        spec.key: _load_person(spec, order, ids)
        for order, spec in enumerate(content_files.people(), start=1)
    }


def _load_person(spec: PersonSpec, order: int, ids: Mapping[str, str]) -> Person:
    """Return an account that nobody's password opens: on the demo, one click does."""
    person = accounts.open_account(spec.email, spec.name, passwords.NOBODYS, spec.language)
    person.demo_order = order
    person.demo_story = dict(spec.story)
    accounts.confirm_email(person)
    if spec.role is None:
        profile.claim_details(person, spec.name, "", ACTOR)
    elif spec.institution is not None:
        roles.give(person.id, ids[spec.institution], spec.role, ACTOR)
    if spec.accommodation is not None:
        people.set_accommodation(
            person.learner_id,
            institution_id=ids[spec.accommodation.set_by],
            multiplier=spec.accommodation.multiplier,
            added_minutes=spec.accommodation.added_minutes,
            without_sight=spec.accommodation.without_sight,
            actor=ACTOR,
        )
    return person
