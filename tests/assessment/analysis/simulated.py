"""Responses made up from known parameters, as a bank would have recorded them."""

from __future__ import annotations

import numpy as np

import itembank
from assessment.analysis.responses import AskedItem, RecordedScores

DIFFICULTIES = np.linspace(-1.0, 1.0, 12)
SLOPES = np.tile([0.8, 1.1, 1.4], 4)


def truth() -> itembank.ItemParameters:
    """Return twelve items of middling difficulty."""
    return itembank.ItemParameters("2pl", SLOPES, DIFFICULTIES)


def simulated(sittings: dict[str, tuple[int, float]], *, seed: int = 5) -> RecordedScores:
    """Return sittings of each test: how many, and the mean ability of those who sat it."""
    theta = np.concatenate(
        [
            itembank.simulate_abilities(count, seed=seed + place, mean=mean)
            for place, (count, mean) in enumerate(sittings.values())
        ]
    )
    asked = tuple(
        AskedItem(f"item-{place:02d}", "a", f"version-{place}") for place in range(len(SLOPES))
    )
    tests = tuple(test for test, (count, _mean) in sittings.items() for _ in range(count))
    scores = itembank.simulate_scores(theta, truth(), seed=seed)
    return RecordedScores(scores.astype(np.int8), asked, tests)
