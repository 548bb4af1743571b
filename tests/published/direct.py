"""Likelihoods of one person written out from the formulas, and their maxima by scipy alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar

STEP = 1e-5


@dataclass(frozen=True)
class DirectItem:
    """An item as plain numbers; `kind` says which formula makes its category probabilities."""

    kind: str
    slope: float
    thresholds: tuple[float, ...]
    guessing: float = 0.0
    upper: float = 1.0

    def probabilities(self, theta: float) -> list[float]:
        """Return the probability of each score."""
        if self.kind == "grm":
            above = [1.0, *(logistic(self.slope * (theta - b)) for b in self.thresholds), 0.0]
            return [above[k] - above[k + 1] for k in range(len(above) - 1)]
        if self.kind == "gpcm":
            logits = [self.slope * (theta - b) for b in self.thresholds]
            terms = [np.exp(sum(logits[:k])) for k in range(len(logits) + 1)]
            return [term / sum(terms) for term in terms]
        curve = logistic(self.slope * (theta - self.thresholds[0]))
        right = self.guessing + (self.upper - self.guessing) * curve
        return [1 - right, right]


def logistic(x: float) -> float:
    """Return ``1 / (1 + exp(-x))``."""
    return float(1 / (1 + np.exp(-x)))


def log_likelihood(theta: float, scores: Sequence[int], items: Sequence[DirectItem]) -> float:
    """Return the log of the probability of one person's scores."""
    pairs = zip(scores, items, strict=True)
    return float(sum(np.log(item.probabilities(theta)[score]) for score, item in pairs))


def information(theta: float, items: Sequence[DirectItem]) -> float:
    """``sum P'^2 / P`` over items and categories."""
    return float(sum((slope(theta, item) ** 2 / chance(theta, item)).sum() for item in items))


def bias(theta: float, items: Sequence[DirectItem]) -> float:
    """Warm's J: ``sum P' P'' / P`` over items and categories."""
    return float(
        sum((slope(theta, item) * bend(theta, item) / chance(theta, item)).sum() for item in items)
    )


def chance(theta: float, item: DirectItem) -> np.ndarray:
    """Return the category probabilities as an array."""
    return np.array(item.probabilities(theta))


def slope(theta: float, item: DirectItem) -> np.ndarray:
    """Return their first derivatives, by central differences."""
    return (chance(theta + STEP, item) - chance(theta - STEP, item)) / (2 * STEP)


def bend(theta: float, item: DirectItem, step: float = 1e-3) -> np.ndarray:
    """Return their second derivatives, by central differences."""
    middle = chance(theta, item)
    return (chance(theta + step, item) - 2 * middle + chance(theta - step, item)) / step**2


def maximum(value: Callable[[float], float]) -> float:
    """Return where a function is greatest between -8 and 8, looking first on a coarse grid."""
    coarse = np.linspace(-8.0, 8.0, 161)
    best = float(coarse[np.argmax([value(each) for each in coarse])])
    found = minimize_scalar(
        lambda at: -value(at), bounds=(best - 0.1, best + 0.1), options={"xatol": 1e-10}
    )
    return float(found.x)


def weighted_likelihood_root(scores: Sequence[int], items: Sequence[DirectItem]) -> float:
    """Return Warm's estimate: the root of ``d log L + J / (2 I)`` nearest the weighted maximum."""

    def equation(theta: float) -> float:
        ahead, behind = (log_likelihood(theta + each, scores, items) for each in (STEP, -STEP))
        return (ahead - behind) / (2 * STEP) + bias(theta, items) / (2 * information(theta, items))

    return float(brentq(equation, -6.0, 6.0, xtol=1e-10))
