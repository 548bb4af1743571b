"""Response curves: probability, information and derivatives, over persons and items at once.

Everything here is a function of ability on the logistic metric (D = 1). No difference of two nearly
equal probabilities is ever taken, so that probabilities, information and derivatives keep their
relative accuracy in both tails, and logarithms stay exact where a probability itself underflows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray, finite, sentence_fault
from itembank.parameters import Family, ItemParameters, require_items


@dataclass(frozen=True, eq=False)
class Derivatives:
    """Category probabilities and their derivatives in theta, each (n_theta, n_items, n_categories).

    `probability` is 0 in categories that an item does not have, and so are the derivatives.
    """

    probability: FloatArray
    first: FloatArray
    second: FloatArray


def probability(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Return the probability of each score at each ability.

    Where every item is dichotomous: of a right answer, ``c + (d - c) / (1 + exp(-a (theta - b)))``.
    Where some item is polytomous: of every score 0, 1, ..., with 0 in categories that an item does
    not have.

    Parameters
    ----------
    theta : array_like, shape (n_theta,) or a number
        Ability, in logits; finite.
    parameters : ItemParameters

    Returns
    -------
    ndarray, shape (n_theta, n_items), or (n_theta, n_items, n_categories) with polytomous items
        The first axis is left out where `theta` is a number.

    Raises
    ------
    ValueError
        Where `theta` is not finite or has more than one dimension.

    References
    ----------
    Embretson, S. E., & Reise, S. P. (2000). Item response theory for psychologists. Erlbaum.
    """
    if parameters.is_polytomous.any():
        return category_probability(theta, parameters)
    return expected_score(theta, parameters)


def category_probability(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Return the probability of every score, shape (n_theta, n_items, n_categories).

    Arguments, errors and source as in `probability`; the last axis is always there.
    """
    return _over_parts(theta, parameters, _PROBABILITIES, 0.0)


def expected_score(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Return the expected score of each item at each ability, shape (n_theta, n_items).

    ``sum_k k P_k(theta)``: for a dichotomous item, the probability of a right answer. Arguments,
    errors and source as in `probability`.
    """
    return _over_parts(theta, parameters, _EXPECTED_SCORES, 0.0)


def log_probability(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Return the logarithm of the probability of every score, (n_theta, n_items, n_categories).

    Minus infinity in categories that an item does not have. Exact in both tails. Arguments, errors
    and source as in `probability`.
    """
    return _over_parts(theta, parameters, _LOGARITHMS, -np.inf)


def information(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Return the Fisher information of each item at each ability.

    ``sum_k P_k'(theta)^2 / P_k(theta)``, in 1 / logits squared; never negative. Of a dichotomous
    item it is ``P'^2 / (P Q)``. A test's information is the sum over its items.

    Parameters
    ----------
    theta : array_like, shape (n_theta,) or a number
        Ability, in logits; finite.
    parameters : ItemParameters

    Returns
    -------
    ndarray, shape (n_theta, n_items)
        The first axis is left out where `theta` is a number.

    Raises
    ------
    ValueError
        Where `theta` is not finite or has more than one dimension.

    References
    ----------
    Samejima, F. (1969). Estimation of latent ability using a response pattern of graded scores.
    Psychometrika Monograph Supplement, 34(4, Pt. 2).
    """
    return _over_parts(theta, parameters, _INFORMATIONS, 0.0)


def derivatives(theta: ArrayLike, parameters: ItemParameters) -> Derivatives:
    """Return category probabilities with their first and second derivatives in theta.

    Each family's function gives its formula. Arguments, errors and source as in `probability`.
    """
    points = _abilities(theta)
    parts = [
        _DERIVATIVES[part.family](points.ravel(), part.parameters) for part in parameters.parts
    ]
    found = (_assembled(values, points, parameters, 0.0) for values in zip(*parts, strict=True))
    return Derivatives(*found)


def _abilities(theta: ArrayLike) -> FloatArray:
    points = finite("theta", theta)
    if points.ndim > 1:
        raise sentence_fault("theta", "a number or of shape (n_theta,)", f"shape {points.shape}")
    return points


Curve = Callable[[FloatArray, ItemParameters], FloatArray]
"""A function of abilities and items of one family; categories, if any, are its first axis."""


def _over_parts(
    theta: ArrayLike, parameters: ItemParameters, curve: Mapping[Family, Curve], fill: float
) -> FloatArray:
    """Return a curve of every item, with `fill` in categories that an item does not have."""
    points = _abilities(theta)
    require_items(parameters)
    parts = parameters.parts
    values = [curve[part.family](points.ravel(), part.parameters) for part in parts]
    return _assembled(values, points, parameters, fill)


def _assembled(
    values: Sequence[FloatArray], points: FloatArray, parameters: ItemParameters, fill: float
) -> FloatArray:
    """Return the parts' values as one array, categories last, without the axis of one ability."""
    found = values[0]
    if len(values) > 1:
        categories = max(value.shape[:-2] for value in values)
        found = np.full((*categories, points.size, parameters.n_items), fill)
        for part, value in zip(parameters.parts, values, strict=True):
            own = found[tuple(map(slice, value.shape[:-2]))]
            own[..., part.places] = value
    if found.ndim == 3:
        found = np.ascontiguousarray(found.transpose(1, 2, 0))
    return np.asarray(found[0]) if points.ndim == 0 else found


class _Logistic(NamedTuple):
    """``s = 1 / (1 + exp(-x))`` and ``1 - s``, each exact to its last digits."""

    s: FloatArray
    not_s: FloatArray


def _logistic(x: FloatArray) -> _Logistic:
    with np.errstate(over="ignore"):  # 1 / (1 + inf) is the 0 that is meant
        return _Logistic(1.0 / (1.0 + np.exp(-x)), 1.0 / (1.0 + np.exp(x)))


def _log_logistic(x: FloatArray) -> _Logistic:
    """Return the logarithms of both, from ``log s = min(x, 0) - log(1 + exp(-|x|))``."""
    tail = np.log1p(np.exp(-np.abs(x)))
    return _Logistic(np.minimum(x, 0.0) - tail, np.minimum(-x, 0.0) - tail)


class _RightOrWrong(NamedTuple):
    """Probabilities of a right and a wrong answer, with the curve between the asymptotes."""

    right: FloatArray
    wrong: FloatArray
    curve: _Logistic
    room: FloatArray


def _right_or_wrong(theta: FloatArray, own: ItemParameters) -> _RightOrWrong:
    """``P = c + (d - c) s`` and ``Q = (1 - d) + (d - c) (1 - s)``: sums, never differences."""
    curve = _logistic(_logit(theta, own))
    room = own.upper - own.guessing
    return _RightOrWrong(
        own.guessing + room * curve.s, (1.0 - own.upper) + room * curve.not_s, curve, room
    )


def _logit(theta: FloatArray, own: ItemParameters) -> FloatArray:
    return np.asarray(own.slope * (theta[:, np.newaxis] - own.threshold[:, 0]))


def _dichotomous(theta: FloatArray, own: ItemParameters) -> FloatArray:
    found = _right_or_wrong(theta, own)
    return np.stack([found.wrong, found.right])


def _expected_dichotomous(theta: FloatArray, own: ItemParameters) -> FloatArray:
    return _right_or_wrong(theta, own).right


def _log_dichotomous(theta: FloatArray, own: ItemParameters) -> FloatArray:
    log = _log_logistic(_logit(theta, own))
    if not own.guessing.any() and np.all(own.upper == 1.0):
        return np.stack([log.not_s, log.s])
    with np.errstate(divide="ignore"):  # an asymptote of 0 or 1 has no logarithm, and none is meant
        floor, ceiling = np.log(own.guessing), np.log1p(-own.upper)
    room = np.log(own.upper - own.guessing)
    return np.stack([np.logaddexp(ceiling, room + log.not_s), np.logaddexp(floor, room + log.s)])


def _information_dichotomous(theta: FloatArray, own: ItemParameters) -> FloatArray:
    """``P'^2 / (P Q) = a^2 s (1 - s) f g``, with ``f = (d - c) s / P`` and ``g`` the same of Q."""
    found = _right_or_wrong(theta, own)
    s, not_s = found.curve
    share_right = _share(found.room * s, found.right)
    share_wrong = _share(found.room * not_s, found.wrong)
    return np.asarray(own.slope**2 * s * not_s * share_right * share_wrong)


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return how much of a probability is due to the curve: all, where both underflow."""
    return np.divide(part, whole, out=np.ones_like(whole), where=whole > 0)


def _derivatives_dichotomous(theta: FloatArray, own: ItemParameters) -> tuple[FloatArray, ...]:
    """``P' = (d - c) a s (1 - s)`` and ``P'' = (d - c) a^2 s (1 - s) (1 - 2 s)``."""
    found = _right_or_wrong(theta, own)
    s, not_s = found.curve
    first = found.room * own.slope * s * not_s
    second = first * own.slope * (not_s - s)
    each = np.stack([found.wrong, found.right])
    return each, np.stack([-first, first]), np.stack([-second, second])


def _boundaries(theta: FloatArray, own: ItemParameters) -> FloatArray:
    """``x_k = a (theta - b_k)``, (n_thresholds, n_theta, n_items); -inf where there is none."""
    thresholds = own.threshold.T[:, np.newaxis, :]
    logit = own.slope * (theta[:, np.newaxis] - thresholds)
    return np.where(np.isnan(logit), -np.inf, logit)


def _gaps(own: ItemParameters) -> FloatArray:
    """``1 - exp(-a (b_{k+1} - b_k))`` for each category, (n_categories, 1, n_items)."""
    between = -np.expm1(-own.slope * np.diff(own.threshold, axis=1).T)
    edge = np.ones((1, own.n_items))
    return np.concatenate([edge, np.nan_to_num(between, nan=1.0), edge])[:, np.newaxis, :]


def _edged(below: float, values: FloatArray, above: float) -> tuple[FloatArray, FloatArray]:
    """Return each category's lower boundary and its upper one, from those between them."""
    edge = np.empty((1, *values.shape[1:]))
    lower = np.concatenate([np.full_like(edge, below), values])
    return lower, np.concatenate([values, np.full_like(edge, above)])


def _graded(theta: FloatArray, own: ItemParameters) -> FloatArray:
    """``s(x_k) - s(x_{k+1}) = s(x_k) (1 - s(x_{k+1})) (1 - exp(x_{k+1} - x_k))``."""
    curve = _logistic(_boundaries(theta, own))
    return _graded_from(curve, own)


def _graded_from(curve: _Logistic, own: ItemParameters) -> FloatArray:
    lower, _ = _edged(1.0, curve.s, 0.0)
    _, upper = _edged(0.0, curve.not_s, 1.0)
    return np.asarray(lower * upper * _gaps(own))


def _expected_graded(theta: FloatArray, own: ItemParameters) -> FloatArray:
    """``sum_k s(x_k)``: one point for each boundary that is passed."""
    return np.asarray(_logistic(_boundaries(theta, own)).s.sum(axis=0))


def _log_graded(theta: FloatArray, own: ItemParameters) -> FloatArray:
    log = _log_logistic(_boundaries(theta, own))
    lower, _ = _edged(0.0, log.s, -np.inf)
    _, upper = _edged(-np.inf, log.not_s, 0.0)
    return np.asarray(lower + upper + np.log(_gaps(own)))


def _pull(curve: _Logistic) -> FloatArray:
    """``1 - s(x_k) - s(x_{k+1})``: the derivative of a category's logarithm, by slope."""
    lower, _ = _edged(0.0, curve.not_s, 1.0)
    _, upper = _edged(1.0, curve.s, 0.0)
    return np.asarray(lower - upper)


def _information_graded(theta: FloatArray, own: ItemParameters) -> FloatArray:
    """``a^2 sum_k P_k (1 - s_k - s_{k+1})^2``."""
    curve = _logistic(_boundaries(theta, own))
    return np.asarray(own.slope**2 * (_graded_from(curve, own) * _pull(curve) ** 2).sum(axis=0))


def _derivatives_graded(theta: FloatArray, own: ItemParameters) -> tuple[FloatArray, ...]:
    """``P' = a P u`` and ``P'' = a^2 P (u^2 - v)``, v the sum of both boundaries' ``s (1 - s)``."""
    curve = _logistic(_boundaries(theta, own))
    each, pull = _graded_from(curve, own), _pull(curve)
    lower, upper = _edged(0.0, curve.s * curve.not_s, 0.0)
    first = own.slope * each * pull
    return each, first, own.slope**2 * each * (pull**2 - lower - upper)


def _partial_credit(theta: FloatArray, own: ItemParameters) -> FloatArray:
    """``P_k`` proportional to ``exp(sum_{j <= k} a (theta - b_j))``."""
    each = _cumulative(theta, own)
    each -= each.max(axis=0)
    np.exp(each, out=each)
    each /= each.sum(axis=0)
    return each


def _log_partial_credit(theta: FloatArray, own: ItemParameters) -> FloatArray:
    total = _cumulative(theta, own)
    total -= total.max(axis=0)
    return np.asarray(total - np.log(np.exp(total).sum(axis=0)))


def _cumulative(theta: FloatArray, own: ItemParameters) -> FloatArray:
    """``k a theta - a sum_{j <= k} b_j``, minus infinity in categories that are not there."""
    sums = np.cumsum(own.threshold, axis=1)
    intercepts = np.where(np.isnan(sums), -np.inf, -own.slope[:, np.newaxis] * sums).T
    intercepts = np.concatenate([np.zeros((1, own.n_items)), intercepts])
    slopes = np.arange(len(intercepts), dtype=np.float64)[:, np.newaxis] * own.slope
    return np.asarray(
        slopes[:, np.newaxis, :] * theta[:, np.newaxis] + intercepts[:, np.newaxis, :]
    )


def _expected_partial_credit(theta: FloatArray, own: ItemParameters) -> FloatArray:
    return _expected(_partial_credit(theta, own))


def _expected(each: FloatArray) -> FloatArray:
    """``sum_k k P_k``."""
    scores = np.arange(len(each), dtype=np.float64)[:, np.newaxis, np.newaxis]
    return np.asarray((scores * each).sum(axis=0))


def _spread(each: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return each score's distance from the expected one, and the variance of the score."""
    scores = np.arange(len(each), dtype=np.float64)[:, np.newaxis, np.newaxis]
    away = scores - _expected(each)
    return away, np.asarray((each * away**2).sum(axis=0))


def _information_partial_credit(theta: FloatArray, own: ItemParameters) -> FloatArray:
    """``a^2`` times the variance of the score."""
    _, variance = _spread(_partial_credit(theta, own))
    return np.asarray(own.slope**2 * variance)


def _derivatives_partial_credit(theta: FloatArray, own: ItemParameters) -> tuple[FloatArray, ...]:
    """``P_k' = a P_k (k - E)`` and ``P_k'' = a^2 P_k ((k - E)^2 - V)``, E and V of the score."""
    each = _partial_credit(theta, own)
    away, variance = _spread(each)
    return each, own.slope * each * away, own.slope**2 * each * (away**2 - variance)


_PROBABILITIES: Mapping[Family, Curve] = {
    Family.DICHOTOMOUS: _dichotomous,
    Family.GRADED: _graded,
    Family.PARTIAL_CREDIT: _partial_credit,
}
_LOGARITHMS: Mapping[Family, Curve] = {
    Family.DICHOTOMOUS: _log_dichotomous,
    Family.GRADED: _log_graded,
    Family.PARTIAL_CREDIT: _log_partial_credit,
}
_EXPECTED_SCORES: Mapping[Family, Curve] = {
    Family.DICHOTOMOUS: _expected_dichotomous,
    Family.GRADED: _expected_graded,
    Family.PARTIAL_CREDIT: _expected_partial_credit,
}
_INFORMATIONS: Mapping[Family, Curve] = {
    Family.DICHOTOMOUS: _information_dichotomous,
    Family.GRADED: _information_graded,
    Family.PARTIAL_CREDIT: _information_partial_credit,
}
_DERIVATIVES: Mapping[Family, Callable[[FloatArray, ItemParameters], tuple[FloatArray, ...]]] = {
    Family.DICHOTOMOUS: _derivatives_dichotomous,
    Family.GRADED: _derivatives_graded,
    Family.PARTIAL_CREDIT: _derivatives_partial_credit,
}
