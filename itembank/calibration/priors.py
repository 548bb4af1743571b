"""Priors on item parameters: densities in the parameter itself, stated in the result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray
from itembank.faults import fault


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


@dataclass(frozen=True)
class LogNormal:
    """A log-normal density of a slope; its median is ``exp(mean)``.

    `mean` and `sd` are of the slope's logarithm, the slope being in 1 / logits.

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


@dataclass(frozen=True)
class Priors:
    """What is believed of free parameters before the data; None: nothing.

    `guessing` has its mode at 0.20 and weighs as much as 20 answers; `upper` has its mode at 0.95.
    They serve the models that have these parameters.

    References
    ----------
    Mislevy, R. J. (1986). Bayes modal estimation in item response models. Psychometrika, 51(2),
    177-195.
    """

    slope: LogNormal | None = None
    guessing: Beta | None = Beta(5.0, 17.0)
    upper: Beta | None = Beta(20.0, 2.0)


def _times(weight: float, log: FloatArray) -> FloatArray:
    """A multiple of a logarithm, 0 where the weight is 0."""
    return weight * log if weight else np.zeros_like(log)


def _check_spread(name: str, mean: float, sd: float) -> None:
    if not (np.isfinite(mean) and np.isfinite(sd) and sd > 0):
        raise fault(name, "a finite mean and a positive sd", (mean, sd))
