"""Logistic regression of one outcome or of many on a few predictors, by Newton's method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from itembank.arguments import BoolArray, FloatArray

_CLOSE = 1e-10
_MOST_STEPS = 100
_HALVINGS = 40


@dataclass(frozen=True, eq=False)
class Regression:
    """Coefficients with their covariance, and the log-likelihood; `converged` where it ended."""

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float
    converged: bool


@dataclass(frozen=True, eq=False)
class Regressions:
    """As many regressions as there are outcomes.

    `coefficients` (n_outcomes, n_coefficients), `covariance` (n_outcomes, n_coefficients,
    n_coefficients), `log_likelihood` and `converged` (n_outcomes,).
    """

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: FloatArray
    converged: BoolArray


def logistic_regression(
    design: FloatArray, outcome: BoolArray, weights: FloatArray | None = None
) -> Regression:
    """Return the coefficients of greatest likelihood, by steps that never go downhill.

    `design` is (n_persons, n_coefficients), with a column of ones for a constant; `weights` say how
    often each row occurred. Where the outcome is told apart without error there is no maximum:
    `converged` is then False.
    """
    weight = np.ones(len(design)) if weights is None else weights
    found = logistic_regressions(design, (outcome * weight)[np.newaxis], weight[np.newaxis])
    return Regression(
        found.coefficients[0],
        found.covariance[0],
        float(found.log_likelihood[0]),
        bool(found.converged[0]),
    )


def logistic_regressions(design: FloatArray, right: FloatArray, total: FloatArray) -> Regressions:
    """Return regressions of many outcomes on the same predictors, all at once.

    `design` is (n_rows, n_coefficients); of each outcome and row, `total` (n_outcomes, n_rows) says
    how often it was tried, and `right` how often with success.
    """
    own = _Likelihoods(design, right, total)
    at = np.zeros((len(right), design.shape[1]))
    reached, ended = own.value(at), np.zeros(len(right), dtype=bool)
    for _ in range(_MOST_STEPS):
        step = (_inverse(own.information(at)) @ own.score(at)[:, :, np.newaxis])[:, :, 0]
        moved, value = own.uphill(at, step, reached)
        ended = value - reached <= _CLOSE * (1 + np.abs(reached))
        at, reached = moved, value
        if ended.all():
            break
    tells = reached < -_CLOSE * np.count_nonzero(total, axis=1)
    return Regressions(at, _inverse(own.information(at)), reached, ended & tells)


def _inverse(information: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.pinv(information, hermitian=True), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Likelihoods:
    design: FloatArray
    right: FloatArray
    total: FloatArray

    def value(self, at: FloatArray) -> FloatArray:
        """Return the log-likelihoods."""
        linear = at @ self.design.T
        wrong = self.total - self.right
        each = self.right * np.logaddexp(0.0, -linear) + wrong * np.logaddexp(0.0, linear)
        return np.asarray(-each.sum(axis=1))

    def score(self, at: FloatArray) -> FloatArray:
        """Return their first derivatives."""
        return np.asarray((self.right - self.total * expit(at @ self.design.T)) @ self.design)

    def information(self, at: FloatArray) -> FloatArray:
        """Return minus their second derivatives, (n_outcomes, n_coefficients, n_coefficients)."""
        p = expit(at @ self.design.T)
        width = self.design.shape[1]
        outer = (self.design[:, :, np.newaxis] * self.design[:, np.newaxis]).reshape(-1, width**2)
        return np.asarray((self.total * p * (1 - p)) @ outer).reshape(-1, width, width)

    def uphill(
        self, at: FloatArray, step: FloatArray, reached: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return how far along their steps the likelihoods rise, and what they are there."""
        factor = np.ones(len(at))
        for _ in range(_HALVINGS):
            moved = at + factor[:, np.newaxis] * step
            value = self.value(moved)
            falls = ~(value >= reached)
            if not falls.any():
                return moved, value
            factor[falls] /= 2
        factor[falls] = 0.0
        moved = at + factor[:, np.newaxis] * step
        return moved, self.value(moved)
