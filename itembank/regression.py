"""Logistic regression of one outcome on a few predictors, by Newton's method."""

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


def logistic_regression(
    design: FloatArray, outcome: BoolArray, weights: FloatArray | None = None
) -> Regression:
    """Return the coefficients of greatest likelihood, by steps that never go downhill.

    `design` is (n_persons, n_coefficients), with a column of ones for a constant; `weights` say how
    often each row occurred. Where the outcome is told apart without error there is no maximum:
    `converged` is then False.
    """
    own = _Likelihood(design, outcome, np.ones(len(design)) if weights is None else weights)
    at = np.zeros(design.shape[1])
    reached, ended = own.value(at), False
    for _ in range(_MOST_STEPS):
        step = np.asarray(np.linalg.pinv(own.information(at)) @ own.score(at))
        moved = own.uphill(at, step, reached)
        gained = own.value(moved) - reached
        at, reached = moved, reached + gained
        if ended := gained <= _CLOSE * (1 + abs(reached)):
            break
    covariance = np.asarray(np.linalg.pinv(own.information(at)), dtype=np.float64)
    return Regression(at, covariance, reached, ended and reached < -_CLOSE * len(design))


@dataclass(frozen=True, eq=False)
class _Likelihood:
    design: FloatArray
    outcome: BoolArray
    weights: FloatArray

    def value(self, at: FloatArray) -> float:
        """Return the log-likelihood."""
        signed = np.where(self.outcome, 1.0, -1.0) * (self.design @ at)
        return -float(self.weights @ np.logaddexp(0.0, -signed))

    def score(self, at: FloatArray) -> FloatArray:
        """Return its first derivatives."""
        return np.asarray(self.design.T @ (self.weights * (self.outcome - expit(self.design @ at))))

    def information(self, at: FloatArray) -> FloatArray:
        """Return minus its second derivatives."""
        p = expit(self.design @ at)
        mass = (self.weights * p * (1 - p))[:, np.newaxis]
        return np.asarray((mass * self.design).T @ self.design)

    def uphill(self, at: FloatArray, step: FloatArray, reached: float) -> FloatArray:
        """Return how far along a step the likelihood rises."""
        for halving in range(_HALVINGS):
            moved: FloatArray = at + step / 2.0**halving
            if self.value(moved) >= reached:
                return moved
        return at
