"""The categories in use, and the probability of reaching each of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from itembank.arguments import FloatArray, IntArray
from rubrics.facets.design import HIGHEST


@dataclass(frozen=True, eq=False)
class Categories:
    """The categories that are in use, ascending, for each set of steps.

    A category that nobody gave has probability 0, as maximum likelihood has it; those above it keep
    their value, so that a sum of categories remains all that is needed of a person's ratings.
    """

    values: tuple[IntArray, ...]

    @property
    def tops(self) -> IntArray:
        """How many steps each set has."""
        return np.array([own.size - 1 for own in self.values])

    @property
    def gains(self) -> FloatArray:
        """How much higher each step leads, (n_groups, max steps); 0 where there is none."""
        return np.nan_to_num(np.diff(self.valued()))

    def reached(self, category: IntArray, group: IntArray) -> IntArray:
        """Return how many steps each category is above the lowest in use."""
        every = np.arange(HIGHEST + 1)
        table = [np.minimum(np.searchsorted(own, every), own.size - 1) for own in self.values]
        return np.asarray(np.array(table)[group, category])

    def valued(self) -> FloatArray:
        """Return the category that each step leads to, (n_groups, max steps + 1), NaN-padded."""
        found = np.full((len(self.values), int(self.tops.max()) + 1), np.nan)
        for row, own in enumerate(self.values):
            found[row, : own.size] = own
        return found

    def lowest(self) -> FloatArray:
        """Return the lowest category of each set of steps."""
        return self.valued()[:, 0]


def in_use(category: IntArray, group: IntArray, n_groups: int) -> Categories:
    """Return the categories that the ratings of each set of steps are in."""
    seen = np.zeros((n_groups, HIGHEST + 1), dtype=bool)
    seen[group, category] = True
    return Categories(tuple(np.flatnonzero(own) for own in seen))


@dataclass(frozen=True, eq=False)
class Reached:
    """Probabilities of reaching each step times what it gains, and the log normaliser.

    `above` is (n_steps, n_rows, ...), `gains` and `scores` (n_steps, n_rows, 1, ...): what a step
    gains, and the category above the lowest that it leads to.
    """

    above: FloatArray
    log_normaliser: FloatArray
    gains: FloatArray
    scores: FloatArray

    @cached_property
    def mean(self) -> FloatArray:
        """The expected category, above the lowest."""
        return np.asarray(self.above.sum(axis=0))

    @cached_property
    def variance(self) -> FloatArray:
        """The variance of the category."""
        squares = ((2 * self.scores - self.gains) * self.above).sum(axis=0)
        return np.asarray(squares - self.mean**2)

    def with_step(self, step: int) -> FloatArray:
        """Return the covariance of the category with the gain of one step."""
        above = self.above
        both = self.scores[step] * above[step] + self.gains[step] * above[step + 1 :].sum(axis=0)
        return np.asarray(both - self.mean * above[step])

    def of_steps(self, one: int, other: int) -> FloatArray:
        """Return the covariance of the gains of two steps."""
        low, high = sorted((one, other))
        return np.asarray(self.above[high] * self.gains[low] - self.above[one] * self.above[other])


def reached(eta: FloatArray, thresholds: FloatArray, gains: FloatArray) -> Reached:
    """Return the probability of reaching each category.

    ``log(P_k / P_{k-1}) = gain_k (eta - tau_k)``, where `gain_k` is 1 unless a category between is
    not in use.

    Parameters
    ----------
    eta : ndarray, shape (n_rows, ...)
        Person less severity, difficulty and so on, in logits.
    thresholds, gains : ndarray, shape (n_rows, n_steps)
        Both 0 where there is no such step.
    """
    shape = (*thresholds.T.shape, *(1,) * (eta.ndim - 1))
    each = gains.T.reshape(shape)
    costs = np.where(gains > 0, gains * thresholds, np.inf).cumsum(axis=1).T.reshape(shape)
    scores = each.cumsum(axis=0)
    terms = np.zeros((len(each) + 1, *eta.shape))
    np.multiply(scores, eta, out=terms[1:])
    terms[1:] -= costs
    highest = terms.max(axis=0)
    terms -= highest
    np.exp(terms, out=terms)
    for k in range(len(each) - 1, -1, -1):
        terms[k] += terms[k + 1]
    total = terms[0].copy()
    terms /= total
    terms[1:] *= each
    return Reached(terms[1:], highest + np.log(total), each, scores)
