"""The demo's content, read from the files that its authors keep, as what the services take."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import itembank
import rubrics
from assessment import resources
from assessment.access import Role
from assessment.catalogue.models import AchievementKind, Mode
from assessment.catalogue.service import (
    AchievementSpec,
    FrameworkData,
    FrameworkFormat,
    OpportunitySpec,
    read_framework,
)
from assessment.items.service import TestSpec, test_from_json
from assessment.people.service import InstitutionSpec
from assessment.performances.service import TaskSpec, task_from_json

BANKS = ("bank", "practice")
FOLDER = resources.HERE / "demo" / "content"


@dataclass(frozen=True)
class OccupationSpec:
    """What an occupation is called."""

    code: str
    title: Mapping[str, str]


@dataclass(frozen=True)
class AccommodationSpec:
    """What an institution gives a learner in every test."""

    multiplier: float
    added_minutes: int
    without_sight: bool
    set_by: str


@dataclass(frozen=True)
class PersonSpec:
    """One of the demo's people; `role` is None for learners."""

    key: str
    name: str
    email: str
    language: str
    role: Role | None
    institution: str | None
    story: Mapping[str, str]
    accommodation: AccommodationSpec | None


@dataclass(frozen=True)
class RubricToPublish:
    """A rubric, and the key of the institution that publishes it."""

    rubric: rubrics.Rubric
    institution: str


def bank(name: str) -> itembank.ParsedBank:
    """Return the item bank that a file of the demo holds."""
    return itembank.read_bank(_bytes(name), itembank.BankFormat.JSON)


def framework() -> FrameworkData:
    """Return the demo's competencies and levels."""
    return read_framework(_bytes("framework"), FrameworkFormat.JSON)


def institutions() -> list[InstitutionSpec]:
    """Return the demo's institutions."""
    known = ("key", "name", "city", "province", "timezone", "description")
    return [
        InstitutionSpec(**{name: each[name] for name in known}) for each in _all("institutions")
    ]


def occupations() -> list[OccupationSpec]:
    """Return what the occupations are called that the demo's achievements name."""
    return [OccupationSpec(**each) for each in _all("occupations")]


def tests() -> list[TestSpec]:
    """Return the demo's tests, in an order in which each names only earlier ones."""
    return [test_from_json(_without(each, "items")) for each in _all("tests")]


def published_rubrics() -> list[RubricToPublish]:
    """Return the demo's rubrics, each with the key of its institution."""
    return [
        RubricToPublish(
            rubrics.rubric_from_json(_without(each, "institution")), each["institution"]
        )
        for each in _list("rubrics")
    ]


def tasks() -> list[TaskSpec]:
    """Return the demo's tasks."""
    return [task_from_json(each) for each in _list("tasks")]


def achievements() -> list[AchievementSpec]:
    """Return what the demo awards."""
    return [_achievement(each) for each in _all("achievements")]


def _achievement(data: Mapping[str, Any]) -> AchievementSpec:
    same = ("key", "title", "summary", "description", "rule", "minutes", "cost_cents")
    roles = ("authored_by", "assessed_by", "awarded_by")
    return AchievementSpec(
        **{name: data[name] for name in (*same, *roles)},
        kind=AchievementKind(data["kind"]),
        mode=Mode(data["mode"]),
        languages=tuple(data["languages"]),
        place=data["place"] or "",
        occupations=tuple(data["noc"]),
        competency_keys=tuple(data["competencies"]),
        framework=data["framework"],
        framework_version=framework().version,
        course_code=data.get("code", ""),
        credit_hours=data.get("credit_hours"),
        grade_mode=data.get("grade_mode", ""),
        appeal_days=data.get("appeal_days"),
    )


def opportunities() -> list[OpportunitySpec]:
    """Return where the demo's competencies can be learned."""
    return [_opportunity(each) for each in _all("opportunities")]


def _opportunity(data: Mapping[str, Any]) -> OpportunitySpec:
    same = ("key", "title", "summary", "provider", "minutes", "cost_cents")
    return OpportunitySpec(
        **{name: data[name] for name in same},
        mode=Mode(data["mode"]),
        languages=tuple(data["languages"]),
        place=data["place"] or "",
        competency_keys=tuple(data["competencies"]),
    )


def people() -> list[PersonSpec]:
    """Return the demo's people: learners first, then one for each role."""
    return [_person(each) for each in _all("people")]


def _person(data: Mapping[str, Any]) -> PersonSpec:
    same = ("key", "name", "email", "language", "institution", "story")
    given = data.get("accommodation")
    return PersonSpec(
        **{name: data[name] for name in same},
        role=None if data["role"] == "learner" else Role(data["role"]),
        accommodation=AccommodationSpec(**given) if given else None,
    )


def _without(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != name}


def _all(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _catalogue()[name]
    return found


def _list(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(_bytes(name))
    return found


@cache
def _catalogue() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_bytes("catalogue"))
    return data


def _bytes(name: str) -> bytes:
    return (FOLDER / f"{name}.json").read_bytes()
