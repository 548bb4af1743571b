"""A rule held against what exists: its references, its reach, and the graph of achievements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter

from assessment.rules.facts import Exact
from assessment.rules.language import (
    Achieved,
    AreaScore,
    Credits,
    Located,
    Mastery,
    Recognised,
    RubricLevel,
    RubricShortfall,
    Rule,
    RuleError,
    Score,
    pointer,
    walk,
)

LEAST_MASTERY = Fraction(1, 2)
"""Of a mastery leaf; what is expected of a learner of whom nothing is known."""


@dataclass(frozen=True)
class Reference:
    """Something that a rule names: its key, where, and the part of it (an area) if any."""

    key: str
    path: str
    part: str | None = None


@dataclass(frozen=True)
class References:
    """Everything that a rule names, in the order of the rule; `areas` have their test as key."""

    tests: tuple[Reference, ...] = ()
    areas: tuple[Reference, ...] = ()
    rubrics: tuple[Reference, ...] = ()
    achievements: tuple[Reference, ...] = ()
    recognitions: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class RubricMeasure:
    """The scale of a rubric, lowest first, and of each of its criteria."""

    levels: tuple[str, ...]
    criteria: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Measures:
    """What a rule may name.

    `tests` has for each test its areas, each with the most questions that one sitting asks in it,
    and `adaptive` names those that choose their questions as they go; `achievements` has for each
    its credit-hours, 0 where it carries none.
    """

    tests: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    rubrics: Mapping[str, RubricMeasure] = field(default_factory=dict)
    achievements: Mapping[str, Exact] = field(default_factory=dict)
    recognitions: Collection[str] = ()
    roles: Collection[str] = ("assessor", "observer")
    adaptive: Collection[str] = ()


def references(rule: Rule) -> References:
    """Return everything that a rule names, with the paths."""
    nodes = list(walk(rule))
    return References(
        tests=tuple(each for node in nodes for each in _tests(node)),
        areas=tuple(each for node in nodes for each in _areas(node)),
        rubrics=tuple(each for node in nodes for each in _rubrics(node)),
        achievements=tuple(each for node in nodes for each in _achievements(node)),
        recognitions=tuple(each for node in nodes for each in _recognitions(node)),
    )


def _tests(node: Located) -> Iterator[Reference]:
    if isinstance(node.rule, Score | AreaScore | Mastery):
        yield Reference(node.rule.test, pointer(node.path, "test"))


def _areas(node: Located) -> Iterator[Reference]:
    if isinstance(node.rule, AreaScore):
        yield Reference(node.rule.test, pointer(node.path, "area"), node.rule.area)


def _rubrics(node: Located) -> Iterator[Reference]:
    if isinstance(node.rule, RubricLevel | RubricShortfall):
        yield Reference(node.rule.rubric, pointer(node.path, "rubric"))


def _achievements(node: Located) -> Iterator[Reference]:
    match node.rule:
        case Achieved(achievement=key):
            yield Reference(key, pointer(node.path, "achievement"))
        case Credits(among=among):
            for index, key in enumerate(among):
                yield Reference(key, pointer(node.path, "from", index))


def _recognitions(node: Located) -> Iterator[Reference]:
    if isinstance(node.rule, Recognised):
        yield Reference(node.rule.recognition, pointer(node.path, "recognition"))


def validate(
    rule: Rule,
    measures: Measures,
    *,
    achievement: str | None = None,
    graph: Mapping[str, Rule] | None = None,
) -> None:
    """Return nothing where `faults` finds none.

    Raises
    ------
    RuleError
        The first fault.
    """
    for fault in faults(rule, measures, achievement=achievement, graph=graph):
        raise fault


def faults(
    rule: Rule,
    measures: Measures,
    *,
    achievement: str | None = None,
    graph: Mapping[str, Rule] | None = None,
) -> tuple[RuleError, ...]:
    """Return every fault of a rule in the order of the rule, the cycle it would close last.

    `achievement` is the key of the achievement whose rule this is to be (None for what opens a
    test), and `graph` has the rules of the other achievements.
    """
    found = [fault for node in walk(rule) for fault in _faults(node, measures)]
    if achievement is not None:
        found += _cycle_faults(achievement, rule, graph or {})
    return tuple(found)


def order(graph: Mapping[str, Rule]) -> tuple[str, ...]:
    """Return the keys of achievements, each after all that its rule names; ties by alphabet.

    Raises
    ------
    RuleError
        Where achievements need one another in a circle, naming it.
    """
    sorter = TopologicalSorter(_edges(graph))
    try:
        sorter.prepare()
    except CycleError as error:
        # graphlib lists each before the one that needs it
        raise _cycle_error("", error.args[1][::-1]) from None
    ordered: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += [key for key in ready if key in graph]
        sorter.done(*ready)
    return tuple(ordered)


def _edges(graph: Mapping[str, Rule]) -> dict[str, list[str]]:
    return {
        key: sorted({each.key for each in references(graph[key]).achievements})
        for key in sorted(graph)
    }


def _cycle_faults(key: str, rule: Rule, graph: Mapping[str, Rule]) -> list[RuleError]:
    """Return a fault for each reference of the rule that leads back to its own achievement."""
    edges = _edges(graph)  # a way ends at `key`: what its old rule needs plays no part
    faulty: list[RuleError] = []
    for reference in references(rule).achievements:
        way = _way(reference.key, key, edges)
        if way:
            faulty.append(_cycle_error(reference.path, [key, *way]))
    return faulty


def _way(start: str, goal: str, edges: Mapping[str, Collection[str]]) -> list[str]:
    """Return a shortest way along the edges from `start` to `goal`; empty where there is none."""
    came_from: dict[str, str | None] = {start: None}
    queue = [start]
    for key in queue:
        if key == goal:
            return _back(goal, came_from)
        fresh = [each for each in edges.get(key, ()) if each not in came_from]
        came_from |= dict.fromkeys(fresh, key)
        queue += fresh
    return []


def _back(key: str | None, came_from: Mapping[str, str | None]) -> list[str]:
    way: list[str] = []
    while key is not None:
        way.insert(0, key)
        key = came_from[key]
    return way


def _cycle_error(path: str, cycle: Collection[str]) -> RuleError:
    shown = " needs ".join(f"'{key}'" for key in cycle)
    return _fault(path, "achievement", "free of circles", shown)


def _fault(path: str, name: str, allowed: str, got: str) -> RuleError:
    where = path or "the top of the rule"
    return RuleError(path, f"`{name}` must be {allowed}; got {got} at {where}.")


def _faults(node: Located, measures: Measures) -> Iterator[RuleError]:
    match node.rule:
        case Score() | AreaScore() | Mastery():
            yield from _test_faults(node, node.rule, measures)
        case RubricLevel() | RubricShortfall():
            yield from _rubric_faults(node, node.rule, measures)
        case Achieved(achievement=key):
            yield from _unknown(node, "achievement", key, measures.achievements)
        case Credits():
            yield from _credit_faults(node, node.rule, measures)
        case Recognised(recognition=key):
            yield from _unknown(node, "recognition", key, measures.recognitions)


def _unknown(node: Located, name: str, key: str, known: Collection[str]) -> Iterator[RuleError]:
    if key not in known:
        yield _fault(pointer(node.path, name), name, f"a {name} that exists", f"'{key}'")


def _test_faults(
    node: Located, leaf: Score | AreaScore | Mastery, measures: Measures
) -> Iterator[RuleError]:
    yield from _unknown(node, "test", leaf.test, measures.tests)
    if isinstance(leaf, Score | AreaScore) and leaf.test in measures.adaptive:
        yield _percent_of_adaptive(node, leaf)
        return
    if isinstance(leaf, Mastery) and leaf.probability < LEAST_MASTERY:
        yield _no_mastery(node, leaf)
    areas = measures.tests.get(leaf.test)
    if areas is None or not isinstance(leaf, AreaScore):
        return
    if leaf.area not in areas:
        allowed = f"an area of the test '{leaf.test}'"
        yield _fault(pointer(node.path, "area"), "area", allowed, f"'{leaf.area}'")
    elif leaf.items > areas[leaf.area]:
        allowed = f"at most {areas[leaf.area]}, all that one sitting asks in '{leaf.area}'"
        yield _fault(pointer(node.path, "items"), "items", allowed, str(leaf.items))


def _percent_of_adaptive(node: Located, leaf: Score | AreaScore) -> RuleError:
    """Return the fault of asking a percentage where everyone gets about the same."""
    allowed = (
        f"left out: the test '{leaf.test}' is adaptive and asks each learner questions at their own"
        " level, so a percentage says nothing; write"
        f' {{"test": "{leaf.test}", "mastery": 0.9}} instead'
    )
    return _fault(pointer(node.path, "percent"), "percent", allowed, f"{float(leaf.percent):g}")


def _no_mastery(node: Located, leaf: Mastery) -> RuleError:
    """Return the fault of asking less than is expected of anybody before the first answer."""
    allowed = f"at least {float(LEAST_MASTERY):g}: less is true of those who answered nothing"
    return _fault(pointer(node.path, "mastery"), "mastery", allowed, f"{float(leaf.probability):g}")


def _rubric_faults(
    node: Located, leaf: RubricLevel | RubricShortfall, measures: Measures
) -> Iterator[RuleError]:
    yield from _unknown(node, "rubric", leaf.rubric, measures.rubrics)
    if isinstance(leaf, RubricLevel):
        for each in leaf.including:
            if each.role not in measures.roles:
                allowed = f"one of the raters' roles {', '.join(sorted(measures.roles))}"
                path = pointer(node.path, "including", each.role)
                yield _fault(path, "including", allowed, f"'{each.role}'")
    if leaf.rubric in measures.rubrics:
        yield from _level_faults(node, leaf, measures.rubrics[leaf.rubric])


def _level_faults(
    node: Located, leaf: RubricLevel | RubricShortfall, rubric: RubricMeasure
) -> Iterator[RuleError]:
    levels = rubric.levels
    if leaf.criterion is not None:
        if leaf.criterion not in rubric.criteria:
            allowed = f"a criterion of the rubric '{leaf.rubric}'"
            path = pointer(node.path, "criterion")
            yield _fault(path, "criterion", allowed, f"'{leaf.criterion}'")
            return
        levels = rubric.criteria[leaf.criterion]
    name = "level" if isinstance(leaf, RubricLevel) else "below"
    level = leaf.level if isinstance(leaf, RubricLevel) else leaf.below
    if level not in levels:
        yield _fault(pointer(node.path, name), name, f"one of {', '.join(levels)}", f"'{level}'")


def _credit_faults(node: Located, leaf: Credits, measures: Measures) -> Iterator[RuleError]:
    known = [key for key in leaf.among if key in measures.achievements]
    for index, key in enumerate(leaf.among):
        if key not in measures.achievements:
            path = pointer(node.path, "from", index)
            yield _fault(path, "from", "achievements that exist", f"'{key}'")
    most = sum((Fraction(measures.achievements[key]) for key in known), Fraction(0))
    if len(known) == len(leaf.among) and most < leaf.credits:
        allowed = f"at most {float(most):g}, all that these achievements give"
        got = f"{float(leaf.credits):g}"
        yield _fault(pointer(node.path, "credits"), "credits", allowed, got)
