"""The marginal log-likelihood, computed directly: one judge for every program's estimates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bench.measurement.worlds import Scores

Floats = NDArray[np.float64]
_NODES = np.linspace(-7.0, 7.0, 281)


def log_likelihood(scores: Scores, slope: Floats, threshold: Floats) -> float:
    """Return the log-likelihood of scores from N(0, 1) under graded response items.

    `threshold` is (n_items, n_categories - 1), rising; with one column it is the 2PL model.
    """
    density = np.exp(-0.5 * _NODES**2)
    total = np.tile(np.log(density / density.sum()), (len(scores), 1))
    for item, own in enumerate(scores.T):
        above = 1 / (1 + np.exp(-slope[item] * (_NODES - threshold[item][:, np.newaxis])))
        edge = np.ones((1, len(_NODES)))
        category = -np.diff(np.concatenate([edge, above, 0 * edge]), axis=0)
        total += np.log(category)[own]
    top = total.max(axis=1)
    return float(np.sum(top + np.log(np.exp(total - top[:, np.newaxis]).sum(axis=1))))
