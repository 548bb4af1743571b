"""At which abilities two curves are compared, and how much each of them counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray, finite, frozen, number, require, sentence_fault, whole

MOST_NODES = 2_001


@dataclass(frozen=True, eq=False, init=False)
class AbilityWeights:
    """Abilities, in logits, and their weights, which sum to 1; both of shape (n_nodes,).

    Parameters
    ----------
    nodes : array_like, shape (n_nodes,)
        Rising.
    weights : array_like, shape (n_nodes,), optional
        0 or more, not all 0; they are divided by their sum. All alike where not given.

    Raises
    ------
    ValueError
        Where a shape or a value is not as said here.
    """

    nodes: FloatArray
    weights: FloatArray

    def __init__(self, nodes: ArrayLike, weights: ArrayLike | None = None) -> None:
        where = finite("nodes", nodes, ndim=1, shape="(n_nodes,)")
        if not 2 <= where.size <= MOST_NODES:
            raise sentence_fault("nodes", f"from 2 to {MOST_NODES}", f"{where.size}")
        require(np.diff(where) > 0, "nodes", "rising", where[1:])
        mass = np.ones(where.size) if weights is None else finite("weights", weights)
        if mass.shape != where.shape:
            raise sentence_fault("weights", f"of shape {where.shape}", f"shape {mass.shape}")
        require(mass >= 0, "weights", "0 or more", mass)
        if not mass.any():
            raise sentence_fault("weights", "positive at one node or more", "none")
        object.__setattr__(self, "nodes", frozen(where))
        object.__setattr__(self, "weights", frozen(mass / mass.sum()))


def uniform(low: float = -4.0, high: float = 4.0, n_nodes: int = 161) -> AbilityWeights:
    """Return nodes at equal distances, all of the same weight."""
    return AbilityWeights(_spaced(low, high, n_nodes))


def normal_weights(
    low: float = -4.0, high: float = 4.0, n_nodes: int = 161, *, mean: float = 0.0, sd: float = 1.0
) -> AbilityWeights:
    """Return nodes at equal distances with the weights of a normal density."""
    number("sd", sd, "positive and finite", lambda given: 0 < given < np.inf)
    number("mean", mean, "finite", lambda given: bool(np.isfinite(given)))
    nodes = _spaced(low, high, n_nodes)
    return AbilityWeights(nodes, np.exp(-(((nodes - mean) / sd) ** 2) / 2))


def gauss_hermite(n_nodes: int = 30) -> AbilityWeights:
    """Return Gauss-Hermite quadrature for a standard normal distribution of ability."""
    return AbilityWeights(*hermegauss(whole("n_nodes", n_nodes, 2, 100)))


def _spaced(low: float, high: float, n_nodes: int) -> FloatArray:
    top = number("high", high, "finite", lambda given: bool(np.isfinite(given)))
    number("low", low, "finite, and below `high`", lambda given: -np.inf < given < top)
    return np.linspace(low, high, whole("n_nodes", n_nodes, 2, MOST_NODES))
