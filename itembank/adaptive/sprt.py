"""The sequential probability ratio test of two abilities, one on each side of the cut."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from itembank.curves import log_probability
from itembank.faults import fault
from itembank.mastery.sequential import sprt_bounds
from itembank.parameters import ItemParameters


@dataclass(frozen=True, slots=True)
class Sprt:
    """A test of ability at ``cut + delta`` against ability at ``cut - delta`` (Wald, 1947).

    Parameters
    ----------
    delta : float
        Half the width of the region in which either decision is acceptable, in logits.
    alpha, beta : float
        The error rates asked for: passing at ``cut - delta``, and not passing at ``cut + delta``.
        They hold for a test that may go on for ever; what a greatest length does to them is found
        by `sprt_errors`.

    Raises
    ------
    ValueError
        Where `delta` is not positive, a rate is not above 0, or the two are not below 1 together.

    References
    ----------
    Wald, A. (1947). Sequential analysis. Wiley.
    """

    delta: float
    alpha: float = 0.05
    beta: float = 0.05

    def __post_init__(self) -> None:
        if not (math.isfinite(self.delta) and self.delta > 0):
            raise fault("delta", "positive and finite", self.delta)
        sprt_bounds(self.alpha, self.beta)

    @property
    def lower(self) -> float:
        """The log-likelihood ratio at or below which the decision is "not a pass"."""
        return sprt_bounds(self.alpha, self.beta)[0]

    @property
    def upper(self) -> float:
        """The log-likelihood ratio at or above which the decision is "a pass"."""
        return sprt_bounds(self.alpha, self.beta)[1]


@dataclass(frozen=True, eq=False)
class SprtTable:
    """What each score of each item adds to the log-likelihood ratio, and its bounds."""

    gains: list[list[float]]
    lower: float
    upper: float


def sprt_table(parameters: ItemParameters, cut: float, sprt: Sprt) -> SprtTable:
    """Return the table of a test at a cut."""
    above, below = log_probability(np.array([cut + sprt.delta, cut - sprt.delta]), parameters)
    with np.errstate(invalid="ignore"):
        gains = np.nan_to_num(above - below)  # categories that an item does not have
    return SprtTable(gains.tolist(), sprt.lower, sprt.upper)
