"""Which competencies lie behind the gaps of an outcome: learning is recommended for those alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from assessment.catalogue import service as catalogue
from assessment.catalogue.models import MeasureKind
from assessment.items import service as items
from assessment.rules import Facts, Kind, Outcome, TestFact, evaluate, gaps
from assessment.rules.language import Achieved, AreaScore, Leaf, Mastery, Score

DEEPEST = 8
"""How many achievements deep a gap is followed."""


def gap_competencies(outcome: Outcome, facts: Facts, on: date) -> list[str]:
    """Return the keys of the competencies to learn, each once, in the rule's order."""
    return list(dict.fromkeys(_of_outcome(outcome, facts, on, 0)))


def is_missing_at_work(outcome: Outcome) -> bool:
    """Return whether something that is still missing is shown at work, not in a test."""
    return any(gap.rule.kind is Kind.RUBRIC for gap in outcome.missing)


def weak_areas(test: str, facts: Facts, percent: Fraction) -> list[str]:
    """Return the areas that the latest sitting showed below a mark; all areas where none was."""
    measure = catalogue.current_measure(MeasureKind.TEST, test)
    every = [row["key"] for row in measure.areas] if measure else []
    return areas_below(test, facts, percent) or every


def areas_below(test: str, facts: Facts, percent: Fraction) -> list[str]:
    """Return the areas that the latest sitting showed below a mark.

    Only areas whose own figure tells more than the total. None of an adaptive test: it asks in
    every area at the learner's level, and its percentages say nothing.
    """
    measure, latest = catalogue.current_measure(MeasureKind.TEST, test), _latest(test, facts)
    if measure is None or measure.adaptive or latest is None:
        return []
    told = items.told_areas(test)
    keys = (row["key"] for row in measure.areas if row["key"] in told)
    return [key for key in keys if _is_below(latest, key, percent)]


def competencies_of(test: str, areas: list[str]) -> list[str]:
    """Return the competencies that areas of a test belong to, each once."""
    measure = catalogue.current_measure(MeasureKind.TEST, test)
    rows = measure.areas if measure else []
    found = (row.get("competency") for row in rows if row["key"] in areas)
    return list(dict.fromkeys(key for key in found if key))


def _of_outcome(outcome: Outcome, facts: Facts, on: date, depth: int) -> Iterator[str]:
    for gap in gaps(outcome):
        if not gap.veto:
            yield from _of_leaf(gap.rule, facts, on, depth)


def _of_leaf(leaf: Leaf, facts: Facts, on: date, depth: int) -> Iterator[str]:
    match leaf:
        case AreaScore(test=test, area=area):
            yield from competencies_of(test, [area])
        case Score(test=test, percent=percent):
            yield from competencies_of(test, weak_areas(test, facts, percent))
        case Mastery(test=test):
            yield from competencies_of(test, weak_areas(test, facts, Fraction(100)))
        case Achieved(achievement=key):
            yield from _of_achievement(key, facts, on, depth)


def _of_achievement(key: str, facts: Facts, on: date, depth: int) -> Iterator[str]:
    version = catalogue.published_version(key)
    if version is None or depth >= DEEPEST:
        return
    below = evaluate(catalogue.rule_of(version), facts, on)
    yield from _of_outcome(below, facts, on, depth + 1)


def _latest(test: str, facts: Facts) -> TestFact | None:
    sat = [fact for fact in facts.tests if fact.test == test]
    return max(sat, key=lambda fact: (fact.occurred_on, fact.evidence_id), default=None)


def _is_below(fact: TestFact, area: str, percent: Fraction) -> bool:
    found = fact.areas.get(area)
    if found is None or not found.possible:
        return False
    return Fraction(found.points) * 100 < percent * Fraction(found.possible)
