"""The figures of agreement from their definitions, rating by rating: slow, and nothing shared."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, permutations, product

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]


def rows(table: Table) -> list[list[float]]:
    """Return the ratings of each performance that has two or more."""
    kept = [[float(each) for each in row if not np.isnan(each)] for row in table]
    return [row for row in kept if len(row) > 1]


def share_within(table: Table, step: float) -> float:
    """Return the mean share of pairs that differ by a step at most."""
    return float(
        np.mean(
            [np.mean([abs(a - b) <= step for a, b in combinations(row, 2)]) for row in rows(table)]
        )
    )


def kappa(table: Table) -> float:
    """Return quadratic weighted kappa from the weights and the table of both raters' levels."""
    first, second = table.T
    seen = np.mean([(a - b) ** 2 for a, b in zip(first, second, strict=True)])
    chance = np.mean([(a - b) ** 2 for a, b in product(first, second)])
    return float(1 - seen / chance)


def alpha(table: Table, distance: Callable[[float, float], float]) -> float:
    """Return Krippendorff's alpha from all ordered pairs of ratings."""
    compared = rows(table)
    every = [each for row in compared for each in row]
    n = len(every)
    observed = sum(
        sum(distance(a, b) for a, b in permutations(row, 2)) / (len(row) - 1) for row in compared
    )
    expected = sum(distance(a, b) for a, b in permutations(every, 2))
    return float(1 - (observed / n) / (expected / (n * (n - 1))))


def nominal(a: float, b: float) -> float:
    return float(a != b)


def squared(a: float, b: float) -> float:
    return (a - b) ** 2


def ordinal(table: Table) -> Callable[[float, float], float]:
    """Return the distance that counts the ratings between two levels, half of those at each."""
    every = [each for row in rows(table) for each in row]

    def distance(a: float, b: float) -> float:
        low, high = min(a, b), max(a, b)
        between = sum(low <= each <= high for each in every)
        return (between - (every.count(low) + every.count(high)) / 2) ** 2 if a != b else 0.0

    return distance


def two_way(table: Table) -> tuple[float, float, float]:
    """Return the mean squares of rows, of columns and of what neither explains."""
    n, k = table.shape
    row, column = table.mean(axis=1, keepdims=True), table.mean(axis=0, keepdims=True)
    rest = table - row - column + table.mean()
    return (
        float(k * ((row - table.mean()) ** 2).sum() / (n - 1)),
        float(n * ((column - table.mean()) ** 2).sum() / (k - 1)),
        float((rest**2).sum() / ((n - 1) * (k - 1))),
    )


def one_way(table: Table) -> float:
    """Return ICC(1) where performances may have unequal numbers of ratings."""
    compared = rows(table)
    n, sizes = len(compared), np.array([len(row) for row in compared])
    every = np.concatenate(compared)
    means = np.array([np.mean(row) for row in compared])
    between = sizes @ (means - every.mean()) ** 2 / (n - 1)
    within = sum(((np.array(row) - np.mean(row)) ** 2).sum() for row in compared) / (
        sizes.sum() - n
    )
    k = (sizes.sum() - (sizes**2).sum() / sizes.sum()) / (n - 1)
    return float((between - within) / (between + (k - 1) * within))
