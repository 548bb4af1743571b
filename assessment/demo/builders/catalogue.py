"""Builders of frameworks, measures and listings, for the demo and for tests; they flush."""

from __future__ import annotations

from typing import Any

from assessment.access import Actor, system
from assessment.catalogue.models import (
    AchievementKind,
    AchievementVersion,
    Framework,
    Measure,
    MeasureKind,
    Mode,
)
from assessment.catalogue.service import (
    AchievementSpec,
    CompetencyData,
    FrameworkData,
    MeasureArea,
    MeasureSpec,
    import_framework,
    publish_achievement,
    publish_measure,
)
from assessment.ids import new_id
from assessment.people.models import Institution

BUILDER = system("builder")


def both(text: str) -> dict[str, str]:
    """Return a wording in both languages."""
    return {"en": text, "fr": f"{text} (fr)"}


def build_framework(*keys: str, key: str | None = None, version: str = "1") -> Framework:
    """Return a framework with a competency under each of `keys`."""
    data = FrameworkData(
        key=key or f"framework-{new_id()[:8]}",
        version=version,
        title=both("Framework"),
        description=both("What people can do."),
        publisher="Publisher",
        licence="",
        levels=(),
        competencies=tuple(
            CompetencyData(each, both(each.title()), both(f"About {each}")) for each in keys
        ),
    )
    return import_framework(data, BUILDER).framework


def build_measure(key: str, institution: Institution, **columns: Any) -> Measure:
    """Return the measure of a test that rules may name, without any bank behind it."""
    area = MeasureArea(key="all", title=both("All"), count=10)
    defaults: dict[str, Any] = {
        "kind": MeasureKind.TEST,
        "version": 1,
        "title": both(key.title()),
        "areas": (area,),
        "languages": ("en", "fr"),
    }
    return publish_measure(
        MeasureSpec(key=key, institution_id=institution.id, **{**defaults, **columns})
    )


def listing(
    key: str, institution: Institution, rule: dict[str, Any], **given: Any
) -> AchievementSpec:
    """Return a complete listing that one institution authors, assesses and awards."""
    defaults: dict[str, Any] = {
        "kind": AchievementKind.COMPETENCY,
        "title": both(key.title()),
        "summary": both(f"What {key} is."),
        "description": both(f"More about {key}."),
        "mode": Mode.ONLINE,
        "minutes": 60,
        "cost_cents": 0,
        "languages": ("en", "fr"),
        "authored_by": institution.key,
        "assessed_by": institution.key,
        "awarded_by": institution.key,
    }
    return AchievementSpec(key=key, rule=rule, **{**defaults, **given})


def build_achievement(
    key: str,
    institution: Institution,
    rule: dict[str, Any],
    actor: Actor = BUILDER,
    **given: Any,
) -> AchievementVersion:
    """Return the published version of a complete listing."""
    return publish_achievement(listing(key, institution, rule, **given), actor)
