"""What is known of persons' abilities: estimates, the prior behind them, and their evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from itembank.arguments import FloatArray, ScoreArray
from itembank.faults import fault
from itembank.parameters import ItemParameters


class Method(StrEnum):
    """How an ability is estimated from scores."""

    EAP = "eap"
    """The posterior's mean; its standard error is the posterior's standard deviation."""
    MAP = "map"
    """The posterior's mode; its standard error comes from the curvature there."""
    ML = "ml"
    """The greatest likelihood; infinite where all answers are right, or all wrong."""
    WLE = "wle"
    """Warm's weighted likelihood: finite always, its bias of a smaller order than that of ML."""


@dataclass(frozen=True, slots=True)
class Prior:
    """The normal distribution that abilities are taken from, in logits.

    Raises
    ------
    ValueError
        Where the mean is not finite, or the standard deviation is not positive and finite.
    """

    mean: float = 0.0
    sd: float = 1.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.mean):
            raise fault("mean", "finite", self.mean)
        if not (math.isfinite(self.sd) and self.sd > 0):
            raise fault("sd", "positive and finite", self.sd)

    @property
    def precision(self) -> float:
        """One over the variance."""
        return 1 / self.sd**2


STANDARD = Prior()
"""The standard normal distribution."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What abilities were estimated from, so that a decision can look at the posterior itself.

    `scores` has shape (n_persons, n_items); NaN or -1 is not administered.
    """

    scores: ScoreArray
    parameters: ItemParameters
    prior: Prior


@dataclass(frozen=True, eq=False)
class Ability:
    """Estimated abilities of persons, in logits, with their standard errors.

    `theta` and `se` have shape (n_persons,), or no dimension where one person's scores were given.
    `estimate_ability` says by method what they are, and its sources. `evidence` is None where the
    estimates come from elsewhere: a decision then takes the posterior to be normal.
    """

    theta: FloatArray
    se: FloatArray
    method: Method
    evidence: Evidence | None = None
