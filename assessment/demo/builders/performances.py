"""Builders of rubrics, tasks and performances, for the demo and for tests; they flush."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rubrics
from assessment.access import Actor, Role, system
from assessment.catalogue.models import AchievementVersion
from assessment.demo.builders.catalogue import both
from assessment.demo.builders.examinations import build_achievement
from assessment.demo.builders.people import build_institution, build_staff
from assessment.people.models import Institution, Person
from assessment.people.service import actor_of
from assessment.performances import service
from assessment.performances.models import Assignment, Performance, RubricVersion, Task

BUILDER = system("builder")
LEVELS = ("beginning", "developing", "proficient", "expert")
CRITERIA = ("prepares", "isolates", "tidies")
SAFE = "isolates"
"""The criterion that is safety-critical, at `proficient`."""


def a_rubric(key: str = "isolation", **changes: Any) -> rubrics.Rubric:
    """Return a rubric of three criteria, of which `SAFE` is safety-critical."""
    fields: dict[str, Any] = {
        "key": key,
        "title": both("Isolating a battery"),
        "levels": tuple(
            rubrics.Level(key=each, title=both(each.title()), points=2 * place)
            for place, each in enumerate(LEVELS)
        ),
        "criteria": tuple(_criterion(each) for each in CRITERIA),
    }
    return rubrics.Rubric(**(fields | changes))


def _criterion(key: str) -> rubrics.Criterion:
    return rubrics.Criterion(
        key=key,
        title=both(key.title()),
        descriptors={each: both(f"This is how {key} looks when {each}.") for each in LEVELS},
        safety_level="proficient" if key == SAFE else "",
    )


def build_rubric(institution: Institution, key: str = "isolation") -> RubricVersion:
    """Return a published rubric."""
    return service.publish_rubric(a_rubric(key), institution.key, BUILDER)


def build_task(keeper: Institution, key: str = "show-isolation", **fields: Any) -> Task:
    """Return a published task on the rubric, which two assessors rate."""
    given: dict[str, Any] = {
        "rubric": "isolation",
        "title": both("Isolate a battery"),
        "brief": both("Show how you isolate a high-voltage battery, and that it is safe."),
        "languages": ("en", "fr"),
        "policy": {"required": "proficient"},
        "institution": keeper.key,
        **fields,
    }
    return service.publish_task(service.TaskSpec(key=key, **given), BUILDER)


@dataclass(frozen=True)
class Workshop:
    """An institution with a task, an achievement that it earns, and assessors."""

    institution: Institution
    task: Task
    achievement: AchievementVersion
    assessors: tuple[Person, ...]

    @property
    def actors(self) -> tuple[Actor, ...]:
        """The assessors when they act."""
        return tuple(actor_of(each) for each in self.assessors)


def build_workshop(key: str = "workshop", *, assessors: int = 4, **policy: Any) -> Workshop:
    """Return a workshop of its own; `policy` changes what its task asks of ratings."""
    institution = build_institution(key)
    build_rubric(institution)
    task = build_task(institution, policy={"required": "proficient", **policy})
    rule = {"rubric": "isolation", "level": "proficient", "raters": policy.get("raters", 2)}
    return Workshop(
        institution=institution,
        task=task,
        achievement=build_achievement(institution, "isolating", rule),
        assessors=tuple(build_staff(Role.ASSESSOR, institution) for _ in range(assessors)),
    )


def build_performance(task: Task, actor: Actor, *, text: str = "I did it so.") -> Performance:
    """Return a performance that was handed in: a text that shows every criterion."""
    begun = service.begin(task, actor)
    service.add_text(begun.id, text, dict.fromkeys(CRITERIA, ""), actor)
    return service.submit(begun.id, actor)


def given(*levels: str | None, comments: Mapping[str, str] | None = None) -> service.Given:
    """Return levels for the criteria in their order, with a reason for what was not observed."""
    marks = dict(zip(CRITERIA, levels, strict=False))
    reasons = {key: "Show me more of it." for key, level in marks.items() if level is None}
    return service.Given(marks=marks, comments={**reasons, **(comments or {})})


def claimed(actor: Actor) -> Assignment:
    """Return what an assessor takes next; there has to be something."""
    found = service.claim_next(actor)
    if found is None:
        raise LookupError("Nothing waits for this assessor.")
    return found


def _asked(place: Assignment, said: service.Given) -> service.Given:
    """Return what is said of the criteria that a place asks about."""
    kept = {key: mark for key, mark in said.marks.items() if key in place.criteria}
    words = {key: text for key, text in said.comments.items() if key in place.criteria}
    return service.Given(marks=kept, comments=words)


def build_rating(actor: Actor, *levels: str | None, **more: Any) -> Assignment:
    """Return what waited longest, rated by `actor` and released."""
    found = claimed(actor)
    released = service.release(found.id, _asked(found, given(*levels, **more)), actor)
    if not isinstance(released, service.Released):
        raise LookupError(f"The rating was not released: {released}.")
    return found
