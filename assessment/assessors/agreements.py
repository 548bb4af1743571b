"""How alike those mark who saw the same work: criterion by criterion, and by the month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

import rubrics
from assessment.assessors.marks_given import Mark, Marks, Rater

N_RESAMPLES = 1000
FEWEST = 2


@dataclass(frozen=True)
class CriterionAgreement:
    """How alike raters mark one criterion; `criterion` is None for the points of all together."""

    criterion: rubrics.Criterion | None
    agreement: rubrics.Agreement


def agreements_of(marks: Marks) -> tuple[CriterionAgreement, ...]:
    """Return the agreement of assessors on each criterion that was rated, and on the points."""
    by_criterion = _by(marks.assessors)
    lines = [
        CriterionAgreement(each, _agreement(by_criterion[each.key]))
        for each in marks.rubric.criteria
        if each.key in by_criterion
    ]
    totals = list(_totals(marks))
    if len(lines) > 1 and totals:
        lines.append(CriterionAgreement(None, _agreement_of_points(totals)))
    return tuple(lines)


def _by(marks: Iterable[Mark]) -> Mapping[str, list[Mark]]:
    found: defaultdict[str, list[Mark]] = defaultdict(list)
    for each in marks:
        found[each.criterion].append(each)
    return found


def _agreement(marks: Sequence[Mark]) -> rubrics.Agreement:
    return rubrics.agreement(
        [each.level for each in marks],
        performance=[each.work for each in marks],
        rater=[each.rater.id for each in marks],
        n_resamples=N_RESAMPLES,
    )


@dataclass(frozen=True)
class _Total:
    """The points that one rater gave to the whole of one work."""

    work: str
    rater: Rater
    points: float


def _totals(marks: Marks) -> Iterator[_Total]:
    """Yield the points of those ratings that marked every criterion."""
    points = [level.points for level in marks.rubric.levels]
    given: defaultdict[tuple[str, Rater], dict[str, float]] = defaultdict(dict)
    for each in marks.assessors:
        given[each.work, each.rater][each.criterion] = float(points[each.level])
    for (work, rater), levels in given.items():
        if len(levels) == len(marks.rubric.criteria):
            yield _Total(work, rater, sum(levels.values()))


def _agreement_of_points(totals: Sequence[_Total]) -> rubrics.Agreement:
    points = sorted({each.points for each in totals})
    steps = [high - low for low, high in pairwise(points)]
    return rubrics.agreement(
        [each.points for each in totals],
        performance=[each.work for each in totals],
        rater=[each.rater.id for each in totals],
        step=min(steps, default=1.0),
        metric="interval",
        n_resamples=N_RESAMPLES,
    )


@dataclass(frozen=True)
class Month:
    """How alike marks of one month are, over the pairs that raters of the same work make."""

    month: str
    pairs: int
    exact: float
    adjacent: float


def months_of(marks: Iterable[Mark]) -> tuple[Month, ...]:
    """Return the agreement of each month, in which the later mark of a pair was given."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for one, other in _pairs(marks):
        month = max(one.given_at, other.given_at).strftime("%Y-%m")
        found[month].append(abs(one.level - other.level))
    return tuple(_month(month, np.array(apart)) for month, apart in sorted(found.items()))


def _month(month: str, apart: np.ndarray) -> Month:
    return Month(month, apart.size, float((apart == 0).mean()), float((apart <= 1).mean()))


def _pairs(marks: Iterable[Mark]) -> Iterator[tuple[Mark, Mark]]:
    together: defaultdict[tuple[str, str], list[Mark]] = defaultdict(list)
    for each in marks:
        together[each.work, each.criterion].append(each)
    for given in together.values():
        yield from combinations(given, 2)


@dataclass(frozen=True)
class Drift:
    """How many levels a rater's marks of one month lie above those of others on the same work."""

    rater: Rater
    month: str
    marks: int
    difference: float


def drifts_of(marks: Iterable[Mark]) -> tuple[Drift, ...]:
    """Return how far each rater marks from the others, month by month."""
    found: defaultdict[tuple[Rater, str], list[float]] = defaultdict(list)
    for one, other in _pairs(marks):
        for mine, theirs in ((one, other), (other, one)):
            month = mine.given_at.strftime("%Y-%m")
            found[mine.rater, month].append(float(mine.level - theirs.level))
    return tuple(
        Drift(rater, month, len(apart), float(np.mean(apart)))
        for (rater, month), apart in sorted(found.items(), key=lambda each: _order(each[0]))
    )


def _order(key: tuple[Rater, str]) -> tuple[str, str, str]:
    return key[0].kind, key[0].id, key[1]
