"""What two groups' answers leave to compare: categories of both, and items a group is all alike on.

An item that nobody of a group gets right has no difficulty of its own there that is finite; but the
likelihood has a limit as the difficulty grows, and what is compared is likelihoods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from itembank.arguments import BoolArray, FloatArray, ScoreArray
from itembank.calibration.categories import collapsed_categories, recoded
from itembank.calibration.persons import Persons
from itembank.calibration.point import Space
from itembank.differential.answers import Answers

_FAR = 200.0
"""The intercept of an item that a group gets right always (or, negative, never)."""


@dataclass(frozen=True, eq=False)
class Variety:
    """What can be said of each item from how each group answered it.

    `compared` is whether both groups answered it; `varied` whether both gave all of its answers,
    without which it cannot tell how able a group is and is no anchor. `limits` (2, n_items) is the
    intercept of an item in a group that always gave the same of two answers; otherwise NaN.
    """

    compared: BoolArray
    varied: BoolArray
    limits: FloatArray

    @property
    def is_limited(self) -> BoolArray:
        """Whether an item is at its limit in one group or both, (n_items,)."""
        return np.asarray(~np.isnan(self.limits).all(axis=0))


def comparable(answers: Answers, graded: Sequence[int]) -> Answers:
    """Return answers in categories that both groups have, two at least: others join a neighbour."""
    counts = [_counts(row, answers.is_focal, answers.weight) for row in answers.scores]
    both = [item for item in graded if counts[item].any(axis=1).all()]
    fewest = [each.min(axis=0) for each in counts]
    merged = collapsed_categories(fewest, both, np.finfo(float).tiny)
    if not merged:
        return answers
    scores = answers.scores.copy()
    recoded(scores, merged)
    return replace(answers, scores=scores)


def unlimited(answers: Answers, found: Variety) -> Answers:
    """Return answers without those of a group that an item is at its limit in: they tell nothing.

    Where both groups are at it, halves of the reference group stand in: the item is to be there.
    """
    scores, given = answers.scores.copy(), answers.scores >= 0
    for item in np.flatnonzero(found.is_limited):
        one, other = ~np.isnan(found.limits[:, item])
        scores[item, np.where(answers.is_focal, other, one)] = -1
        if one and other:
            rest = np.flatnonzero(given[item] & ~answers.is_focal)
            scores[item, rest] = np.arange(rest.size) % 2
    some = (scores >= 0).any(axis=0)
    weight = None if answers.weight is None else answers.weight[some]
    return replace(answers, scores=scores[:, some], is_focal=answers.is_focal[some], weight=weight)


def variety(persons: Persons, space: Space) -> Variety:
    """Return what each group's answers allow, in the caller's order of the items."""
    clusters = space.clusters
    order = np.concatenate([cluster.items for cluster in clusters])
    compared, varied = np.zeros(order.size, dtype=bool), np.zeros(order.size, dtype=bool)
    limits = np.full((2, order.size), np.nan)
    tops = np.concatenate([np.full(len(each.items), each.n_steps) for each in clusters])
    for item, row, top in zip(order, persons.scores, tops, strict=True):
        counts = _counts(row, persons.group == 1, persons.weight, int(top))
        varied[item] = bool(np.all(counts > 0))
        compared[item] = varied[item] or (top == 1 and bool(counts.any(axis=1).all()))
        if compared[item] and not varied[item]:
            limits[:, item] = _limits(counts)
    return Variety(compared, varied, limits)


def _limits(counts: FloatArray) -> FloatArray:
    """Return the intercepts of each group from its numbers of wrong and right answers, (2, 2)."""
    wrong, right = counts.T
    return np.where(wrong == 0, _FAR, np.where(right == 0, -_FAR, np.nan))


def _counts(
    row: ScoreArray, is_second: BoolArray, weight: FloatArray | None, top: int | None = None
) -> FloatArray:
    """Return how many of each group have each score of an item, (2, n_categories)."""
    highest = max(1, int(row.max())) if top is None else top
    code = is_second * (highest + 2) + row.astype(np.int64) + 1
    counts = np.bincount(code, weights=weight, minlength=2 * (highest + 2))
    return counts.reshape(2, highest + 2)[:, 1:].astype(np.float64)
