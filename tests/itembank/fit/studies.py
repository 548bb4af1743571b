"""Simulated tests, calibrated anew each time, for rates of flags where the truth is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from itembank import (
    Calibration,
    ItemParameters,
    calibrate,
    simulate_abilities,
    simulate_scores,
)

Floats = NDArray[np.float64]
Scores = NDArray[np.int8]
Spoil = Callable[[Scores, Floats, int], Scores]
"""What makes scores depart from the model: from scores, abilities and a seed."""


@dataclass(frozen=True, eq=False)
class Study:
    """Items, and how many persons and data sets are drawn; `model` is fitted, or their own."""

    parameters: ItemParameters
    n_persons: int
    replications: int
    model: str | None = None

    def drawn(self, spoil: Spoil | None = None) -> Iterator[tuple[Scores, Calibration]]:
        """Return data sets, each with its calibration."""
        for seed in range(self.replications):
            theta = simulate_abilities(self.n_persons, seed=2 * seed)
            scores = simulate_scores(theta, self.parameters, seed=2 * seed + 1)
            scores = scores if spoil is None else spoil(scores, theta, seed)
            model = self.parameters.model if self.model is None else self.model
            yield scores, calibrate(scores, model, standard_errors=False)


def rate(p: Floats, level: float = 0.05) -> float:
    """Return the share of probabilities that are known and below a level."""
    known = p[np.isfinite(p)]
    return float(np.mean(known < level))
