"""Priors on item parameters: densities in the parameter itself, stated in the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray, frozen, numbers, require, sentence_fault
from itembank.faults import fault
from itembank.parameters import Model


@dataclass(frozen=True)
class Beta:
    """A beta density of a probability; its mode is ``(alpha - 1) / (alpha + beta - 2)``.

    Raises
    ------
    ValueError
        Where a number is below 1, which would pull towards 0 or 1 without end, or not finite.
    """

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        if not (self.alpha >= 1 and self.beta >= 1 and np.isfinite(self.alpha + self.beta)):
            raise fault("beta", "two numbers of at least 1", (self.alpha, self.beta))

    def log_density(self, p: FloatArray) -> FloatArray:
        """Return its logarithm up to a constant, minus infinity at 0 and 1 where it is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = _times(self.alpha - 1, np.log(p)) + _times(self.beta - 1, np.log1p(-p))
        return found


def _check_spread(name: str, mean: float, sd: float) -> None:
    if not (np.isfinite(mean) and np.isfinite(sd) and sd > 0):
        raise fault(name, "a finite mean and a positive sd", (mean, sd))


@dataclass(frozen=True)
class LogNormal:
    """A log-normal density of a slope; its median is ``exp(mean)``, its mode ``exp(mean - sd^2)``.

    `mean` and `sd` are of the slope's logarithm, the slope being in 1 / logits. By default the
    median is 1 and the mode 0.78, to which slopes are pulled: harmless where ability has mean 0 and
    SD 1, but where its SD is free a unit of the scale would become longer. `AROUND_ONE` has its
    mode at 1.

    Raises
    ------
    ValueError
        Where the mean is not finite, or the standard deviation is not positive and finite.
    """

    mean: float = 0.0
    sd: float = 0.5

    def __post_init__(self) -> None:
        _check_spread("lognormal", self.mean, self.sd)

    def log_density(self, slope: FloatArray) -> FloatArray:
        """Return its logarithm up to a constant, minus infinity where the slope is not positive."""
        positive = slope > 0
        log = np.log(np.where(positive, slope, 1.0))
        density = -log - ((log - self.mean) / self.sd) ** 2 / 2
        return np.where(positive, density, -np.inf)


AROUND_ONE = LogNormal(mean=0.25, sd=0.5)
"""Mode 1, the slope of items that a panel places: a logit stays about as long as it was."""


@dataclass(frozen=True, eq=False, init=False)
class Normals:
    """A normal density of each item's threshold, such as a panel's judgement gives.

    Parameters
    ----------
    mean, sd : array_like, shape (n_items,)
        In logits; NaN in both where nothing is believed of an item. A single `sd` serves all.

    Raises
    ------
    ValueError
        Where a mean is infinite, or a standard deviation missing or not positive.
    """

    mean: FloatArray
    sd: FloatArray

    def __init__(self, mean: ArrayLike, sd: ArrayLike) -> None:
        means = numbers("mean", mean, ndim=1, shape="(n_items,)")
        spreads = numbers("sd", sd)
        spreads = np.full(means.shape, spreads) if spreads.ndim == 0 else spreads
        if spreads.shape != means.shape:
            raise sentence_fault("sd", f"of shape {means.shape}", f"shape {spreads.shape}")
        believed = ~np.isnan(means)
        require(~np.isinf(means), "mean", "finite, or NaN", means)
        spreads = np.where(believed, spreads, np.nan)
        allowed = "positive and finite where there is a mean"
        require(~believed | ((spreads > 0) & np.isfinite(spreads)), "sd", allowed, spreads)
        object.__setattr__(self, "mean", frozen(means))
        object.__setattr__(self, "sd", frozen(spreads))

    @property
    def n_items(self) -> int:
        """How many items it is about."""
        return self.mean.size

    def take(self, items: ArrayLike) -> Normals:
        """Return those of some items, in the order given."""
        index = np.asarray(items, dtype=np.int64)
        return Normals(self.mean[index], self.sd[index])

    def log_density(self, threshold: FloatArray) -> FloatArray:
        """Return its logarithm up to a constant, 0 where nothing is believed, (n_items,)."""
        return np.nan_to_num(-(((threshold - self.mean) / self.sd) ** 2) / 2)

    def __str__(self) -> str:
        """Return how many items it is about, and how wide it is."""
        believed = np.isfinite(self.mean)
        spread = float(np.mean(self.sd[believed])) if believed.any() else float("nan")
        return f"normal for {believed.sum()} items, sd {spread:.2f} on average"


@dataclass(frozen=True)
class Priors:
    """What is believed of free parameters before the data; None: nothing.

    `guessing` has its mode at 0.20 and weighs as much as 20 answers; `upper` has its mode at 0.95.
    They serve the models that have these parameters. `threshold` is one density for each item of
    two categories; with it the thresholds say where the scale lies, and the mean and SD of ability
    are free. It goes with a prior on free slopes, which says what the unit is: `AROUND_ONE` where
    none is given.

    References
    ----------
    Mislevy, R. J. (1986). Bayes modal estimation in item response models. Psychometrika, 51(2),
    177-195.
    """

    slope: LogNormal | None = None
    guessing: Beta | None = Beta(5.0, 17.0)
    upper: Beta | None = Beta(20.0, 2.0)
    threshold: Normals | None = None


def complete_priors(priors: Priors, models: Sequence[Model], free: Sequence[int]) -> Priors:
    """Return priors that fit these items, or say why they do not.

    Priors on thresholds go with one on free slopes, for without it the unit of the scale is free;
    with a mode below 1 it would grow.
    """
    if priors.threshold is None:
        return priors
    own = priors.threshold
    if own.n_items != len(models):
        allowed = f"of {len(models)} items"
        raise sentence_fault("priors.threshold", allowed, f"{own.n_items}")
    for place in np.flatnonzero(np.isfinite(own.mean)).tolist():
        if models[place].is_polytomous:
            allowed = "NaN but for items of two categories"
            raise fault("priors.threshold", allowed, models[place].value, str(place))
    if not np.isfinite(own.mean[list(free)]).any():
        raise sentence_fault("priors.threshold", "given for one free item or more", "none")
    has_unit = any(models[place].has_unit_slope for place in free)
    return priors if has_unit or priors.slope else replace(priors, slope=AROUND_ONE)


def _times(weight: float, log: FloatArray) -> FloatArray:
    """A multiple of a logarithm, 0 where the weight is 0."""
    return weight * log if weight else np.zeros_like(log)
