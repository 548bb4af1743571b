"""How severe raters are, as far as their ratings can tell; a mark is never changed by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

import rubrics
from assessment.assessors.marks_given import Mark, Marks, Rater, RaterKind

WIDTH = 1.96
"""Of a 95 % interval, in standard errors."""


class WhyNot(StrEnum):
    """Why no severity is shown."""

    TOO_FEW = "too few"
    """Fewer than two raters, or no work that two of them rated."""
    APART = "apart"
    """The ratings fall into sets that nothing connects."""
    NO_END = "no end"
    """The ratings do not determine it."""
    ALIKE = "alike"
    """Raters differ by no more than chance makes them."""


@dataclass(frozen=True)
class Severity:
    """The severity of one rater, drawn to the mean, in logits; None where it cannot be shown."""

    rater: Rater
    performances: int
    ratings: int
    value: float | None
    lower: float | None
    upper: float | None
    infit: float | None


@dataclass(frozen=True)
class Apart:
    """A set of works and raters that nothing connects with the others."""

    performances: int
    raters: int


@dataclass(frozen=True)
class Severities:
    """The severities of raters, the most severe first; or why there are none."""

    lines: tuple[Severity, ...]
    why_not: WhyNot | None = None
    apart: tuple[Apart, ...] = ()

    @property
    def shown(self) -> tuple[Severity, ...]:
        """Those that rest on enough."""
        return tuple(each for each in self.lines if each.value is not None)

    def of(self, kind: RaterKind) -> tuple[Severity, ...]:
        """Those of one kind of rater."""
        return tuple(each for each in self.lines if each.rater.kind is kind)


def severities_of(marks: Marks) -> Severities:
    """Return the severity of assessors, and of observers and employers beside them.

    Observers join what assessors rated, so that they stand on one scale with them; employers in a
    model of their own, in which all observers of one are one.
    """
    found = _estimated(marks.assessors)
    if not found.lines:
        return found
    lines = list(found.lines)
    for others, kind in (
        (marks.observers, RaterKind.OBSERVER),
        (marks.employers, RaterKind.EMPLOYER),
    ):
        lines += _estimated([*marks.assessors, *others]).of(kind) if others else ()
    return Severities(tuple(sorted(lines, key=_order)), found.why_not)


def _order(line: Severity) -> tuple[str, bool, float, str]:
    return (line.rater.kind, line.value is None, -(line.value or 0.0), line.rater.id)


def _estimated(marks: Sequence[Mark]) -> Severities:
    raters = sorted({each.rater for each in marks}, key=lambda each: (each.kind, each.id))
    if len(raters) < 2 or len({each.work for each in marks}) < 2:
        return Severities((), WhyNot.TOO_FEW)
    places = {rater: place for place, rater in enumerate(raters)}
    ratings = rubrics.LongRatings(
        [each.work for each in marks],
        [places[each.rater] for each in marks],
        [each.criterion for each in marks],
        [each.level for each in marks],
    )
    apart = rubrics.connected_subsets(ratings)
    if apart:
        return Severities((), WhyNot.APART, _apart(apart))
    try:
        found = rubrics.many_facet(ratings, interaction=None).publishable()
    except ValueError:  # nobody differs, or all are extreme: nothing to place them by
        return Severities((), WhyNot.NO_END)
    lines = tuple(_lines(raters, found.raters))
    alike = found.raters.shrunken.spread == 0
    return Severities(tuple(map(_withheld, lines)), WhyNot.ALIKE) if alike else Severities(lines)


def _withheld(line: Severity) -> Severity:
    """Return a line without a severity: drawn to the mean, all would be one, and look certain."""
    return replace(line, value=None, lower=None, upper=None)


def _apart(subsets: Iterable[rubrics.Subset]) -> tuple[Apart, ...]:
    """Return how large the sets are; of facets other than works and raters, nothing is said."""
    sizes = [Apart(*map(len, each.levels)) for each in subsets]
    return tuple(sorted(sizes, key=lambda each: -each.performances))


def _lines(raters: Sequence[Rater], facet: rubrics.Facet) -> Iterable[Severity]:
    drawn, is_shown = facet.shrunken, facet.showable
    for place, label in enumerate(facet.labels):
        middle, error = float(drawn.measure[place]), float(drawn.se[place])
        shown = bool(is_shown[place]) and bool(np.isfinite(middle)) and bool(np.isfinite(error))
        yield Severity(
            rater=raters[int(str(label))],
            performances=int(facet.n_persons[place]),
            ratings=int(facet.n_ratings[place]),
            value=middle if shown else None,
            lower=middle - WIDTH * error if shown else None,
            upper=middle + WIDTH * error if shown else None,
            infit=float(facet.infit[place]) if shown else None,
        )
