"""How often a test puts persons where they belong, and where it put them before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from itembank.accuracy.distribution import Normal, given_abilities
from itembank.accuracy.summed import within_cuts
from itembank.accuracy.tables import Chances, ClassificationAccuracy, accuracy_of
from itembank.arguments import FloatArray, finite, require, sentence_fault
from itembank.curves import expected_score, information
from itembank.faults import chosen
from itembank.parameters import ItemParameters, require_items

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
    mean: float = 0.0,
    sd: float = 1.0,
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
        by their sum. A node at a cut counts wholly on one side of it, and so does all that it
        stands for. Default: a normal distribution, integrated from cut to cut.
    theta : array_like, shape (n_persons,), optional
        In their stead, a sample of abilities, which count alike.
    mean, sd : float
        Of the normal distribution, in logits; without effect where abilities are given.

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
    require_items(parameters)
    truth = _truth(chosen("method", Basis, method), parameters, _cuts(cuts))
    normal = Normal(mean, sd)
    given = given_abilities(nodes, weights, theta)
    where, weight = given or normal.pieces(normal.crossings(truth.value, truth.cuts))
    is_in = np.searchsorted(truth.cuts, truth.value(where), side="right")
    return accuracy_of(Chances(where, weight, is_in, truth.chance(where)), truth.cuts)


@dataclass(frozen=True, eq=False)
class _Truth:
    """What is cut at each ability (n_theta,), and the chance of each category (n_theta, n)."""

    cuts: FloatArray
    value: Callable[[FloatArray], FloatArray]
    chance: Callable[[FloatArray], FloatArray]


def _truth(basis: Basis, parameters: ItemParameters, cuts: FloatArray) -> _Truth:
    return _of_sums(parameters, cuts) if basis is Basis.LEE else _of_estimates(parameters, cuts)


def _of_sums(parameters: ItemParameters, cuts: FloatArray) -> _Truth:
    most = int((parameters.n_categories - 1).sum())
    require((cuts > 0) & (cuts <= most), "cuts", f"above 0 and at most {most}", cuts)
    first = np.ceil(cuts - _WHOLE).astype(np.int64)
    if np.any(np.diff(first) < 1):
        raise sentence_fault("cuts", "apart by a whole point or more", f"{cuts.tolist()}")
    return _Truth(
        cuts,
        lambda theta: expected_score(theta, parameters).sum(axis=1),
        lambda theta: within_cuts(theta, parameters, first),
    )


def _of_estimates(parameters: ItemParameters, cuts: FloatArray) -> _Truth:
    def chance(theta: FloatArray) -> FloatArray:
        precision = np.sqrt(information(theta, parameters).sum(axis=1))
        below = ndtr((cuts - theta[:, np.newaxis]) * precision[:, np.newaxis])
        edges = np.ones((theta.size, 1))
        return np.diff(np.hstack([0 * edges, below, edges]), axis=1)

    return _Truth(cuts, lambda theta: theta, chance)


def _cuts(cuts: ArrayLike) -> FloatArray:
    found = finite("cuts", cuts, shape="(n_cuts,)")
    if found.ndim > 1 or not found.size:
        raise sentence_fault("cuts", "a number or of shape (n_cuts,)", f"shape {found.shape}")
    found = np.atleast_1d(found)
    require(np.diff(found, prepend=-np.inf) > 0, "cuts", "rising", found)
    return found
