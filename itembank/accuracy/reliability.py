"""Reliability of a scale: which share of the variance of estimates is of the truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from itembank.ability import Ability, Method
from itembank.arguments import FloatArray, finite, number, require, sentence_fault
from itembank.curves import information
from itembank.linking.weighting import normal_weights
from itembank.parameters import ItemParameters

_REACH = 6.0
_NODES = 241
_POSTERIOR = frozenset({Method.EAP, Method.MAP})
_FEWEST = 2


def marginal_reliability(
    parameters: ItemParameters, *, mean: float = 0.0, sd: float = 1.0
) -> float:
    """Return the reliability that items have for persons from a normal distribution.

    ``sd^2 I / (sd^2 I + 1)``, I being the items' information, on average over abilities. Under the
    Rasch model the standard deviation is free: give that of the calibration's `latent`, or the
    result is that of other persons.

    Parameters
    ----------
    parameters : ItemParameters
    mean, sd : float
        Of ability, in logits; `sd` is positive.

    Raises
    ------
    ValueError
        Where the mean is not finite, or `sd` not positive and finite.

    References
    ----------
    Green, B. F., Bock, R. D., Humphreys, L. G., Linn, R. L., & Reckase, M. D. (1984). Technical
    guidelines for assessing computerized adaptive tests. Journal of Educational Measurement,
    21(4), 347-360.
    """
    centre = float(finite("mean", mean, ndim=0))
    number("sd", sd, "positive and finite", lambda given: 0 < given < np.inf)
    over = normal_weights(centre - _REACH * sd, centre + _REACH * sd, _NODES, mean=centre, sd=sd)
    signal = sd**2 * information(over.nodes, parameters).sum(axis=1)
    return float(over.weights @ (signal / (signal + 1)))


def empirical_reliability(ability: Ability, *, weights: ArrayLike | None = None) -> float:
    """Return the reliability that estimates of abilities had in a sample.

    With V the variance of the estimates and E the mean of their squared standard errors: ``V / (V +
    E)`` of EAP and MAP, which are drawn towards the prior's mean, so that their variance is that of
    the truth without what is left open; ``(V - E) / V`` of ML and WLE, whose variance holds the
    error as well. EAP and MAP must have been estimated with the distribution that the persons are
    from as their prior: under the Rasch model, with the standard deviation of the calibration.

    Parameters
    ----------
    ability : Ability
        Of two persons or more, all finite.
    weights : array_like, shape (n_persons,), optional
        How often each row occurred.

    Raises
    ------
    ValueError
        Where an argument is not as said here, and where the estimates do not vary.
    """
    theta = finite("ability.theta", ability.theta, ndim=1, shape="(n_persons,)")
    squares = finite("ability.se", ability.se, ndim=1, shape="(n_persons,)") ** 2
    own = _weights(weights, theta.size)
    mean = own @ theta / own.sum()
    variance = float(own @ (theta - mean) ** 2 / (own.sum() - 1))
    if not variance > 0:
        raise sentence_fault("ability.theta", "of persons who differ", "no variance")
    error = float(own @ squares / own.sum())
    if ability.method in _POSTERIOR:
        return variance / (variance + error)
    return (variance - error) / variance


def _weights(weights: ArrayLike | None, n_persons: int) -> FloatArray:
    own = np.ones(n_persons) if weights is None else finite("weights", weights)
    if own.shape != (n_persons,):
        raise sentence_fault("weights", f"of shape ({n_persons},)", f"shape {own.shape}")
    require(own >= 0, "weights", "0 or more", own)
    if own.sum() < _FEWEST:
        name = "ability.theta" if weights is None else "weights"
        raise sentence_fault(name, f"of {_FEWEST} persons or more", f"{own.sum():g}")
    return own
