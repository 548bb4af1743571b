"""What rated performances say of the leaves that name a rubric.

Each performance counts by itself: its level, its raters, and the raters of each role asked for must
all be there in one performance. Occasions add up over performances.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from assessment.rules.facts import CriterionFact, Facts, RubricFact, Source
from assessment.rules.findings import NOTHING, WHOLE, Finding, Graded, graded, verdict
from assessment.rules.language import RubricLevel, RubricShortfall
from assessment.rules.outcomes import Figure, Quantity, Used, Verdict


def reached(leaf: RubricLevel, facts: Facts) -> Finding:
    """Return what the best performances say of a level, on as many occasions as it needs."""
    chosen = _occasions(leaf, facts)
    if not chosen:
        return Finding(NOTHING, Verdict.NOT_YET, _unseen(leaf))
    best = chosen[0]
    times = _times(leaf, sum(each.progress == 1 for each in chosen))
    return Finding(
        sum((each.progress for each in chosen), NOTHING) / leaf.occasions,
        verdict(times.met, unclear=best.level.figure.met or best.level.figure.found is None),
        _with_times(leaf, tuple(grade.figure for grade in best.grades), times),
        tuple(dict.fromkeys(_used(each.fact) for each in chosen)),
    )


@dataclass(frozen=True)
class _Shown:
    """One performance measured against a leaf, on one occasion."""

    fact: RubricFact
    occasion: str
    level: Graded
    counts: tuple[Graded, ...]

    @property
    def grades(self) -> tuple[Graded, ...]:
        return (self.level, *self.counts)

    @property
    def progress(self) -> Fraction:
        """The share of the figure furthest from what is needed."""
        return min(grade.share for grade in self.grades)

    @property
    def place(self) -> tuple[object, ...]:
        """The place among performances, the best first."""
        shares = [-grade.share for grade in self.grades]
        heights = [-grade.height for grade in self.counts]
        rank = -self.fact.levels.index(self.fact.level)
        row = (self.fact.evidence_id, self.fact.version, self.occasion)
        return (-self.progress, shares, rank, heights, self.fact.occurred_on, *row)


def _occasions(leaf: RubricLevel, facts: Facts) -> list[_Shown]:
    """Return the best performance of each of the best occasions, as many as are needed."""
    best: dict[tuple[str, str], _Shown] = {}
    for fact in (fact for fact in facts.rubrics if fact.rubric == leaf.rubric):
        own = ("evidence", fact.evidence_id)
        for occasion in [("occasion", word) for word in fact.occasions] or [own]:
            shown = _Shown(fact, occasion[1], _level(leaf, fact), _counts(leaf, fact))
            best[occasion] = min(shown, best.get(occasion, shown), key=lambda each: each.place)
    return sorted(best.values(), key=lambda each: each.place)[: leaf.occasions]


def _unseen(leaf: RubricLevel) -> tuple[Figure, ...]:
    level = Figure(Quantity.LEVEL, leaf.level, None, False)
    counts = tuple(grade.figure for grade in _counts(leaf, None))
    return _with_times(leaf, (level, *counts), _times(leaf, 0))


def _times(leaf: RubricLevel, counted: int) -> Figure:
    return graded(Quantity.OCCASIONS, Fraction(counted), Fraction(leaf.occasions)).figure


def _with_times(
    leaf: RubricLevel, figures: tuple[Figure, ...], times: Figure
) -> tuple[Figure, ...]:
    """Return the figures, with that of the occasions only where more than one is needed."""
    return figures if leaf.occasions == 1 else (*figures, times)


def _level(leaf: RubricLevel, fact: RubricFact) -> Graded:
    """Return the level found; one on a scale that lacks the level asked for counts as none."""
    seen: RubricFact | CriterionFact | None = fact
    if leaf.criterion is not None:
        seen = fact.criteria.get(leaf.criterion)
    if seen is None or leaf.level not in seen.levels:
        return Graded(Figure(Quantity.LEVEL, leaf.level, None, False), NOTHING)
    steps, needed = seen.levels.index(seen.level) + 1, seen.levels.index(leaf.level) + 1
    figure = Figure(Quantity.LEVEL, leaf.level, seen.level, steps >= needed)
    return Graded(figure, min(WHOLE, Fraction(steps, needed)))


def _counts(leaf: RubricLevel, fact: RubricFact | None) -> tuple[Graded, ...]:
    """Return the raters, all told and of each role asked for."""
    raters = None if fact is None else Fraction(fact.raters)
    roles = [
        graded(
            Quantity.ROLE,
            None if fact is None else Fraction(fact.by_role.get(each.role, 0)),
            Fraction(each.number),
            each.role,
        )
        for each in leaf.including
    ]
    return (graded(Quantity.RATERS, raters, Fraction(leaf.raters)), *roles)


def _used(fact: RubricFact) -> Used:
    return Used(Source.RUBRIC, fact.evidence_id, fact.occurred_on, fact.version)


def short(leaf: RubricShortfall, facts: Facts) -> Finding:
    """Return whether the last performance that showed the criterion was below the level."""
    seen = [
        _Last(fact, fact.criteria[leaf.criterion], leaf.below)
        for fact in facts.rubrics
        if fact.rubric == leaf.rubric and _comparable(leaf, fact.criteria.get(leaf.criterion))
    ]
    if not seen:
        unseen = Figure(Quantity.LEVEL, leaf.below, None, False)
        return Finding(NOTHING, Verdict.NOT_YET, (unseen,))
    last = max(seen, key=lambda each: each.place)
    figure = Figure(Quantity.LEVEL, leaf.below, last.criterion.level, last.steps > 0)
    return Finding(Fraction(figure.met), verdict(figure.met), (figure,), (_used(last.fact),))


def _comparable(leaf: RubricShortfall, criterion: CriterionFact | None) -> bool:
    return criterion is not None and leaf.below in criterion.levels


@dataclass(frozen=True)
class _Last:
    """A performance that showed a criterion; of two at one time, the lower level is the last."""

    fact: RubricFact
    criterion: CriterionFact
    below: str

    @property
    def steps(self) -> int:
        """The steps below the level asked for; 0 or less where it was reached."""
        levels = self.criterion.levels
        return levels.index(self.below) - levels.index(self.criterion.level)

    @property
    def place(self) -> tuple[datetime, int, str, int]:
        return (self.fact.occurred_on, self.steps, self.fact.evidence_id, self.fact.version)
