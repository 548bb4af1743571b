"""Two groups of people, and items of which some may be harder for the second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from itembank import ItemParameters, simulate_abilities, simulate_scores

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class World:
    """Scores (n_persons, n_items), the group of each person, 0 or 1, and their abilities."""

    scores: NDArray[np.int8]
    groups: NDArray[np.int64]
    theta: Floats


def items(n_items: int) -> ItemParameters:
    """Return items of the 2PL model, like those of an examination."""
    draw = np.random.default_rng(7)
    return ItemParameters("2pl", draw.uniform(0.8, 1.6, n_items), draw.uniform(-1.5, 1.5, n_items))


def world(
    n_persons: int,
    own: ItemParameters,
    *,
    seed: int,
    harder: float = 0.0,
    flatter: float = 1.0,
    impact: float = 0.0,
) -> World:
    """Return two groups of equal size; the second finds the first item harder, or flatter.

    `impact` is how much less able the second group is.
    """
    groups = np.arange(n_persons) % 2
    theta = simulate_abilities(n_persons, seed=seed) - impact * groups
    scores = simulate_scores(theta, own, seed=seed + 1)
    slope, threshold = own.slope.copy(), own.threshold.copy()
    threshold[0] += harder
    slope[0] *= flatter
    other = ItemParameters(own.model, slope, threshold, own.guessing, own.upper)
    scores[groups == 1] = simulate_scores(theta[groups == 1], other, seed=seed + 2)
    return World(scores, groups, theta)
