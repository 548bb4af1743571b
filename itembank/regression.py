"""Logistic regression of one outcome or of many on a few predictors, by Newton's method."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

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


def logistic_regressions(
    design: FloatArray, right: FloatArray, total: FloatArray, start: FloatArray | None = None
) -> Regressions:
    """Return regressions of many outcomes on the same predictors, all at once.

    `design` is (n_rows, n_coefficients); of each outcome and row, `total` (n_outcomes, n_rows) says
    how often it was tried, and `right` how often with success. The search starts at 0, or at
    `start` (n_outcomes, n_coefficients).
    """
    own = _Likelihoods(design, right, total)
    at = own.at(np.zeros((len(right), design.shape[1])) if start is None else start)
    ended = np.zeros(len(right), dtype=bool)
    for _ in range(_MOST_STEPS):
        step = (_inverse(own.information(at)) @ own.score(at)[:, :, np.newaxis])[:, :, 0]
        moved = own.uphill(at, step)
        ended = moved.value - at.value <= _CLOSE * (1 + np.abs(at.value))
        at = moved
        if ended.all():
            break
    tells = at.value < -_CLOSE * np.count_nonzero(total, axis=1)
    return Regressions(at.coefficients, _inverse(own.information(at)), at.value, ended & tells)


def _inverse(information: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.pinv(information, hermitian=True), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Height:
    """Log-likelihoods at some coefficients, with the probabilities of success by row."""

    coefficients: FloatArray
    value: FloatArray
    probability: FloatArray


@dataclass(frozen=True, eq=False)
class _Likelihoods:
    design: FloatArray
    right: FloatArray
    total: FloatArray

    @cached_property
    def outer(self) -> FloatArray:
        """The products of each row's predictors, (n_rows, n_coefficients squared)."""
        products = self.design[:, :, np.newaxis] * self.design[:, np.newaxis]
        return products.reshape(len(self.design), -1)

    def at(self, coefficients: FloatArray) -> _Height:
        """Return the log-likelihoods: ``sum right x - total log(1 + exp(x))``."""
        linear = coefficients @ self.design.T
        tail = np.exp(-np.abs(linear))
        each = self.right * linear - self.total * (np.maximum(linear, 0.0) + np.log1p(tail))
        p = np.where(linear >= 0, 1.0, tail) / (1.0 + tail)
        return _Height(coefficients, np.asarray(each.sum(axis=1)), p)

    def score(self, at: _Height) -> FloatArray:
        """Return their first derivatives."""
        return np.asarray((self.right - self.total * at.probability) @ self.design)

    def information(self, at: _Height) -> FloatArray:
        """Return minus their second derivatives, (n_outcomes, n_coefficients, n_coefficients)."""
        width = self.design.shape[1]
        mass = self.total * at.probability * (1 - at.probability)
        return np.asarray(mass @ self.outer).reshape(-1, width, width)

    def uphill(self, at: _Height, step: FloatArray) -> _Height:
        """Return how far along their steps the likelihoods rise."""
        factor = np.ones((len(step), 1))
        for _ in range(_HALVINGS):
            moved = self.at(at.coefficients + factor * step)
            falls = ~(moved.value >= at.value)
            if not falls.any():
                return moved
            factor[falls] /= 2
        factor[falls] = 0.0
        return self.at(at.coefficients + factor * step)
