"""Families of items: what the engine asks of a model, in slopes and intercepts.

The engine works with ``a theta + d``, in which the likelihood is well behaved, and reports slopes
and thresholds. A family holds items of one model and one number of categories, so that each
computation is one for all of them: arrays are (n_items, ...), tables (n_items, n_categories,
n_nodes). Internal parameters of an item stand in one row: slope, intercepts, and the logits of the
asymptotes where the model has them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from scipy.special import expit, logit

from itembank.arguments import BoolArray, FloatArray
from itembank.parameters import ItemParameters, Model

_LEAST_SLOPE = 1e-9


class Family(ABC):
    """Items that share a model and a number of categories."""

    is_canonical = True
    """Whether scores enter the likelihood only through sums, so that two moments are enough."""

    def __init__(self, n_categories: int) -> None:
        self.n_categories = n_categories

    @property
    def width(self) -> int:
        """How many internal parameters an item has, free or not."""
        return self.n_categories

    @abstractmethod
    def log_probability(self, x: FloatArray, nodes: FloatArray) -> FloatArray:
        """Return the logarithm of each category's probability, (n_items, K, n_nodes)."""

    @abstractmethod
    def gradient(self, x: FloatArray, nodes: FloatArray, log_p: FloatArray) -> FloatArray:
        """Return the derivatives of `log_probability`, (n_items, width, K, n_nodes)."""

    @abstractmethod
    def curvature(self, x: FloatArray, nodes: FloatArray, counts: FloatArray) -> FloatArray:
        """Return minus the second derivatives of ``sum counts log P``, (n_items, width, width)."""

    @abstractmethod
    def start(self, shares: FloatArray, slope: FloatArray) -> FloatArray:
        """Return first values from the shares of the categories, (n_items, K), and slopes."""

    def is_allowed(self, x: FloatArray) -> BoolArray:
        """Return for each item whether its parameters make a model."""
        return np.asarray(np.all(np.isfinite(x), axis=1))

    @abstractmethod
    def threshold(self, x: FloatArray) -> FloatArray:
        """Return thresholds, (n_items, K - 1)."""

    @abstractmethod
    def intercept(self, slope: FloatArray, threshold: FloatArray) -> FloatArray:
        """Return intercepts, (n_items, K - 1)."""

    @abstractmethod
    def threshold_jacobian(self, x: FloatArray) -> FloatArray:
        """Return derivatives of the thresholds, (n_items, K - 1, K)."""

    def reported(self, x: FloatArray) -> FloatArray:
        """Return slope, thresholds and asymptotes in place of the internal parameters."""
        return np.concatenate([x[:, :1], self.threshold(x)], axis=1)

    def jacobian(self, x: FloatArray) -> FloatArray:
        """Return the derivatives of `reported`, (n_items, width, width)."""
        found = np.zeros((len(x), self.width, self.width))
        found[:, 0, 0] = 1.0
        found[:, 1 : self.n_categories, : self.n_categories] = self.threshold_jacobian(x)
        return found

    def internal(self, known: ItemParameters) -> FloatArray:
        """Return the internal parameters of items that are known."""
        threshold = known.threshold[:, : self.n_categories - 1]
        return np.concatenate(
            [known.slope[:, np.newaxis], self.intercept(known.slope, threshold)], axis=1
        )


class Logistic(Family):
    """Right or wrong, without asymptotes: ``1 / (1 + exp(-(a theta + d)))``."""

    def log_probability(self, x: FloatArray, nodes: FloatArray) -> FloatArray:
        """Return the logarithm of wrong and right; their difference is the logit."""
        right, wrong = _log_sigmoids(_linear(x, nodes))
        return np.concatenate([wrong, right], axis=1)

    def gradient(self, x: FloatArray, nodes: FloatArray, log_p: FloatArray) -> FloatArray:
        """Return ``(u - P) (theta, 1)``."""
        each = np.exp(log_p)
        away = np.stack([-each[:, 1], each[:, 0]], axis=1)
        return np.stack([away * nodes, away], axis=1)

    def curvature(self, x: FloatArray, nodes: FloatArray, counts: FloatArray) -> FloatArray:
        """Return ``sum n P (1 - P) (theta, 1)(theta, 1)'``."""
        linear = _linear(x, nodes)[:, 0]
        return _moments(counts.sum(axis=1) * expit(linear) * expit(-linear), nodes)

    def start(self, shares: FloatArray, slope: FloatArray) -> FloatArray:
        """Return the logit of the share of right answers, widened for the spread of ability."""
        return np.stack([slope, logit(shares[:, 1]) * _widening(slope)], axis=1)

    def threshold(self, x: FloatArray) -> FloatArray:
        """Return ``-d / a``."""
        return -x[:, 1:2] / _steep(x[:, :1])

    def intercept(self, slope: FloatArray, threshold: FloatArray) -> FloatArray:
        """Return ``-a b``."""
        return -slope[:, np.newaxis] * threshold

    def threshold_jacobian(self, x: FloatArray) -> FloatArray:
        """Return ``(d / a^2, -1 / a)``."""
        slope = _steep(x[:, 0])
        return np.stack([x[:, 1] / slope**2, -1 / slope], axis=1)[:, np.newaxis]


class Asymptotic(Logistic):
    """Right or wrong with a lower and an upper asymptote, held as logits."""

    is_canonical = False

    @property
    def width(self) -> int:
        """Slope, intercept, and the logits of guessing and upper."""
        return 4

    def log_probability(self, x: FloatArray, nodes: FloatArray) -> FloatArray:
        """Return ``log(c + (d - c) s)`` and ``log(1 - d + (d - c)(1 - s))``."""
        linear, low, high = _curve(x, nodes)
        rise, fall = _log_sigmoids(linear)
        room = np.log(high - low)
        with np.errstate(divide="ignore"):
            wrong = _log_sum(np.log1p(-high), room + fall)
            right = _log_sum(np.log(low), room + rise)
        return np.stack([wrong, right], axis=1)

    def gradient(self, x: FloatArray, nodes: FloatArray, log_p: FloatArray) -> FloatArray:
        """Return ``dP / P`` for right, ``-dP / Q`` for wrong."""
        line, low, high = np.moveaxis(_shares(x, nodes, log_p), 1, 0)
        return np.stack([line * nodes, line, low, high], axis=1)

    def curvature(self, x: FloatArray, nodes: FloatArray, counts: FloatArray) -> FloatArray:
        """Return ``sum (r / P^2 + w / Q^2) dP dP' - (r / P - w / Q) d2P``."""
        log_p = self.log_probability(x, nodes)
        shares = (_shares(x, nodes, log_p) * counts[:, np.newaxis]).sum(axis=2)
        outer = outer_sums(self.gradient(x, nodes, log_p), counts)
        return np.asarray(outer - _second(x, nodes, shares))

    def start(self, shares: FloatArray, slope: FloatArray) -> FloatArray:
        """Return the values of a curve between 0.15 and 0.98."""
        low, high = np.full(len(slope), 0.15), np.full(len(slope), 0.98)
        within = np.clip((shares[:, 1] - low) / (high - low), 0.05, 0.95)
        each = (slope, logit(within) * _widening(slope), logit(low), logit(high))
        return np.stack(each, axis=1)

    def is_allowed(self, x: FloatArray) -> BoolArray:
        """Return whether the asymptotes leave room between them."""
        room = expit(x[:, 3]) - expit(x[:, 2]) > 0.05
        return np.asarray(np.all(np.isfinite(x[:, :2]), axis=1) & room)

    def reported(self, x: FloatArray) -> FloatArray:
        """Return slope, threshold, guessing and upper."""
        return np.concatenate([x[:, :1], self.threshold(x), expit(x[:, 2:])], axis=1)

    def jacobian(self, x: FloatArray) -> FloatArray:
        """Return the derivatives of `reported`."""
        found = super().jacobian(x)
        for place in (2, 3):
            found[:, place, place] = expit(x[:, place]) * expit(-x[:, place])
        return found

    def internal(self, known: ItemParameters) -> FloatArray:
        """Return the internal parameters of items that are known."""
        with np.errstate(divide="ignore"):
            asymptotes = logit(np.stack([known.guessing, known.upper], axis=1))
        return np.concatenate([super().internal(known), asymptotes], axis=1)


class Graded(Family):
    """Graded response: ``P_k = s_k - s_(k + 1)``, ``s_k = 1 / (1 + exp(-(a theta + d_k)))``."""

    is_canonical = False

    def log_probability(self, x: FloatArray, nodes: FloatArray) -> FloatArray:
        """Return ``log s_k + log(1 - s_(k + 1)) + log(1 - exp(d_(k + 1) - d_k))``."""
        rise, fall = _log_sigmoids(_linear(x, nodes))
        found = np.zeros((len(x), self.n_categories, nodes.size))
        found[:, 1:] = rise
        found[:, :-1] += fall
        found[:, 1:-1] += np.log(-np.expm1(np.diff(x[:, 1:], axis=1)))[:, :, np.newaxis]
        return found

    def gradient(self, x: FloatArray, nodes: FloatArray, log_p: FloatArray) -> FloatArray:
        """Return ``dP_k / P_k``: each boundary lifts the category above, lowers that below."""
        lifts, lowers = _boundary_shares(x, nodes, log_p)
        found = np.zeros((len(x), self.width, self.n_categories, nodes.size))
        for k in range(1, self.n_categories):
            found[:, k, k] = lifts[:, k - 1]
            found[:, k, k - 1] = -lowers[:, k - 1]
        found[:, 0] = found[:, 1:].sum(axis=1) * nodes
        return found

    def curvature(self, x: FloatArray, nodes: FloatArray, counts: FloatArray) -> FloatArray:
        """Return ``sum r_k (S S' - d2P_k / P_k)``."""
        log_p = self.log_probability(x, nodes)
        lifts, lowers = _boundary_shares(x, nodes, log_p)
        bend = np.tanh(-_linear(x, nodes) / 2) * (counts[:, 1:] * lifts - counts[:, :-1] * lowers)
        found = outer_sums(self.gradient(x, nodes, log_p), counts)
        steps = np.arange(1, self.n_categories)
        found[:, 0, 0] -= (bend @ nodes**2).sum(axis=1)
        found[:, 0, 1:] -= bend @ nodes
        found[:, 1:, 0] -= bend @ nodes
        found[:, steps, steps] -= bend.sum(axis=2)
        return found

    def start(self, shares: FloatArray, slope: FloatArray) -> FloatArray:
        """Return the logits of scoring each category or higher."""
        above = np.cumsum(shares[:, ::-1], axis=1)[:, -2::-1]
        widened = logit(above) * _widening(slope)[:, np.newaxis]
        return np.concatenate([slope[:, np.newaxis], widened], axis=1)

    def is_allowed(self, x: FloatArray) -> BoolArray:
        """Return whether the intercepts fall."""
        falls = np.all(np.diff(x[:, 1:], axis=1) < -1e-8, axis=1)
        return np.asarray(super().is_allowed(x) & falls)

    def threshold(self, x: FloatArray) -> FloatArray:
        """Return ``-d_k / a``."""
        return -x[:, 1:] / _steep(x[:, :1])

    def intercept(self, slope: FloatArray, threshold: FloatArray) -> FloatArray:
        """Return ``-a b_k``."""
        return -slope[:, np.newaxis] * threshold

    def threshold_jacobian(self, x: FloatArray) -> FloatArray:
        """Return ``d_k / a^2`` for the slope, ``-1 / a`` for its own intercept."""
        slope = _steep(x[:, :1])
        own = np.eye(self.n_categories - 1) * (-1 / slope)[:, :, np.newaxis]
        return np.concatenate([(x[:, 1:] / slope**2)[:, :, np.newaxis], own], axis=2)


class PartialCredit(Family):
    """Generalised partial credit: ``log P_k`` is ``k a theta + d_k`` less the same for all k."""

    def log_probability(self, x: FloatArray, nodes: FloatArray) -> FloatArray:
        """Return ``k a theta + d_k`` less the logarithm of the sum of their exponentials."""
        scores = np.arange(self.n_categories)[:, np.newaxis]
        linear = x[:, :1, np.newaxis] * (scores * nodes)
        linear[:, 1:] += x[:, 1:, np.newaxis]
        linear -= linear.max(axis=1, keepdims=True)
        return np.asarray(linear - np.log(np.exp(linear).sum(axis=1, keepdims=True)))

    def gradient(self, x: FloatArray, nodes: FloatArray, log_p: FloatArray) -> FloatArray:
        """Return ``(k - E) theta`` and ``1(k) - P_k``."""
        each = np.exp(log_p)
        scores = np.arange(self.n_categories)
        found = np.empty((len(x), self.width, self.n_categories, nodes.size))
        found[:, 1:] = np.eye(self.n_categories)[1:, :, np.newaxis] - each[:, 1:, np.newaxis]
        expected = np.einsum("k,jkq->jq", scores, each)
        found[:, 0] = (scores[:, np.newaxis] - expected[:, np.newaxis]) * nodes
        return found

    def curvature(self, x: FloatArray, nodes: FloatArray, counts: FloatArray) -> FloatArray:
        """Return the expected information at the counts: here it is the observed one."""
        log_p = self.log_probability(x, nodes)
        expected = counts.sum(axis=1, keepdims=True) * np.exp(log_p)
        return outer_sums(self.gradient(x, nodes, log_p), expected)

    def start(self, shares: FloatArray, slope: FloatArray) -> FloatArray:
        """Return the logarithm of each category's share to that of the first."""
        each = np.log(shares)
        return np.concatenate([slope[:, np.newaxis], each[:, 1:] - each[:, :1]], axis=1)

    def threshold(self, x: FloatArray) -> FloatArray:
        """Return ``-(d_k - d_(k - 1)) / a``."""
        return -np.diff(x[:, 1:], axis=1, prepend=0.0) / _steep(x[:, :1])

    def intercept(self, slope: FloatArray, threshold: FloatArray) -> FloatArray:
        """Return ``-a sum_(j <= k) b_j``."""
        return -slope[:, np.newaxis] * np.cumsum(threshold, axis=1)

    def threshold_jacobian(self, x: FloatArray) -> FloatArray:
        """Return ``-b_k / a`` for the slope, and the step's two intercepts."""
        slope = _steep(x[:, :1])
        n_steps = self.n_categories - 1
        step = np.eye(n_steps) - np.eye(n_steps, k=-1)
        by_slope = (-self.threshold(x) / slope)[:, :, np.newaxis]
        return np.concatenate([by_slope, step * (-1 / slope)[:, :, np.newaxis]], axis=2)


def family_of(model: Model, n_categories: int) -> Family:
    """Return the family of a model with so many categories."""
    return _FAMILY[model](n_categories)


def outer_sums(gradient: FloatArray, weight: FloatArray) -> FloatArray:
    """Return ``sum weight S S'`` over categories and nodes, (n_items, width, width)."""
    n_items, width = gradient.shape[:2]
    weighted = (gradient * weight[:, np.newaxis]).reshape(n_items, width, -1)
    return np.asarray(weighted @ gradient.reshape(n_items, width, -1).transpose(0, 2, 1))


def _linear(x: FloatArray, nodes: FloatArray) -> FloatArray:
    """``a theta + d_k``, (n_items, n_intercepts, n_nodes)."""
    return np.asarray((x[:, :1] * nodes)[:, np.newaxis] + x[:, 1:, np.newaxis])


def _boundary_shares(
    x: FloatArray, nodes: FloatArray, log_p: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """``s_k (1 - s_k)`` in the probability of the category above each boundary, and of that below.

    From logarithms, so that what is tiny in both is not lost: (n_items, K - 1, n_nodes).
    """
    rise, fall = _log_sigmoids(_linear(x, nodes))
    log = rise + fall
    return np.exp(log - log_p[:, 1:]), np.exp(log - log_p[:, :-1])


def _curve(x: FloatArray, nodes: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    return _linear(x[:, :2], nodes)[:, 0], expit(x[:, 2:3]), expit(x[:, 3:4])


def _log_sigmoids(linear: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The logarithms of ``1 / (1 + exp(-x))`` and ``1 / (1 + exp(x))``; exact in both tails."""
    tail = np.log1p(np.exp(-np.abs(linear)))
    return np.minimum(linear, 0.0) - tail, np.minimum(-linear, 0.0) - tail


def _log_sum(one: FloatArray, other: FloatArray) -> FloatArray:
    """``log(exp(one) + exp(other))``, where `other` is finite."""
    top = np.maximum(one, other)
    return np.asarray(top + np.log1p(np.exp(np.minimum(one, other) - top)))


def _shares(x: FloatArray, nodes: FloatArray, log_p: FloatArray) -> FloatArray:
    """Derivatives in the line and the asymptotes, in the probability of wrong (minus) and right.

    From logarithms, so that what is tiny in both is not lost: (n_items, 3, 2, n_nodes).
    """
    linear, low, high = _curve(x, nodes)
    rise, fall = _log_sigmoids(linear)
    found = np.zeros((len(x), 3, 2, nodes.size))
    heights = (high - low, low * (1 - low), high * (1 - high))
    for place, (height, log) in enumerate(zip(heights, (rise + fall, fall, rise), strict=True)):
        if np.any(height):
            found[:, place] = height[:, np.newaxis] * np.exp(log[:, np.newaxis] - log_p)
    found[:, :, 0] *= -1
    return found


def _second(x: FloatArray, nodes: FloatArray, shares: FloatArray) -> FloatArray:
    """Second derivatives, from the sums of counts times `_shares`, (n_items, 4, 4)."""
    linear, low, high = _curve(x, nodes)
    s, not_s = expit(linear), expit(-linear)
    found = np.zeros((len(x), 4, 4))
    found[:, :2, :2] = _moments(shares[:, 0] * (not_s - s), nodes)
    line = np.stack([nodes, np.ones_like(nodes)], axis=1)
    for place, height, side in ((2, low, -s), (3, high, not_s)):
        own = shares[:, place - 1]
        found[:, place, :2] = found[:, :2, place] = (own * side) @ line
        found[:, place, place] = (own * (1 - 2 * height)).sum(axis=1)
    return found


def _moments(weight: FloatArray, nodes: FloatArray) -> FloatArray:
    """``sum weight (theta, 1)(theta, 1)'``, (n_items, 2, 2)."""
    each = weight @ np.stack([nodes**2, nodes, np.ones_like(nodes)], axis=1)
    return np.asarray(each[:, [0, 1, 1, 2]].reshape(-1, 2, 2))


def _widening(slope: FloatArray) -> FloatArray:
    """How much steeper a curve is at a person than over a standard normal population."""
    return np.sqrt(1 + slope**2 / 2.89)


def _steep(slope: FloatArray) -> FloatArray:
    """A slope that can be divided by."""
    least = np.copysign(_LEAST_SLOPE, slope)
    return np.where(np.abs(slope) < _LEAST_SLOPE, least, slope)


_FAMILY: dict[Model, type[Family]] = {
    Model.RASCH: Logistic,
    Model.ONE_PL: Logistic,
    Model.TWO_PL: Logistic,
    Model.THREE_PL: Asymptotic,
    Model.FOUR_PL: Asymptotic,
    Model.GRM: Graded,
    Model.PCM: PartialCredit,
    Model.GPCM: PartialCredit,
}
