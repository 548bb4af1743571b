"""The figures of agreement, each from totals over performances; NaN where one is undefined."""

from __future__ import annotations

import numpy as np

from itembank.arguments import BoolArray, FloatArray
from rubrics.interrater.results import Metric
from rubrics.interrater.totals import Totals

_NOTHING = 1e-12  # of a variance on a scale of range 1: less is rounding


def exact(totals: Totals) -> FloatArray:
    """Return the mean share of pairs of raters who agree."""
    return totals.exact / totals.n


def adjacent(totals: Totals) -> FloatArray:
    """Return the mean share of pairs of raters who differ by a step at most."""
    return totals.adjacent / totals.n


def kappa(totals: Totals) -> FloatArray:
    """Return quadratic weighted kappa: one less the mean squared difference over that by chance.

    By chance, any level of the one rater meets any of the other: the sum of both variances and of
    the squared difference of the means.
    """
    n = totals.n
    difference = 2 * totals.within  # of two, half the squared difference lies within
    means = totals.raters / n[:, None]
    squares = totals.between + totals.within
    chance = squares - n * (means**2).sum(axis=1) + n * (means[:, 0] - means[:, 1]) ** 2
    return 1 - _ratio(difference, chance, chance > _NOTHING * n)


def alpha(totals: Totals, metric: Metric) -> FloatArray:
    """Return Krippendorff's alpha: one less the observed disagreement over the expected."""
    met = totals.coincidences
    each = met.sum(axis=2)
    n = each.sum(axis=1)
    if metric is Metric.NOMINAL:
        observed = n - np.trace(met, axis1=1, axis2=2)
        expected = n**2 - (each**2).sum(axis=1)
    else:
        observed, expected = _squared_disagreement(met, each, _places(totals, each, metric))
    observed = observed * (n - 1)
    return 1 - _ratio(observed, expected, expected > _NOTHING * n**2)


def _places(totals: Totals, each: FloatArray, metric: Metric) -> FloatArray:
    """Return where the levels lie, shape (n_samples, n_levels).

    The ordinal distance of two levels is the number of ratings between them, with half of those at
    each: the difference of their mid-ranks.
    """
    if metric is Metric.INTERVAL:
        return np.broadcast_to(totals.position, each.shape)
    return np.asarray((np.cumsum(each, axis=1) - each / 2) / each.sum(axis=1)[:, None])


def _squared_disagreement(
    met: FloatArray, each: FloatArray, place: FloatArray
) -> tuple[FloatArray, FloatArray]:
    gaps = (place[:, :, None] - place[:, None, :]) ** 2
    observed = np.einsum("sab,sab->s", met, gaps)
    return observed, np.einsum("sa,sb,sab->s", each, each, gaps, optimize=True)


def icc_1(totals: Totals) -> FloatArray:
    """Return the one-way intraclass correlation of one rater, from the analysis of variance.

    Where performances have unequal numbers of ratings, k is ``(N - sum k_i^2 / N) / (n - 1)``.
    """
    n, ratings = totals.n, totals.ratings
    between = (totals.between - totals.score**2 / ratings) / (n - 1)
    within = totals.within / (ratings - n)
    k = (ratings - totals.squared_ratings / ratings) / (n - 1)
    whole = between + (k - 1) * within
    return _ratio(between - within, whole, whole > _NOTHING)


def icc_a1(totals: Totals) -> FloatArray:
    """Return the intraclass correlation of absolute agreement of one rater, ICC(A,1)."""
    rows, columns, error = _mean_squares(totals)
    k, n = totals.n_raters, totals.n
    whole = rows + (k - 1) * error + k / n * (columns - error)
    return _ratio(rows - error, whole, whole > _NOTHING)


def icc_ak(totals: Totals) -> FloatArray:
    """Return the intraclass correlation of absolute agreement of the raters' mean, ICC(A,k)."""
    rows, columns, error = _mean_squares(totals)
    whole = rows + (columns - error) / totals.n
    return _ratio(rows - error, whole, whole > _NOTHING)


def _mean_squares(totals: Totals) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the mean squares of performances, of raters and of the rest."""
    k, n = totals.n_raters, totals.n
    rows = totals.between - totals.score**2 / (n * k)
    means = totals.raters / n[:, None]
    columns = n * ((means - means.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    rest = np.maximum(totals.within - columns, 0.0)
    return rows / (n - 1), columns / (k - 1), rest / ((n - 1) * (k - 1))


def _ratio(part: FloatArray, whole: FloatArray, is_defined: BoolArray) -> FloatArray:
    undefined = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=undefined, where=is_defined)
    return undefined
