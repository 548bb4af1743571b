"""The log-likelihood of persons' scores, by matrix products, and its slope in ability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.ability.scores import Block
from itembank.arguments import FloatArray, IntArray
from itembank.curves import log_probability
from itembank.parameters import ItemParameters

_IMPOSSIBLE = -1e6  # stands for the logarithm of 0, which a product with 0 would make undefined


@dataclass(frozen=True, eq=False)
class Category:
    """What a score in one category adds to the log-likelihood over a score of 0.

    `gain` has shape (n_items that have the category, n_theta); `items` are their places, None where
    all have it and no item has a higher one.
    """

    score: int
    items: IntArray | None
    gain: FloatArray


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The curves from which any person's log-likelihood at given abilities is a product.

    `floor` has shape (n_items, n_theta): the logarithm of the probability of a score of 0.
    """

    floor: FloatArray
    categories: tuple[Category, ...]

    def of(self, block: Block) -> FloatArray:
        """Return the log-likelihood of each person at each ability, (n_persons, n_theta)."""
        found = self.floor.sum(axis=0) if block.given is None else block.given @ self.floor
        for category in self.categories:
            found = _indicator(block.scores, category) @ category.gain + found
        return np.asarray(found)


def likelihood(theta: FloatArray, parameters: ItemParameters) -> Likelihood:
    """Return the log-likelihood at abilities of shape (n_theta,), ready for any persons."""
    logs = np.maximum(log_probability(theta, parameters), _IMPOSSIBLE)
    floor = np.ascontiguousarray(logs[..., 0].T)
    tops = parameters.n_categories - 1
    categories = []
    for score in range(1, int(tops.max()) + 1):
        items = np.flatnonzero(tops >= score)
        gain = np.ascontiguousarray(logs[:, items, score].T) - floor[items]
        plain = int(tops.max()) == 1
        categories.append(Category(score, None if plain else items, gain))
    return Likelihood(floor, tuple(categories))


def _indicator(scores: FloatArray, category: Category) -> FloatArray:
    if category.items is None:
        return scores
    return np.asarray(scores[:, category.items] == category.score, dtype=np.float64)
