"""Ability from scores, by any method."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from itembank.ability.estimates import STANDARD, Ability, Evidence, Method, Prior
from itembank.ability.posterior import moments
from itembank.ability.scores import ScoreMatrix, score_matrix
from itembank.ability.search import peaks
from itembank.arguments import FloatArray
from itembank.faults import chosen
from itembank.parameters import ItemParameters


def estimate_ability(
    scores: ArrayLike,
    parameters: ItemParameters,
    method: str | Method = Method.EAP,
    *,
    prior: Prior = STANDARD,
) -> Ability:
    """Return the ability of one person, or of each of many, with its standard error.

    - EAP: the posterior's mean and standard deviation, under the normal `prior`.
    - MAP: the posterior's mode; its standard error is ``1 / sqrt(J)``, J being minus the second
      derivative of the log posterior there.
    - ML: the ability with the greatest likelihood; ``1 / sqrt(I)``, I being the Fisher information
      of the items answered, at the estimate. Where the likelihood has no maximum but grows towards
      an end (all right, all wrong, and some patterns under a model with guessing) the estimate is
      plus or minus infinity, and its standard error infinite.
    - WLE: the root of ``d log L / d theta + J / (2 I)``, with ``J = sum_jk P'_jk P''_jk / P_jk``
      over items j and categories k. Always finite. Its standard error is ``1 / sqrt(I)``, taken at
      the estimate: the asymptotic one, that Warm gives for both WLE and ML.

    Parameters
    ----------
    scores : array_like, shape (n_persons, n_items) or (n_items,)
        Scores from 0, below each item's number of categories. Not administered: NaN, or -1 in an
        array of integers.
    parameters : ItemParameters
        Of the same items, in the same order.
    method : {"eap", "map", "ml", "wle"}
    prior : Prior
        Used by EAP and MAP. A person without any answer gets the prior itself.

    Returns
    -------
    Ability
        `theta` and `se` in logits, shape (n_persons,), or without a dimension for one person.

    Raises
    ------
    ValueError
        Where the scores' shape is not that of the items or a score is none that its item can have;
        for ML and WLE, where a person has no answer to an item whose slope is not 0.

    References
    ----------
    Bock, R. D., & Mislevy, R. J. (1982). Adaptive EAP estimation of ability in a microcomputer
    environment. Applied Psychological Measurement, 6(4), 431-444.
    Warm, T. A. (1989). Weighted likelihood estimation of ability in item response theory.
    Psychometrika, 54(3), 427-450.
    """
    how = chosen("method", Method, method)
    matrix = score_matrix(scores, parameters)
    if how is Method.EAP:
        spread = moments(matrix, parameters, prior)
        theta, se = spread.mean, spread.sd
    else:
        found = peaks(matrix, parameters, prior, how)
        theta, se = found.theta, found.se
    evidence = Evidence(matrix.values, parameters, prior)
    return Ability(_shaped(theta, matrix), _shaped(se, matrix), how, evidence)


def _shaped(each: FloatArray, matrix: ScoreMatrix) -> FloatArray:
    return np.asarray(each[0] if matrix.is_one_person else each)
