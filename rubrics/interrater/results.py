"""What is said of raters' agreement: estimates with intervals, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Metric(StrEnum):
    """How far apart two levels count in Krippendorff's alpha."""

    NOMINAL = "nominal"
    """Alike or not."""
    ORDINAL = "ordinal"
    """By how many ratings lie between them."""
    INTERVAL = "interval"
    """By the square of their difference."""


class Interval(StrEnum):
    """How an interval is read off the resampled performances."""

    BCA = "bca"
    """Corrected for bias and for skewness."""
    PERCENTILE = "percentile"


class Undefined(StrEnum):
    """Why there is no figure, or none around it."""

    TOO_FEW = "too few performances"
    """Not enough performances were rated twice."""
    NOT_TWO_RATERS = "not two raters"
    """Kappa is of two raters."""
    NOT_CROSSED = "not crossed"
    """Not every rater rated every performance."""
    CONSTANT = "constant"
    """Ratings do not vary in the way that the figure compares agreement with."""
    UNVARYING = "unvarying"
    """Every resample gives the same figure, as where all agree: it has no interval."""
    UNSTABLE = "unstable"
    """More than one resample in twenty gives no figure at all."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval; None where it is undefined, and then the reason."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    reason: Undefined | None = None


@dataclass(frozen=True)
class Agreement:
    """How alike raters mark, over the performances that two of them or more have rated.

    `exact` and `adjacent` are the proportions of pairs of raters who agree, or differ by a step at
    most; every performance counts the same. `kappa` is weighted quadratically, of two raters.
    `alpha` is Krippendorff's, by `metric`. `icc_a1` and `icc_ak` are the intraclass correlations of
    absolute agreement of one rater and of the mean of all `n_raters`, in a crossed design; `icc_1`
    is the one-way correlation of one rater, where they differ from performance to performance.
    Intervals are of `level`, by `interval` over resampled performances; raters stay the same.
    """

    n_performances: int
    n_raters: int
    n_ratings: int
    is_crossed: bool
    exact: Estimate
    adjacent: Estimate
    kappa: Estimate
    alpha: Estimate
    icc_a1: Estimate
    icc_ak: Estimate
    icc_1: Estimate
    metric: Metric
    interval: Interval
    level: float
