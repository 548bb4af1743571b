"""Persons and items that everything is measured on: simulated, the same in every run."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.measurement.sizes import Size
from itembank import ItemParameters, simulate_abilities, simulate_scores

Scores = NDArray[np.int8]
_AT_ONCE = 50_000
"""Persons who are drawn at once, so that memory is taken by what is measured."""
STEPS = np.array([-1.2, -0.4, 0.4, 1.2])
_BOOKLETS = 4


def binary_items(n_items: int, *, guessing: bool = False) -> ItemParameters:
    """Return items of the 2PL or the 3PL model, like those of an examination."""
    draw = np.random.default_rng(1)
    slope, difficulty = draw.lognormal(0.2, 0.3, n_items), draw.normal(0, 1, n_items)
    if not guessing:
        return ItemParameters("2pl", slope, difficulty)
    return ItemParameters("3pl", slope, difficulty, draw.uniform(0.1, 0.3, n_items))


def graded_items(n_items: int) -> ItemParameters:
    """Return items of the graded response model with five categories."""
    draw = np.random.default_rng(2)
    middle = draw.normal(0, 0.7, n_items)
    return ItemParameters("grm", draw.lognormal(0.3, 0.3, n_items), middle[:, np.newaxis] + STEPS)


def scores_of(size: Size, parameters: ItemParameters) -> Scores:
    """Return the scores of so many persons from N(0, 1), as small integers."""
    scores = np.empty((size.persons, size.items), dtype=np.int8)
    for start in range(0, size.persons, _AT_ONCE):
        block = scores[start : start + _AT_ONCE]
        theta = simulate_abilities(len(block), seed=10 + start)
        block[:] = simulate_scores(theta, parameters, seed=11 + start)
    return scores


def in_booklets(scores: Scores) -> Scores:
    """Return the scores as of four booklets, each without a quarter of the items."""
    left_out = scores.copy()
    quarters: list[NDArray[Any]] = np.array_split(np.arange(scores.shape[1]), _BOOKLETS)
    for booklet, quarter in enumerate(quarters):
        left_out[booklet::_BOOKLETS, quarter] = -1
    return left_out
