"""How an item's expected score moves with its parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from itembank.arguments import FloatArray
from itembank.curves import category_probability
from itembank.parameters import ItemParameters, Model


@dataclass(frozen=True, eq=False)
class ScoreGradient:
    """Derivatives of each item's expected score in its parameters, shaped as these; 0 in padding.

    ``dE / db_k = -a R_k`` and ``dE / da = sum_k R_k (theta - b_k)``, where `R_k` is
    ``(d - c) s_k (1 - s_k)`` for a dichotomous or graded item, s_k being the logistic function of
    ``a (theta - b_k)``, and the covariance of the score with reaching step k for partial credit.
    """

    slope: FloatArray
    threshold: FloatArray
    guessing: FloatArray
    upper: FloatArray


def score_gradient(theta: float, parameters: ItemParameters) -> ScoreGradient:
    """Return the gradient of each item's expected score at one ability."""
    away = theta - parameters.threshold
    steps = parameters.slope[:, np.newaxis] * away
    partial = np.array([model in {Model.PCM, Model.GPCM} for model in parameters.model])
    room = (parameters.upper - parameters.guessing)[:, np.newaxis]
    curved = room * expit(steps) * expit(-steps)
    reached = np.where(partial[:, np.newaxis], _reached(theta, parameters), curved)
    known = np.isfinite(away)
    response, away = np.where(known, reached, 0.0), np.where(known, away, 0.0)
    first = np.where(parameters.is_polytomous, 0.0, expit(steps[:, 0]))
    return ScoreGradient(
        slope=(response * away).sum(axis=1),
        threshold=-parameters.slope[:, np.newaxis] * response,
        guessing=np.where(parameters.is_polytomous, 0.0, 1 - first),
        upper=first,
    )


def _reached(theta: float, parameters: ItemParameters) -> FloatArray:
    """Return the covariance of an item's score with its reaching each category above 0."""
    each = category_probability(theta, parameters)
    scores = np.arange(each.shape[-1])
    away = each * (scores - (each @ scores)[:, np.newaxis])
    return np.asarray(np.cumsum(away[:, ::-1], axis=1)[:, ::-1][:, 1:])
