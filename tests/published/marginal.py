"""Marginal likelihoods written out plainly from the formulas, independent of the engine.

What they say of standard errors is the curvature of the likelihood itself, by finite differences.
Ability is normal(0, 1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from itembank import Calibration
from itembank.calibration import Parameter
from tests.published.responses import Table

Floats = NDArray[np.float64]
STEP = 1e-4
FLOOR = 1e-300
"""Of a probability whose logarithm is taken, at nodes so far out that they weigh nothing."""


@dataclass(frozen=True, eq=False)
class Nodes:
    """Abilities at which the likelihood is taken, with weights that sum to 1."""

    points: Floats
    weights: Floats


def uniform(size: int = 801, reach: float = 10.0) -> Nodes:
    """Return evenly spaced nodes with normal weights: exact to many digits when there are many."""
    points = np.linspace(-reach, reach, size)
    density = np.exp(-(points**2) / 2)
    return Nodes(points, density / density.sum())


def gauss_hermite(size: int) -> Nodes:
    """Return Gauss-Hermite nodes for the normal distribution: coarse, where items are steep."""
    points, weights = np.polynomial.hermite_e.hermegauss(size)
    return Nodes(points, weights / weights.sum())


MANY = uniform()


def dichotomous(slope: Floats, intercept: Floats, nodes: Nodes) -> Floats:
    """``P = 1 / (1 + exp(-(a theta + d)))``, (n_nodes, n_items, 2), with ``d = -a b``."""
    right = 1 / (1 + np.exp(-(slope * nodes.points[:, np.newaxis] + intercept)))
    return np.stack([1 - right, right], axis=-1)


def graded(slope: Floats, threshold: Floats, nodes: Nodes) -> Floats:
    """``P_k = P*_k - P*_{k+1}``, (n_nodes, n_items, n_categories)."""
    above = 1 / (1 + np.exp(-_logits(slope, threshold, nodes)))
    return -np.diff(above, axis=-1, prepend=1.0, append=0.0)


def partial_credit(slope: Floats, threshold: Floats, nodes: Nodes) -> Floats:
    """``P_k`` proportional to ``exp(sum_{j <= k} a (theta - b_j))``, shape as of `graded`."""
    logits = _logits(slope, threshold, nodes)
    first = np.zeros((*logits.shape[:2], 1))
    terms = np.exp(np.concatenate([first, np.cumsum(logits, axis=-1)], axis=-1))
    return np.asarray(terms / terms.sum(axis=-1, keepdims=True))


def _logits(slope: Floats, threshold: Floats, nodes: Nodes) -> Floats:
    away = nodes.points[:, np.newaxis, np.newaxis] - threshold
    return np.asarray(slope[:, np.newaxis] * away)


def log_likelihood(categories: Floats, table: Table, nodes: Nodes) -> float:
    """Return the log of the probability of all answers, from that of each score at each node."""
    logs = np.log(np.maximum(categories, FLOOR))
    each = sum(logs[:, item, own] for item, own in enumerate(table.scores.T))
    return float(table.weights @ np.log(nodes.weights @ np.exp(each)))


def two_parameter_log_likelihood(slope: Floats, intercept: Floats, table: Table) -> float:
    """Return the log-likelihood of the two-parameter model on many nodes."""
    return log_likelihood(dichotomous(slope, intercept, MANY), table, MANY)


def intercept_covariance(slope: Floats, intercept: Floats, table: Table) -> Floats:
    """Return the inverse of minus the curvature, in slopes and then intercepts."""
    n = len(slope)

    def value(at: Floats) -> float:
        return two_parameter_log_likelihood(at[:n], at[n:], table)

    return np.asarray(np.linalg.inv(-curvature(value, np.concatenate([slope, intercept]))))


def threshold_errors(slope: Floats, difficulty: Floats, covariance: Floats) -> Floats:
    """Return the standard errors of ``b = -d / a`` by the delta method."""
    jacobian = np.hstack([np.diag(-difficulty / slope), np.diag(-1 / slope)])
    return np.asarray(np.sqrt(np.diag(jacobian @ covariance @ jacobian.T)))


def intercept_errors(found: Calibration) -> Floats:
    """Return the standard errors of ``d = -a b`` that follow from a calibration's covariance."""
    assert found.covariance is not None
    place = {(each.parameter, each.item): row for row, each in enumerate(found.places)}
    errors = []
    for item in range(found.parameters.n_items):
        rows = [place[Parameter.SLOPE, item], place[Parameter.THRESHOLD, item]]
        slope, difficulty = found.parameters.slope[item], found.parameters.threshold[item, 0]
        gradient = np.array([-difficulty, -slope])
        errors.append(np.sqrt(gradient @ found.covariance[np.ix_(rows, rows)] @ gradient))
    return np.array(errors)


def curvature(value: Callable[[Floats], float], at: Floats) -> Floats:
    """Return the matrix of second derivatives, by central differences."""
    steps = np.eye(len(at)) * STEP
    rows = [[_mixed(value, at, one, other) for other in steps] for one in steps]
    return np.array(rows) / (4 * STEP**2)


def _mixed(value: Callable[[Floats], float], at: Floats, one: Floats, other: Floats) -> float:
    return (
        value(at + one + other)
        - value(at + one - other)
        - value(at - one + other)
        + value(at - one - other)
    )
