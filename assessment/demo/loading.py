"""Load the demo: everything through the services, in one transaction, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from assessment import clock, installation, rules
from assessment.access import system
from assessment.audit import service as audit
from assessment.catalogue import service as catalogue
from assessment.catalogue.service import AchievementSpec
from assessment.demo import (
    arguments,
    content_files,
    deciding,
    exemplars,
    life,
    past,
    scale,
    seeing,
    stories,
)
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
FOUNDED = timedelta(days=120)
"""How long ago the demo's institutions began; what they did since is told in the order of time."""
RATERS = ("assessor-1", "assessor-2", "assessor-4")
"""Those who rate at the institution: the third assessor has the gate before them."""
PARTNER = "assessor-5"
"""Who rates for a partner, what nobody at the institution may rate any more."""
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
    exemplars: int = 0
    people: int = 0
    works: int = 0
    awards: int = 0


def load(*, with_past: bool = True) -> Loaded:
    """Return what was loaded; flushed, not committed. A second time, nothing is.

    NotEmpty where the installation has institutions of its own: a demo, whose people everybody
    may be, has no place among them. `with_past` is for works that were handed in and rated before.
    """
    if _is_empty() and _is_first():
        return _load_all(with_past=with_past)
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


def _load_all(*, with_past: bool) -> Loaded:
    today = clock.now()
    with clock.telling(today - FOUNDED):
        ids = _found()
        loaded = _load_content(ids)
        persons = _load_people(ids)
    lived = _live_on(persons, today) if with_past else Loaded()
    return replace(
        loaded,
        people=len(persons),
        exemplars=lived.exemplars,
        works=lived.works,
        awards=life.live(persons) + lived.awards,
    )


def _live_on(persons: Mapping[str, Person], today: datetime) -> Loaded:
    """Return how much was rated, and on what, since the institutions began."""
    assessors = [persons[key] for key in RATERS]
    with clock.telling(today - FOUNDED):
        number_of_exemplars = exemplars.publish(ACTOR)
        exemplars.let_through([*assessors, persons[PARTNER]], ACTOR)
    works = past.Past(assessors, persons[PARTNER], today).tell(persons) + stories.tell(
        persons, today
    )
    works += arguments.tell(persons, today)
    works += deciding.tell(persons, today)
    seeing.keep_under_account(persons["observer"])
    stories.forget_letters(today)
    awards = arguments.doubt(persons)
    return Loaded(exemplars=number_of_exemplars, works=works, awards=awards)


def _found() -> dict[str, str]:
    """Return the ids of the demo's institutions by their keys."""
    installation.record(Fact.DEMO)
    audit.record(audit.SYSTEM_CHAIN, "demo.loaded", ACTOR, "installation")
    return {
        spec.key: people.found_institution(spec, ACTOR).id for spec in content_files.institutions()
    }


def _load_content(ids: Mapping[str, str]) -> Loaded:
    number_of_items = _load_banks(ids[KEEPER])
    scale.publish_scale(ACTOR)
    tests = [items.publish_test(spec, ACTOR) for spec in content_files.tests()]
    return Loaded(
        items=number_of_items,
        tests=len(tests),
        achievements=_load_catalogue(),
        opportunities=len(content_files.opportunities()),
    )


def _load_banks(institution_id: str) -> int:
    total = 0
    for name in content_files.BANKS:
        parsed = content_files.bank(name)
        into = items.BankSpec(key=parsed.key, institution_id=institution_id, licence=parsed.licence)
        total += items.import_bank(parsed, into, ACTOR).total
    return total


def _load_catalogue() -> int:
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
