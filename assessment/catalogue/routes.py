"""The way to an achievement: the tests that its rule asks for, in the order in which they open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessment import rules
from assessment.catalogue.achievements import published, rule_of
from assessment.catalogue.measures import current_measures
from assessment.catalogue.models import AchievementVersion, Measure, MeasureKind
from assessment.catalogue.references import parsed, rule_graph


@dataclass(frozen=True)
class Step:
    """One test on the way, and the rule that opens it; None is open to all."""

    measure: Measure
    opens_when: rules.Rule | None


@dataclass(frozen=True)
class Route:
    """The tests on the way to an achievement, each after those that open it."""

    steps: tuple[Step, ...]

    @property
    def start(self) -> Measure | None:
        """The first test that is open to all."""
        return next((step.measure for step in self.steps if step.opens_when is None), None)

    @property
    def begins_with_pre_test(self) -> bool:
        """Whether the first test opens another one."""
        start = self.start
        return start is not None and any(
            start.key in {each.key for each in rules.references(step.opens_when).tests}
            for step in self.steps
            if step.opens_when is not None
        )


@dataclass(frozen=True)
class _Known:
    """The tests and rules that exist now, read once for all routes of a page."""

    tests: Mapping[str, Measure]
    graph: Mapping[str, rules.Rule]


def route(version: AchievementVersion) -> Route:
    """Return the tests that lead to an achievement, also through what it builds on."""
    return _route(version, _known())


def _known() -> _Known:
    tests = {each.key: each for each in current_measures() if each.kind == MeasureKind.TEST}
    return _Known(tests, rule_graph())


def _route(version: AchievementVersion, known: _Known) -> Route:
    steps: dict[str, Step] = {}
    for key in _tests(rule_of(version), known.graph, set()):
        _add(key, known.tests, steps, set())
    return Route(tuple(steps.values()))


def _tests(rule: rules.Rule, graph: Mapping[str, rules.Rule], visited: set[str]) -> Iterator[str]:
    """Yield the tests that a rule names, and those of the achievements that it names."""
    named = rules.references(rule)
    yield from (reference.key for reference in named.tests)
    for reference in named.achievements:
        if reference.key in graph and reference.key not in visited:
            visited.add(reference.key)
            yield from _tests(graph[reference.key], graph, visited)


def _add(key: str, tests: Mapping[str, Measure], steps: dict[str, Step], above: set[str]) -> None:
    """Add a test after those that open it; a test that waits for itself is added once."""
    if key in steps or key in above or key not in tests:
        return
    opens_when = parsed(text) if (text := tests[key].opens_when) else None
    if opens_when is not None:
        for reference in rules.references(opens_when).tests:
            _add(reference.key, tests, steps, above | {key})
    steps[key] = Step(tests[key], opens_when)


@dataclass(frozen=True)
class Start:
    """A published achievement and the test that begins the way to it."""

    version: AchievementVersion
    measure: Measure


def starts(most: int) -> list[Start]:
    """Return achievements that can be begun at once: first the one that counts most among those
    that tests alone can earn, then the others, those that count most first.
    """
    found: list[Start] = []
    known = _known()
    for version in reversed(published()):
        measure = _route(version, known).start
        if measure is not None:
            found.append(Start(version, measure))
    today = next((each for each in found if not each.version.includes_performance), None)
    return sorted(found, key=lambda each: each is not today)[:most]
