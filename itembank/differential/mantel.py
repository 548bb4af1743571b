"""The Mantel-Haenszel statistics, from counts of scores at each value of a matching."""

from __future__ import annotations

import numpy as np

from itembank.arguments import BoolArray, FloatArray
from itembank.differential.matching import Counts, Matched, by_blocks
from itembank.differential.results import DifSize, OddsRatios, Tests

_DELTA = 2.35
"""The delta scale: four over the standard deviation 1.7 of a logistic curve's normal neighbour."""
_CRITICAL_5 = 3.841458820694124
"""Of chi-squared with one degree of freedom, at 5 %."""
_ONE_SIDED_5 = 1.6448536269514722
_MODERATE, _LARGE = 1.0, 1.5
_GRADED_MODERATE, _GRADED_LARGE = 0.17, 0.25


def mantel_haenszel(matched: Matched, *, continuity: bool) -> Tests:
    """Return the statistics of all items; Mantel's (1963) where there are more categories."""
    table = by_blocks(matched, lambda counts: _of_block(counts, continuity=continuity))
    statistic, log_odds, log_se, difference, spread = table.T
    is_graded = matched.answers.scores.max(axis=1) > 1
    effect = np.where(is_graded, difference / spread, -_DELTA * log_odds)
    effect_se = np.where(is_graded, np.nan, _DELTA * log_se)
    size = _classes(statistic, effect, effect_se, is_graded)
    odds = np.where(is_graded, np.nan, np.exp(log_odds))
    details = OddsRatios(odds, np.where(is_graded, np.nan, log_se), difference)
    degrees = np.ones(len(statistic), dtype=np.int64)
    direction = np.sign(np.nan_to_num(effect)).astype(np.int64)
    return Tests(statistic, degrees, effect, effect_se, direction, size, details)


def _of_block(counts: Counts, *, continuity: bool) -> FloatArray:
    """Return chi-squared, log odds ratio and its error, mean difference and spread, by item."""
    each = counts.persons
    both = np.all(each.sum(axis=3) > 0, axis=2)
    compared = np.where(both[:, :, np.newaxis, np.newaxis], each, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = [_chi_squared(compared, continuity), *_log_odds(compared)]
        columns += [_mean_difference(compared), _spread(each)]
    return np.stack(columns, axis=1)


def _chi_squared(each: FloatArray, continuity: bool) -> FloatArray:
    """Return the squared sum of the reference group's scores above expectation, over variance."""
    scores = np.arange(each.shape[3])
    n_reference, n_focal = np.moveaxis(each.sum(axis=3), 2, 0)
    n = n_reference + n_focal
    total, squares = each.sum(axis=2) @ scores, each.sum(axis=2) @ scores**2
    some = np.maximum(n, 1.0)
    away = np.sum(each[:, :, 0] @ scores - n_reference * total / some, axis=1)
    scale = n_reference * n_focal / (some**2 * np.maximum(n - 1, 1.0))
    variance = np.sum(scale * (n * squares - total**2), axis=1)
    corrects = continuity & np.all(each[..., 2:] == 0, axis=(1, 2, 3))
    distance = np.maximum(np.abs(away) - 0.5 * corrects, 0.0)
    return np.where(variance > 0, distance**2 / variance, np.nan)


def _log_odds(each: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the logarithm of the odds ratio, and its standard error (Phillips & Holland, 1987)."""
    (wrong, right), (focal_wrong, focal_right) = np.moveaxis(each[..., :2], (2, 3), (0, 1))
    n = np.maximum(right + wrong + focal_right + focal_wrong, 1.0)
    ahead, behind = right * focal_wrong, wrong * focal_right
    upper, lower = np.sum(ahead / n, axis=1), np.sum(behind / n, axis=1)
    ratio = (upper / lower)[:, np.newaxis]
    terms = (ahead + ratio * behind) * (right + focal_wrong + ratio * (wrong + focal_right))
    variance = np.sum(terms / n**2, axis=1) / (2 * upper**2)
    return np.log(upper / lower), np.sqrt(variance)


def _mean_difference(each: FloatArray) -> FloatArray:
    """Return the focal group's mean score less that of their like in the reference group."""
    scores = np.arange(each.shape[3])
    n = each.sum(axis=3)
    means = (each @ scores) / np.maximum(n, 1.0)
    weight = n[:, :, 1]
    return np.asarray(np.sum(weight * (means[..., 1] - means[..., 0]), axis=1) / weight.sum(axis=1))


def _spread(each: FloatArray) -> FloatArray:
    """Return the standard deviation of each item's score over everybody."""
    scores, n = np.arange(each.shape[3]), each.sum(axis=(1, 2))
    mean = n @ scores / n.sum(axis=1)
    return np.asarray(np.sqrt(n @ scores**2 / n.sum(axis=1) - mean**2))


def _classes(
    statistic: FloatArray, effect: FloatArray, effect_se: FloatArray, is_graded: BoolArray
) -> tuple[DifSize, ...]:
    """Return the classes of the Educational Testing Service (Zwick, 2012).

    Where nobody of a group is right, or nobody wrong, the difference is infinite and has no error.
    """
    large = np.abs(effect)
    with np.errstate(invalid="ignore"):
        found = statistic > _CRITICAL_5
        sure = is_graded | np.isinf(large) | (large - _MODERATE > _ONE_SIDED_5 * effect_se)
        moderate = found & (large >= np.where(is_graded, _GRADED_MODERATE, _MODERATE))
        is_large = moderate & sure & (large >= np.where(is_graded, _GRADED_LARGE, _LARGE))
    return sizes(moderate, is_large)


def sizes(is_moderate: BoolArray, is_large: BoolArray) -> tuple[DifSize, ...]:
    """Return the class of each item."""
    names = (DifSize.NEGLIGIBLE, DifSize.MODERATE, DifSize.LARGE)
    return tuple(
        names[int(one) + int(one and more)] for one, more in zip(is_moderate, is_large, strict=True)
    )
