"""The distribution of the sum of scores at each ability, by Lord and Wingersky's recursion."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from itembank.arguments import FloatArray, IntArray
from itembank.curves import category_probability
from itembank.parameters import ItemParameters

_AT_ONCE = 128
"""Abilities worked on together: few enough that their sums stay in the processor's cache."""


def within_cuts(theta: FloatArray, parameters: ItemParameters, first: IntArray) -> FloatArray:
    """Return the probability of a sum in each category, shape (n_theta, n_categories).

    `first` holds the least sum of each category above the lowest, rising, from 1 up.

    References
    ----------
    Lord, F. M., & Wingersky, M. S. (1984). Comparison of IRT true-score and equipercentile
    observed-score "equatings". Applied Psychological Measurement, 8(4), 453-461.
    """
    edges = np.concatenate([[0], first])
    found = np.empty((theta.size, edges.size))
    for rows in _blocks(theta.size):
        sums = summed_scores(theta[rows], parameters)
        found[rows] = np.add.reduceat(sums, edges, axis=0).T
    return found


def summed_scores(theta: FloatArray, parameters: ItemParameters) -> FloatArray:
    """Return the probability of each sum from 0 to the most, shape (n_sums, n_theta)."""
    each = np.ascontiguousarray(np.moveaxis(category_probability(theta, parameters), 0, -1))
    top = parameters.n_categories - 1
    sums = np.zeros((int(top.sum()) + 1, theta.size))
    room = np.empty((2, *sums.shape))
    sums[0] = 1.0
    reached = 0
    for item, points in zip(each, top.tolist(), strict=True):
        _add(item[: points + 1], sums, reached, room)
        reached += points
    return sums


def _add(item: FloatArray, sums: FloatArray, reached: int, room: FloatArray) -> None:
    """Add one more item to the sums, of which so many are reached, without new memory."""
    before, part = room[:, : reached + 1]
    before[...] = sums[: reached + 1]
    sums[: reached + 1] *= item[0]
    for score, chance in enumerate(item[1:], start=1):
        np.multiply(before, chance, out=part)
        sums[score : reached + 1 + score] += part


def _blocks(count: int) -> Iterator[slice]:
    for start in range(0, count, _AT_ONCE):
        yield slice(start, start + _AT_ONCE)
