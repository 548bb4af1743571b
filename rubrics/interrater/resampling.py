"""Intervals by resampling performances, and the correction of their ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import numpy as np
from scipy.special import ndtr, ndtri

from itembank.arguments import FloatArray, IntArray
from rubrics.interrater.results import Estimate, Interval, Undefined
from rubrics.interrater.totals import Shares, Totals

Figure: TypeAlias = Callable[[Totals], FloatArray]
"""A figure of agreement, one for each sample of the totals."""

_CELLS = 2_000_000  # numbers held at once
_UNDEFINED_AT_MOST = 0.05


def resampled(
    shares: Shares, figures: Mapping[str, Figure], n_resamples: int, seed: int
) -> dict[str, FloatArray]:
    """Return every figure in every resample, each shape (n_resamples,)."""
    random, frequency = np.random.default_rng(seed), shares.frequency
    chances, total = frequency / frequency.sum(), int(frequency.sum())
    found: dict[str, list[FloatArray]] = {name: [] for name in figures}
    for size in _blocks(n_resamples, max(shares.matrix.shape)):
        drawn = shares.weighted(random.multinomial(total, chances, size).astype(np.float64))
        for name, figure in figures.items():
            found[name].append(figure(drawn))
    return {name: np.concatenate(values) for name, values in found.items()}


def left_out(shares: Shares, figures: Mapping[str, Figure]) -> dict[str, FloatArray]:
    """Return every figure without one performance, for each pattern, shape (n_patterns,)."""
    found: dict[str, list[FloatArray]] = {name: [] for name in figures}
    n_patterns, n_shares = shares.matrix.shape
    first = 0
    for size in _blocks(n_patterns, n_shares):
        rest = shares.without_one(first, first + size)
        first += size
        with np.errstate(divide="ignore", invalid="ignore"):  # what is left may be too few
            for name, figure in figures.items():
                found[name].append(figure(rest))
    return {name: np.concatenate(values) for name, values in found.items()}


def _blocks(number: int, width: int) -> Iterator[int]:
    size = max(1, _CELLS // width)
    for first in range(0, number, size):
        yield min(size, number - first)


def with_interval(
    value: float, samples: FloatArray, skew: float, level: float, interval: Interval
) -> Estimate:
    """Return a figure with the interval that its resamples give it."""
    defined = np.sort(samples[~np.isnan(samples)])
    if len(defined) < (1 - _UNDEFINED_AT_MOST) * len(samples):
        return Estimate(value, reason=Undefined.UNSTABLE)
    if np.ptp(defined) <= 1e-12:
        return Estimate(value, reason=Undefined.UNVARYING)
    ends = np.array([(1 - level) / 2, (1 + level) / 2])
    if interval is Interval.BCA:
        ends = _corrected(ends, _bias(value, defined), skew)
    lower, upper = np.quantile(defined, ends)
    return Estimate(value, float(lower), float(upper))


def acceleration(values: FloatArray, frequency: IntArray) -> float:
    """Return how fast a figure's standard error changes with it, from leaving one out; else 0."""
    if not np.isfinite(values).all():
        return 0.0
    gaps = np.average(values, weights=frequency) - values
    spread = float(frequency @ gaps**2)
    return float(frequency @ gaps**3) / (6 * spread**1.5) if spread > 1e-30 else 0.0


def _bias(value: float, samples: FloatArray) -> float:
    """Return the normal score of the share of resamples below the figure; a tie is half below."""
    tie = 1e-9
    below = (samples < value - tie).mean() / 2 + (samples <= value + tie).mean() / 2
    most = 1 - 0.5 / len(samples)
    return float(ndtri(np.clip(below, 1 - most, most)))


def _corrected(ends: FloatArray, bias: float, skew: float) -> FloatArray:
    shifted = bias + ndtri(ends)
    return np.asarray(ndtr(bias + shifted / (1 - np.minimum(skew * shifted, 0.9))))
