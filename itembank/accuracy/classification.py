"""How often a test puts persons where they belong, and where it put them before."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from itembank.accuracy.summed import within_cuts
from itembank.accuracy.tables import Chances, ClassificationAccuracy, accuracy_of
from itembank.arguments import FloatArray, finite, require, sentence_fault
from itembank.curves import expected_score, information
from itembank.faults import fault
from itembank.linking.weighting import AbilityWeights, normal_weights
from itembank.parameters import ItemParameters

_REACH = 6.0
_NODES = 241
_WHOLE = 1e-9  # a cut of 7.000000001 is a cut of 7


class Basis(StrEnum):
    """What is cut, and what is taken to vary about the truth."""

    LEE = "lee"
    """The sum of scores, with its exact distribution at each ability (Lee, 2010)."""
    RUDNER = "rudner"
    """The estimate of ability, normal about the ability with the test's information (Rudner)."""


def classification_accuracy(
    parameters: ItemParameters,
    cuts: ArrayLike,
    *,
    method: str | Basis = Basis.LEE,
    nodes: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    theta: ArrayLike | None = None,
) -> ClassificationAccuracy:
    """Return how accurately and how consistently cuts classify persons.

    By Lee's method a person's sum of scores is at or above a cut, and truly so where the expected
    sum is. By Rudner's the estimate is at or above a cut, with the standard error that the items'
    information gives, and truly so where the ability is. Two tests alike err independently at a
    given ability.

    Parameters
    ----------
    parameters : ItemParameters
        Of the items of the test, on the metric with D = 1; for parameters of D = 1.7, slopes times
        1.7. Sums need items of non-negative scores only; any mixture of models will do.
    cuts : array_like, shape (n_cuts,), or a number
        Rising. Lee: sums, above 0 and at most the greatest; a sum reaches a cut between two whole
        numbers at the next one. Rudner: abilities, in logits.
    method : Basis or its name
        ``lee`` or ``rudner``.
    nodes, weights : array_like, shape (n_nodes,), optional
        The distribution of ability: rising nodes, in logits, and their weights, which are divided
        by their sum. Default: standard normal, 241 nodes from -6 to 6.
    theta : array_like, shape (n_persons,), optional
        In their stead, a sample of abilities, which count alike.

    Returns
    -------
    ClassificationAccuracy

    Raises
    ------
    ValueError
        Where an argument is not as said here.

    References
    ----------
    Lee, W.-C. (2010). Classification consistency and accuracy for complex assessments using item
    response theory. Journal of Educational Measurement, 47(1), 1-17.

    Rudner, L. M. (2001). Computing the expected proportions of misclassified examinees. Practical
    Assessment, Research, and Evaluation, 7(14).

    Rudner, L. M. (2005). Expected classification accuracy. Practical Assessment, Research, and
    Evaluation, 10(13).
    """
    basis = _basis(method)
    bounds = _cuts(cuts)
    where, weight = _abilities(nodes, weights, theta)
    by = _of_sums if basis is Basis.LEE else _of_estimates
    return accuracy_of(by(parameters, bounds, where, weight), bounds)


def _of_sums(
    parameters: ItemParameters, cuts: FloatArray, theta: FloatArray, weight: FloatArray
) -> Chances:
    most = int((parameters.n_categories - 1).sum())
    require((cuts > 0) & (cuts <= most), "cuts", f"above 0 and at most {most}", cuts)
    first = np.ceil(cuts - _WHOLE).astype(np.int64)
    if np.any(np.diff(first) < 1):
        raise sentence_fault("cuts", "apart by a whole point or more", f"{cuts.tolist()}")
    expected = expected_score(theta, parameters).sum(axis=1)
    truth = np.searchsorted(cuts, expected, side="right")
    return Chances(theta, weight, truth, within_cuts(theta, parameters, first))


def _of_estimates(
    parameters: ItemParameters, cuts: FloatArray, theta: FloatArray, weight: FloatArray
) -> Chances:
    precision = np.sqrt(information(theta, parameters).sum(axis=1))
    below = ndtr((cuts - theta[:, np.newaxis]) * precision[:, np.newaxis])
    edges = np.ones((theta.size, 1))
    chance = np.diff(np.hstack([0 * edges, below, edges]), axis=1)
    return Chances(theta, weight, np.searchsorted(cuts, theta, side="right"), chance)


def _basis(method: str | Basis) -> Basis:
    try:
        return Basis(str(method).strip().lower())
    except ValueError:
        raise fault("method", f"one of {', '.join(Basis)}", method) from None


def _cuts(cuts: ArrayLike) -> FloatArray:
    found = finite("cuts", cuts, shape="(n_cuts,)")
    if found.ndim > 1 or not found.size:
        raise sentence_fault("cuts", "a number or of shape (n_cuts,)", f"shape {found.shape}")
    found = np.atleast_1d(found)
    require(np.diff(found, prepend=-np.inf) > 0, "cuts", "rising", found)
    return found


def _abilities(
    nodes: ArrayLike | None, weights: ArrayLike | None, theta: ArrayLike | None
) -> tuple[FloatArray, FloatArray]:
    """Return abilities and their weights, which sum to 1."""
    if theta is not None:
        if nodes is not None or weights is not None:
            raise sentence_fault("theta", "given in the stead of `nodes` and `weights`", "both")
        sample = finite("theta", theta, ndim=1, shape="(n_persons,)")
        if not sample.size:
            raise sentence_fault("theta", "of one person or more", "none")
        return sample, np.full(sample.size, 1.0 / sample.size)
    if (nodes is None) != (weights is None):
        given = "`weights` alone" if nodes is None else "`nodes` alone"
        raise sentence_fault("nodes", "given together with `weights`", given)
    own = (
        normal_weights(-_REACH, _REACH, _NODES) if nodes is None else AbilityWeights(nodes, weights)
    )
    return own.nodes, own.weights
