"""Builders of a small examination: a bank, a pre-test that opens a post-test, and a course."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

import itembank
from assessment.access import Actor, ActorKind, system
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import AchievementKind, AchievementVersion, Mode
from assessment.demo.builders.people import build_institution, build_person
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Bank, ParameterSet, ParameterSource, Test, TestMode
from assessment.people.models import Institution, Person

AREAS = ("wires", "tools")
OPTIONS = 4
EACH = 12
REACH = 2.0  # logits, to each side
BUILDER = system("builder")


@dataclass(frozen=True)
class Examination:
    """What `build_examination` made."""

    institution: Institution
    bank_key: str
    pre: Test
    post: Test
    course: AchievementVersion


def build_item(number: int, area: str, **fields: object) -> itembank.Item:
    """Return a choice item whose first option is the key."""
    return itembank.Item(
        id=f"{area}-{number:03d}",
        area=area,
        kind=itembank.ItemKind.CHOICE,
        stem={"en": f"Question {number} on {area}?", "fr": f"Question {number} sur {area} ?"},
        options=tuple(
            {"en": f"Choice {index} of {number}", "fr": f"Choix {index} de {number}"}
            for index in range(OPTIONS)
        ),
        key=frozenset({0}),
        **fields,  # type: ignore[arg-type]  # whichever fields the caller varies
    )


def build_bank(institution: Institution, key: str, per_area: int = EACH) -> Bank:
    """Return an imported bank of choice items in two areas, each the competency of its name."""
    parsed = itembank.ParsedBank(
        key=key,
        title={"en": f"Bank {key}", "fr": f"Banque {key}"},
        licence="",
        areas=tuple(
            itembank.Area(area, {"en": area.title(), "fr": area.title()}, None, area)
            for area in AREAS
        ),
        items=tuple(build_item(n, area) for area in AREAS for n in range(1, per_area + 1)),
        refused=(),
        warnings=(),
    )
    items.import_bank(parsed, items.BankSpec(key=key, institution_id=institution.id), BUILDER)
    return db.session.scalars(select(Bank).where(Bank.key == key)).one()


def build_test(institution: Institution, bank_key: str, key: str, **fields: object) -> Test:
    """Return a published test of two questions an area, with a mark of 75 %."""
    words = {"en": f"Test {key}", "fr": f"Épreuve {key}"}
    given: dict[str, object] = {
        "title": words,
        "purpose": words,
        "blueprint": dict.fromkeys(AREAS, 2),
        "cuts": (items.Cut("pass", {"en": "Pass", "fr": "Réussite"}, 75),),
        "languages": ("en", "fr"),
        "minutes": 40,
        **fields,
    }
    spec = items.TestSpec(key=key, bank=bank_key, institution=institution.key, **given)  # type: ignore[arg-type]  # as above
    return publish(spec)


def publish(spec: items.TestSpec) -> Test:
    """Return a published test, its parallel forms put together on the way."""
    source = items.forms_to_assemble(spec, BUILDER)
    forms = None if source is None else items.put_together(source)
    return items.publish_test(spec, BUILDER, forms)


def build_scale(bank: Bank, *, slope: float = 1.5) -> ParameterSet:
    """Return a published scale of a bank's items, their difficulties spread in each area alike."""
    pool = items.bank_pool(bank.id)
    estimates = {
        pool.version_ids[item.id]: items.ItemEstimate(
            model="2pl",
            slope=slope,
            thresholds=(round(2 * REACH * (place % EACH) / (EACH - 1) - REACH, 3),),
            slope_se=0.1,
            threshold_ses=(0.1,),
            responses=1000,
        )
        for place, item in enumerate(pool.items)
    }
    new = items.NewSet(source=ParameterSource.SIMULATED, report={}, items=estimates)
    return items.publish_parameter_set(bank.id, new, BUILDER)


def build_adaptive_test(institution: Institution, bank_key: str, key: str, **fields: Any) -> Test:
    """Return a published adaptive test of four to twelve questions, half of them in each area."""
    given = {
        "blueprint": dict.fromkeys(AREAS, 6),
        "adaptive": items.Adaptivity(least=4),
        "attempts": 100,
        **fields,
    }
    return build_test(institution, bank_key, key, mode=TestMode.ADAPTIVE, **given)


def build_achievement(
    institution: Institution, key: str, rule: dict[str, object], **fields: object
) -> AchievementVersion:
    """Return a published achievement of one institution."""
    words = {"en": f"Achievement {key}", "fr": f"Reconnaissance {key}"}
    given: dict[str, object] = {
        "kind": AchievementKind.MICRO_CREDENTIAL,
        "title": words,
        "summary": words,
        "description": words,
        "mode": Mode.ONLINE,
        "minutes": 60,
        "cost_cents": 0,
        "languages": ("en", "fr"),
        "authored_by": institution.key,
        "assessed_by": institution.key,
        "awarded_by": institution.key,
        **fields,
    }
    spec = catalogue.AchievementSpec(key=key, rule=rule, **given)  # type: ignore[arg-type]  # as above
    return catalogue.publish_achievement(spec, BUILDER)


def build_examination(**post: object) -> Examination:
    """Return a small examination: pre-test, post-test and a course of three credit hours."""
    institution = build_institution("college")
    build_bank(institution, "wiring")
    pre = build_test(institution, "wiring", "pre", attempts=2, window_days=30)
    opens = {"test": "pre", "percent": 75}
    post_test = build_test(institution, "wiring", "post", opens_when=opens, **post)
    course = build_achievement(
        institution,
        "wiring-course",
        {"test": "post", "percent": 75},
        kind=AchievementKind.COURSE_CREDIT,
        course_code="WIRE 101",
        credit_hours=3,
        grade_mode="CR",
    )
    return Examination(institution, "wiring", pre, post_test, course)


def build_learner(**columns: object) -> tuple[Person, Actor]:
    """Return a new learner and who they are when they act."""
    person = build_person(**columns)  # type: ignore[arg-type]  # columns may hold the e-mail
    actor = Actor(ActorKind.PERSON, person_id=person.id, learner_id=person.learner_id)
    return person, actor
