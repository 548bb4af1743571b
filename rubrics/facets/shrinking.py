"""Measures drawn towards their mean: empirical Bayes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from itembank.arguments import BoolArray, FloatArray

_FEWEST = 3


@dataclass(frozen=True, eq=False)
class Shrunken:
    """Measures and their posterior standard deviations, and the true spread that they imply."""

    measure: FloatArray
    se: FloatArray
    spread: float
    """The standard deviation of the levels, without the error of their estimates."""


def shrunken(measure: FloatArray, se: FloatArray, usable: BoolArray) -> Shrunken:
    """Return measures as the posterior means of levels drawn from one normal distribution.

    Its variance is that at which the weighted squares are as large as expected: Paule, R. C., &
    Mandel, J. (1982). Consensus values and weighting factors. Journal of Research of the National
    Bureau of Standards, 87(5), 377-385. Where `usable` is false, or there are fewer than three
    usable levels, the result is NaN.
    """
    usable = usable & np.isfinite(measure) & np.isfinite(se)
    if usable.sum() < _FEWEST:
        nothing = np.full(measure.size, np.nan)
        return Shrunken(nothing, nothing, float("nan"))
    variance = _between(measure[usable], se[usable])
    mean = _mean(measure[usable], se[usable], variance)
    kept = variance / (variance + se**2)
    return Shrunken(
        np.where(usable, mean + kept * (measure - mean), np.nan),
        np.where(usable, np.sqrt(kept) * se, np.nan),
        float(np.sqrt(variance)),
    )


def _mean(measure: FloatArray, se: FloatArray, variance: float) -> float:
    return float(np.average(measure, weights=1 / (variance + se**2)))


def _between(measure: FloatArray, se: FloatArray) -> float:
    """The variance between levels; 0 where errors alone would spread them as much."""

    def excess(variance: float) -> float:
        away = measure - _mean(measure, se, variance)
        return float((away**2 / (variance + se**2)).sum() - measure.size + 1)

    if excess(0.0) <= 0:
        return 0.0
    return float(brentq(excess, 0.0, float(np.var(measure) * measure.size)))
