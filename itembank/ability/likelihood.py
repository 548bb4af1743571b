"""The log-likelihood of persons' scores on a grid of abilities, by matrix products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.ability.scores import Block
from itembank.arguments import FloatArray, IntArray
from itembank.curves import log_probability
from itembank.parameters import ItemParameters

_IMPOSSIBLE = -1e6  # stands for the logarithm of 0, which a product with 0 would make undefined


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The curves from which any person's log-likelihood at given abilities is a product.

    `floor`, shape (n_items, n_theta), is the logarithm of the probability of a score of 0. `gain`,
    shape (n_indicators, n_theta), is what a higher score adds to that; `score` and `item` say which
    score of which item each indicator stands for, and are None where the scores themselves, of
    dichotomous items, are the indicators.
    """

    floor: FloatArray
    gain: FloatArray
    score: IntArray | None
    item: IntArray | None

    @property
    def least(self) -> FloatArray:
        """No person's log-likelihood is lower than this, shape (n_theta,)."""
        return np.asarray(self.floor.sum(axis=0) + np.minimum(self.gain, 0.0).sum(axis=0))

    @property
    def n_theta(self) -> int:
        """How many abilities there are."""
        return int(self.floor.shape[1])

    def of(self, block: Block, out: FloatArray | None = None) -> FloatArray:
        """Return the log-likelihood of each person at each ability, (n_persons, n_theta)."""
        found = np.matmul(self._indicators(block), self.gain, out=out)
        found += self.floor.sum(axis=0) if block.given is None else block.given @ self.floor
        return found

    def _indicators(self, block: Block) -> FloatArray:
        if self.item is None:
            return block.scores
        return np.asarray(block.scores[:, self.item] == self.score, dtype=np.float64)


def likelihood(theta: FloatArray, parameters: ItemParameters) -> Likelihood:
    """Return the log-likelihood at abilities of shape (n_theta,), ready for any persons."""
    logs = np.maximum(log_probability(theta, parameters), _IMPOSSIBLE)
    tops = parameters.n_categories - 1
    floor = np.ascontiguousarray(logs[..., 0].T)
    if tops.max() == 1:
        return Likelihood(floor, np.ascontiguousarray(logs[..., 1].T) - floor, None, None)
    below, item = np.nonzero(np.arange(int(tops.max()))[:, np.newaxis] < tops)
    score = below + 1
    gain = np.ascontiguousarray(logs[:, item, score].T) - floor[item]
    return Likelihood(floor, gain, score, item)
