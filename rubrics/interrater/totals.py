"""Totals over performances: sums from which every figure of agreement follows.

Each pattern of ratings adds its own share, so that a resample of performances is a product of
weights and shares, and leaving one performance out is a subtraction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from itembank.arguments import BoolArray, FloatArray, IntArray
from rubrics.interrater.tables import Patterns

_PLAIN = 8


@dataclass(frozen=True, eq=False)
class Totals:
    """Sums over performances, shape (n_samples, n_shares), and how to read them.

    Levels count as `position`, centred and with the range 1, so that sums are near 0 and exact.
    """

    sums: FloatArray
    position: FloatArray
    n_raters: int
    is_crossed: bool

    @property
    def n(self) -> FloatArray:
        """Performances."""
        return self.sums[:, 0]

    @property
    def exact(self) -> FloatArray:
        """Shares of pairs of raters who agree, summed."""
        return self.sums[:, 1]

    @property
    def adjacent(self) -> FloatArray:
        """Shares of pairs of raters who differ by a step at most, summed."""
        return self.sums[:, 2]

    @property
    def ratings(self) -> FloatArray:
        """Ratings."""
        return self.sums[:, 3]

    @property
    def squared_ratings(self) -> FloatArray:
        """The squares of the number of ratings of each performance."""
        return self.sums[:, 4]

    @property
    def score(self) -> FloatArray:
        """Positions of all ratings."""
        return self.sums[:, 5]

    @property
    def between(self) -> FloatArray:
        """Squared sums of each performance over its number of ratings."""
        return self.sums[:, 6]

    @property
    def within(self) -> FloatArray:
        """Squared deviations from each performance's mean."""
        return self.sums[:, 7]

    @property
    def raters(self) -> FloatArray:
        """Each rater's positions, in a crossed design, shape (n_samples, n_raters)."""
        return self.sums[:, _PLAIN : _PLAIN + self.n_raters]

    @property
    def coincidences(self) -> FloatArray:
        """Pairs of levels that met, shape (n_samples, n_levels, n_levels)."""
        n_levels = len(self.position)
        return self.sums[:, -(n_levels**2) :].reshape(-1, n_levels, n_levels)


@dataclass(frozen=True, eq=False)
class Shares:
    """What one performance of each pattern adds to the totals, sparse."""

    matrix: sparse.csr_array
    frequency: IntArray
    position: FloatArray
    n_raters: int
    is_crossed: bool

    def weighted(self, weights: FloatArray) -> Totals:
        """Return the totals of samples that hold each pattern so often."""
        return self._totals(weights @ self.matrix)

    @property
    def observed(self) -> Totals:
        """The totals of the performances themselves."""
        return self.weighted(self.frequency[None, :].astype(np.float64))

    def without_one(self, first: int, last: int) -> Totals:
        """Return the totals without one performance, of each of some patterns in turn."""
        return self._totals(self.observed.sums - self.matrix[first:last].toarray())

    def _totals(self, sums: FloatArray) -> Totals:
        return Totals(sums, self.position, self.n_raters, self.is_crossed)


def shares(patterns: Patterns, step: float) -> Shares:
    """Return what each pattern of ratings adds to the totals."""
    position = _positions(patterns.levels)
    parts = [
        sparse.csr_array(_plain(patterns, position, step)),
        *([] if patterns.rows is None else [sparse.csr_array(position[patterns.rows])]),
        _coincidences(patterns.counts),
    ]
    matrix = sparse.csr_array(sparse.hstack(parts, format="csr"))
    is_crossed = patterns.rows is not None
    return Shares(matrix, patterns.frequency, position, patterns.n_raters, is_crossed)


def _positions(levels: FloatArray) -> FloatArray:
    span = levels[-1] - levels[0]
    return np.asarray((levels - levels.mean()) / (span if span > 0 else 1.0))


def _plain(patterns: Patterns, position: FloatArray, step: float) -> FloatArray:
    counts = patterns.counts.astype(np.float64)
    raters, score = counts.sum(axis=1), counts @ position
    deviations = position - (score / raters)[:, None]
    gaps = np.abs(patterns.levels[:, None] - patterns.levels)
    return np.column_stack(
        (
            np.ones(len(counts)),
            _pairs_alike(counts, gaps <= 0),
            _pairs_alike(counts, gaps <= step * (1 + 1e-9)),  # 0.8 - 0.7 is more than 0.1
            raters,
            raters**2,
            score,
            score**2 / raters,
            np.einsum("pc,pc->p", counts, deviations**2),
        )
    )


def _pairs_alike(counts: FloatArray, alike: BoolArray) -> FloatArray:
    """Return the share of each pattern's pairs of raters whose levels count as alike."""
    raters = counts.sum(axis=1)
    met = np.einsum("pc,pc->p", counts @ alike, counts) - raters  # nobody is paired with oneself
    return np.asarray(met / (raters * (raters - 1)))


def _coincidences(counts: IntArray) -> sparse.csr_array:
    """Return each pattern's pairs of levels over its raters less one, shape (n, n_levels ** 2)."""
    n_patterns, n_levels = counts.shape
    pattern, level = np.nonzero(counts)
    number = counts[pattern, level].astype(np.float64)
    left, right = _meeting(pattern, n_patterns)
    met = number[left] * (number[right] - (left == right))  # nobody is paired with oneself
    values = met / (counts.sum(axis=1)[pattern[left]] - 1)
    place = level[left] * n_levels + level[right]
    return sparse.csr_array((values, (pattern[left], place)), (n_patterns, n_levels**2))


def _meeting(pattern: IntArray, n_patterns: int) -> tuple[IntArray, IntArray]:
    """Return all pairs of places with the same pattern; places are sorted by their pattern."""
    size = np.bincount(pattern, minlength=n_patterns)
    partners = size[pattern]
    left = np.repeat(np.arange(len(pattern)), partners)
    first = (np.cumsum(size) - size)[pattern]
    turn = np.arange(len(left)) - np.repeat(np.cumsum(partners) - partners, partners)
    return left, np.repeat(first, partners) + turn
