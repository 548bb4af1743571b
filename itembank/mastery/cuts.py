"""A cut score on the scale of ability, and the verdicts about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from itembank.faults import fault


class Verdict(StrEnum):
    """What the evidence supports saying of an ability and a cut."""

    ABOVE = "above"
    BELOW = "below"
    UNCLEAR = "not enough evidence"


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut score on the scale of ability, in logits, with its standard error.

    Raises
    ------
    ValueError
        Where the cut is not finite, or its standard error is negative or not finite.
    """

    theta: float
    se: float = 0.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.theta):
            raise fault("theta", "finite", self.theta)
        if not 0 <= self.se < math.inf:
            raise fault("se", "0 or more, and finite", self.se)
