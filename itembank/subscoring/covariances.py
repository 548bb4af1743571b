"""True and error variances of area scores, from the scores on items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import BoolArray, FloatArray, IntArray, ScoreArray
from itembank.subscoring.results import Forms

_FEWEST_ITEMS = 2


@dataclass(frozen=True, eq=False)
class PersonSums:
    """Sums over the items of each area, of every person: (n_persons, n_areas) each.

    `away` is of the distances of scores from their item's mean, `squares` of their squares, and
    `given` is how many items there were. `drift` (n_areas,) is how far the means of items differ,
    as a variance, beyond what chance explains.
    """

    away: FloatArray
    squares: FloatArray
    given: FloatArray
    drift: FloatArray
    item_means: FloatArray


@dataclass(frozen=True, eq=False)
class Covariances:
    """Covariances of true area scores, (n_areas, n_areas), and variances of errors, (n_areas,).

    A single item does not tell truth from error: its variances are NaN, and `observed` holds what
    is known all the same.
    """

    true: FloatArray
    error: FloatArray
    observed: FloatArray


def person_sums(scores: ScoreArray, place: IntArray, n_areas: int) -> PersonSums:
    """Return sums by area; `scores` is (n_items, n_persons) with -1 where not administered."""
    has = (scores >= 0).astype(np.float64)
    values = np.where(scores >= 0, scores, 0).astype(np.float64)
    counts = np.maximum(has.sum(axis=1), 1.0)
    means = values.sum(axis=1) / counts
    values -= means[:, np.newaxis] * has
    belongs = (place == np.arange(n_areas)[:, np.newaxis]).astype(np.float64)
    squares = np.square(values)
    chance = squares.sum(axis=1) / counts**2
    return PersonSums(
        away=(belongs @ values).T,
        squares=(belongs @ squares).T,
        given=(belongs @ has).T,
        drift=np.array([_drift(means[place == k], chance[place == k]) for k in range(n_areas)]),
        item_means=means,
    )


def _drift(means: FloatArray, chance: FloatArray) -> float:
    if means.size < _FEWEST_ITEMS:
        return 0.0
    return max(0.0, float(means.var(ddof=1) - chance.mean()))


def covariances(
    sums: PersonSums, lengths: FloatArray, forms: Forms, weights: FloatArray | None = None
) -> Covariances:
    """Return the covariances of area scores on forms of so many items of each area.

    True scores covary as items do, pair by pair of different items; what is left of the variance
    of items is error. Where forms are drawn, so is the difference of their items' means. `weights`
    say how often each person counts.
    """
    own = np.ones(len(sums.away)) if weights is None else weights
    counts, given = own @ sums.given, own[:, np.newaxis] * sums.given
    pairs = given.T @ sums.given - np.diag(counts)
    products = (own[:, np.newaxis] * sums.away).T @ sums.away - np.diag(own @ sums.squares)
    correction = own.sum() / (own.sum() - 1)
    between = _quotient(products, pairs) * correction
    within = own @ sums.squares / counts * correction
    if forms is Forms.DRAWN:
        within = within + sums.drift
    true = np.outer(lengths, lengths) * between
    error = lengths * (within - np.diag(between))
    is_single: BoolArray = (lengths <= 1) | (np.diag(pairs) <= 0)
    error[is_single] = true[is_single, is_single] = np.nan
    observed = true + np.diag(error)
    observed[is_single, is_single] = (lengths * within)[is_single]
    return Covariances(true, error, observed)


def _quotient(products: FloatArray, pairs: FloatArray) -> FloatArray:
    """Return means over pairs of items; NaN where nobody was given a pair."""
    return np.divide(products, pairs, out=np.full_like(products, np.nan), where=pairs > 0)
