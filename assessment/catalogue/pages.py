"""What a detail page shows, gathered before anyone starts."""

from __future__ import annotations

from dataclasses import dataclass

from assessment import clock, rules
from assessment.catalogue.achievements import endorsements, leads_to, published_version, rule_of
from assessment.catalogue.frameworks import competencies
from assessment.catalogue.models import (
    AchievementVersion,
    Competency,
    Endorsement,
    Measure,
    Occupation,
)
from assessment.catalogue.references import requirement, rule_names
from assessment.catalogue.routes import Route, route
from assessment.catalogue.search import occupations
from assessment.errors import NoSuchRecord


@dataclass(frozen=True)
class TestOnTheWay:
    """A test, and what opens it in sentences; None is open to all."""

    __test__ = False  # not a test case, whatever its name

    measure: Measure
    opens_when: rules.Requirement | None
    questions: int


@dataclass(frozen=True)
class OccupationLine:
    """An occupation code; `occupation` is None where its title is not known."""

    code: str
    occupation: Occupation | None


@dataclass(frozen=True)
class Detail:
    """Everything that a detail page says of an achievement."""

    version: AchievementVersion
    requirement: rules.Requirement
    tests: tuple[TestOnTheWay, ...]
    route: Route
    occupations: tuple[OccupationLine, ...]
    competencies: tuple[Competency, ...]
    endorsements: tuple[Endorsement, ...]
    leads_to: tuple[AchievementVersion, ...]


def detail(key: str) -> Detail:
    """Return what the page of a published achievement shows."""
    version = published_version(key)
    if version is None or version.awarded_by is None:
        raise NoSuchRecord("achievement", key)
    today = clock.local_date(clock.now(), version.awarded_by.timezone)
    way, names = route(version), rule_names()
    known = competencies(version.competency_keys)
    return Detail(
        version=version,
        requirement=requirement(rule_of(version), names),
        tests=tuple(_test(step.measure, step.opens_when, names) for step in way.steps),
        route=way,
        occupations=_occupations(version),
        competencies=tuple(known[each] for each in version.competency_keys if each in known),
        endorsements=tuple(endorsements(version.achievement_id, today)),
        leads_to=tuple(leads_to(key)),
    )


def _test(measure: Measure, opens_when: rules.Rule | None, names: rules.Names) -> TestOnTheWay:
    return TestOnTheWay(
        measure,
        None if opens_when is None else requirement(opens_when, names),
        sum(area["count"] for area in measure.areas if not area["parent"]),
    )


def _occupations(version: AchievementVersion) -> tuple[OccupationLine, ...]:
    known = {each.code: each for each in occupations(version.occupations)}
    return tuple(OccupationLine(code, known.get(code)) for code in version.occupations)
