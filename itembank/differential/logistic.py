"""Logistic regression of each item on a matching and the group, as Swaminathan and Rogers do."""

from __future__ import annotations

import numpy as np
from scipy.special import xlogy

from itembank.arguments import BoolArray, FloatArray
from itembank.differential.mantel import sizes
from itembank.differential.matching import Counts, Matched, by_blocks
from itembank.differential.results import DifKind, Regressions, Tests
from itembank.differential.significance import chi_squared_p
from itembank.regression import logistic_regressions

_COLUMNS = {
    DifKind.UNIFORM: ([0, 1], [0, 1, 2]),
    DifKind.NONUNIFORM: ([0, 1, 2], [0, 1, 2, 3]),
    DifKind.BOTH: ([0, 1], [0, 1, 2, 3]),
}
"""Of constant, matching, group and their product: in the smaller and the larger regression."""
_JODOIN_GIERL = 0.035, 0.070
_ZUMBO_THOMAS = 0.13, 0.26


def logistic_tests(matched: Matched, kind: DifKind, level: float) -> Tests:
    """Return likelihood ratios of the larger regression to the smaller, for all items."""
    centre, spread = _standard(matched)
    smaller, larger = _COLUMNS[kind]

    def of_block(counts: Counts) -> FloatArray:
        return _of_block(counts, _design(counts, centre, spread), smaller, larger)

    table = by_blocks(matched, of_block)
    statistic, change, coefficients = table[:, 0], table[:, 1], table[:, 2:6]
    degrees = np.full(len(table), len(larger) - len(smaller))
    significant = chi_squared_p(statistic, degrees) < level
    details = Regressions(
        coefficients, table[:, 6:], sizes(*_beyond(change, significant, _ZUMBO_THOMAS))
    )
    return Tests(
        statistic,
        degrees,
        change,
        np.full(len(table), np.nan),
        np.sign(coefficients[:, 2]).astype(np.int64),
        sizes(*_beyond(change, significant, _JODOIN_GIERL)),
        details,
    )


def _standard(matched: Matched) -> tuple[float, float]:
    """Return the mean and the standard deviation of what people are matched on."""
    values, weight = matched.values[matched.place], matched.answers.weight
    mean = float(np.average(values, weights=weight))
    spread = float(np.sqrt(np.average((values - mean) ** 2, weights=weight)))
    return mean, spread or 1.0


def _design(counts: Counts, centre: float, spread: float) -> FloatArray:
    """Return constant, matching, group and their product, for each value and group."""
    value = np.repeat((counts.values - centre) / spread, 2)
    is_focal = np.tile([0.0, 1.0], counts.values.size)
    return np.stack([np.ones(value.size), value, is_focal, value * is_focal], axis=1)


def _of_block(
    counts: Counts, design: FloatArray, smaller: list[int], larger: list[int]
) -> FloatArray:
    """Return likelihood ratio, change of R squared, coefficients and errors, by item."""
    each = counts.persons.reshape(len(counts.persons), -1, counts.persons.shape[3])
    used = each.sum(axis=(0, 2)) > 0
    total, right = each[:, used].sum(axis=2), each[:, used, 1]
    less = logistic_regressions(design[used][:, smaller], right, total)
    start = np.zeros((len(right), len(larger)))
    start[:, : len(smaller)] = less.coefficients
    more = logistic_regressions(design[used][:, larger], right, total, start)
    statistic = 2 * (more.log_likelihood - less.log_likelihood)
    n = total.sum(axis=1)
    floor = _floor(right.sum(axis=1), n)
    change = _r_squared(more.log_likelihood, floor, n) - _r_squared(less.log_likelihood, floor, n)
    coefficients, errors = np.zeros((2, len(right), 4))
    coefficients[:, larger] = more.coefficients
    errors[:, larger] = np.sqrt(np.diagonal(more.covariance, axis1=1, axis2=2))
    return np.column_stack([np.maximum(statistic, 0.0), change, coefficients, errors])


def _floor(right: FloatArray, n: FloatArray) -> FloatArray:
    """Return the log-likelihood of a constant alone."""
    return np.asarray(xlogy(right, right / n) + xlogy(n - right, 1 - right / n))


def _r_squared(reached: FloatArray, floor: FloatArray, n: FloatArray) -> FloatArray:
    """Return Nagelkerke's (1991) R squared."""
    return np.asarray(np.expm1(2 * (floor - reached) / n) / np.expm1(2 * floor / n))


def _beyond(
    change: FloatArray, significant: BoolArray, limits: tuple[float, float]
) -> tuple[BoolArray, BoolArray]:
    moderate, large = limits
    return significant & (change >= moderate), significant & (change >= large)
