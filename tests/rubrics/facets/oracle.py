"""The likelihoods written out plainly from the formula, independent of the engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def log_probability(eta: Floats, category: Ints, steps: Floats) -> Floats:
    """``log P_k``, one for each place on the scale (n_ratings, n_nodes)."""
    sums = np.concatenate([[0.0], np.cumsum(steps)])
    terms = eta[..., np.newaxis] * np.arange(sums.size) - sums
    logs = terms - np.log(np.exp(terms).sum(axis=-1, keepdims=True))
    own = np.broadcast_to(category[:, np.newaxis], eta.shape)
    return np.take_along_axis(logs, own[..., np.newaxis], axis=-1)[..., 0]


def marginal_log_likelihood(
    person: Ints, location: Floats, category: Ints, steps: Floats, sd: float
) -> float:
    """The log of the integral over a normal population, by a rule far finer than needed."""
    nodes = np.linspace(-10 * sd, 10 * sd, 401)
    density = np.exp(-((nodes / sd) ** 2) / 2)
    each = log_probability(nodes - location[:, np.newaxis], category, steps)
    total = 0.0
    for own in np.unique(person):
        total += float(np.log(np.exp(each[person == own].sum(axis=0)) @ (density / density.sum())))
    return total
