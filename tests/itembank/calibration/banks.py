"""Small banks with known parameters, and scores simulated from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from itembank import ItemParameters, simulate_abilities, simulate_scores
from itembank.parameters import Model, joined

SLOPES = (0.8, 1.1, 1.4, 1.0)
PLACES = (-0.8, 0.3, 0.9, -0.2)


def bank(model: str) -> ItemParameters:
    """Four items of a model; graded ones have three categories."""
    own = Model(model)
    slope = 1.0 if own.has_unit_slope else 1.2 if own is Model.ONE_PL else np.array(SLOPES)
    threshold = np.array(PLACES)[:, np.newaxis]
    if own.is_polytomous:
        threshold = threshold + np.array([-0.6, 0.7])
    guessing = 0.18 if own.has_guessing else 0.0
    upper = 0.94 if own.has_upper else 1.0
    return ItemParameters(model, slope, threshold, guessing, upper)


def mixed() -> ItemParameters:
    """Items of several models in one bank."""
    items = {"2pl": [0], "grm": [1], "1pl": [2, 3], "gpcm": [2], "rasch": [0]}
    return joined([bank(model).take(places) for model, places in items.items()])


def scores(
    parameters: ItemParameters, n: int, *, seed: int = 5, mean: float = 0.0, sd: float = 1.0
) -> NDArray[np.int8]:
    """Scores of persons from a normal population."""
    theta = simulate_abilities(n, seed=seed, mean=mean, sd=sd)
    return simulate_scores(theta, parameters, seed=seed + 1)


def some_missing(given: NDArray[np.int8], share: float = 0.25, seed: int = 3) -> NDArray[np.int8]:
    """The same scores without some, here and there; the first item stays."""
    missing = np.random.default_rng(seed).random(given.shape) < share
    missing[:, 0] = False
    return np.where(missing, -1, given).astype(np.int8)


def by_booklet(given: NDArray[np.int8]) -> NDArray[np.int8]:
    """The same scores in two booklets that share items."""
    found = given.copy()
    half, size = len(given) // 2, given.shape[1]
    found[:half, -(size // 4) :] = -1
    found[half:, : size // 4] = -1
    return found
