"""Response curves: probability, information and derivatives, over persons and items at once.

Everything here is a function of ability on the logistic metric (D = 1), and is computed from
logarithms, so that nothing overflows, and no probability becomes exactly 0 before its logarithm was
taken, however far ability lies from an item.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, log_expit

from itembank.arguments import FloatArray, IntArray, finite, sentence_fault
from itembank.parameters import ItemParameters, Model


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
    each = category_probability(theta, parameters)
    return each if parameters.is_polytomous.any() else each[..., 1]


def category_probability(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Return the probability of every score, shape (n_theta, n_items, n_categories).

    Arguments, errors and source as in `probability`; the last axis is always there.
    """
    return np.exp(log_probability(theta, parameters))


def expected_score(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Return the expected score of each item at each ability, shape (n_theta, n_items).

    ``sum_k k P_k(theta)``: for a dichotomous item, the probability of a right answer. Arguments,
    errors and source as in `probability`.
    """
    each = category_probability(theta, parameters)
    return np.asarray(each @ np.arange(each.shape[-1], dtype=np.float64))


def log_probability(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Return the logarithm of the probability of every score, (n_theta, n_items, n_categories).

    Minus infinity in categories that an item does not have. Exact in both tails. Arguments, errors
    and source as in `probability`.
    """
    points = _abilities(theta)
    shape = (points.size, parameters.n_items, int(parameters.n_categories.max()))
    found = np.full(shape, -np.inf)
    for family, members in _families(parameters):
        own = parameters.take(members)
        found[:, members, : int(own.n_categories.max())] = family(points.ravel(), own)
    return found[0] if points.ndim == 0 else found


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
    found = derivatives(theta, parameters)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(found.probability > 0, found.first**2 / found.probability, 0.0)
    return np.asarray(share.sum(axis=-1))


def derivatives(theta: ArrayLike, parameters: ItemParameters) -> Derivatives:
    """Return category probabilities with their first and second derivatives in theta.

    With boundary or cumulative terms: see the code of each family, which gives its formula.
    Arguments, errors and source as in `probability`.
    """
    points = _abilities(theta)
    shape = (points.size, parameters.n_items, int(parameters.n_categories.max()))
    parts = tuple(np.zeros(shape) for _ in range(3))
    for family, members in _families(parameters):
        own = parameters.take(members)
        found = _DERIVATIVES[family](points.ravel(), own)
        for part, value in zip(parts, found, strict=True):
            part[:, members, : value.shape[-1]] = value
    if points.ndim == 0:
        parts = tuple(part[0] for part in parts)
    return Derivatives(*parts)


def _abilities(theta: ArrayLike) -> FloatArray:
    points = finite("theta", theta)
    if points.ndim > 1:
        raise sentence_fault("theta", "a number or of shape (n_theta,)", f"shape {points.shape}")
    return points


Family = Callable[[FloatArray, ItemParameters], FloatArray]


def _families(parameters: ItemParameters) -> list[tuple[Family, IntArray]]:
    """Return each family's function with the places of its items."""
    of_item = np.array([_FAMILY.get(model, 0) for model in parameters.model])
    found = [(family, np.flatnonzero(of_item == place)) for place, family in enumerate(_LOGS)]
    return [(family, members) for family, members in found if members.size]


def _logits(theta: FloatArray, own: ItemParameters) -> FloatArray:
    """``a (theta - b_k)``, shape (n_theta, n_items, n_thresholds), NaN where there is none."""
    return np.asarray(own.slope[:, np.newaxis] * (theta[:, np.newaxis, np.newaxis] - own.threshold))


def _log_dichotomous(theta: FloatArray, own: ItemParameters) -> FloatArray:
    logit = _logits(theta, own)[..., 0]
    with np.errstate(divide="ignore"):
        floor, room, ceiling = (
            np.log(own.guessing),
            np.log(own.upper - own.guessing),
            np.log1p(-own.upper),
        )
    right = np.logaddexp(floor, room + log_expit(logit))
    wrong = np.logaddexp(ceiling, room + log_expit(-logit))
    return np.stack([wrong, right], axis=-1)


def _log_graded(theta: FloatArray, own: ItemParameters) -> FloatArray:
    """``log(P*_k - P*_{k+1})``, from ``s(x) - s(y) = s(x) s(-y) (1 - exp(y - x))``."""
    logit = np.nan_to_num(_logits(theta, own), nan=-np.inf)
    edge = np.full((*logit.shape[:2], 1), np.inf)
    above = np.concatenate([edge, logit], axis=-1)
    below = np.concatenate([logit, -edge], axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.log1p(-np.exp(below - above))
        found = log_expit(above) + log_expit(-below) + gap
    return np.where(above == -np.inf, -np.inf, found)


def _log_partial_credit(theta: FloatArray, own: ItemParameters) -> FloatArray:
    total = _cumulative(theta, own)
    top = total.max(axis=-1, keepdims=True)
    return np.asarray(total - top - np.log(np.exp(total - top).sum(axis=-1, keepdims=True)))


def _cumulative(theta: FloatArray, own: ItemParameters) -> FloatArray:
    """``sum_{j <= k} a (theta - b_j)``, minus infinity in categories that are not there."""
    logit = _logits(theta, own)
    total = np.cumsum(logit, axis=-1)
    total = np.where(np.isnan(total), -np.inf, total)
    return np.concatenate([np.zeros((*total.shape[:2], 1)), total], axis=-1)


def _dichotomous(theta: FloatArray, own: ItemParameters) -> tuple[FloatArray, ...]:
    """``P' = (d - c) a s (1 - s)`` and ``P'' = (d - c) a^2 s (1 - s) (1 - 2 s)``."""
    logit = _logits(theta, own)[..., 0]
    s, not_s = expit(logit), expit(-logit)
    first = (own.upper - own.guessing) * own.slope * s * not_s
    second = first * own.slope * (not_s - s)
    each = np.exp(_log_dichotomous(theta, own))
    return each, np.stack([-first, first], axis=-1), np.stack([-second, second], axis=-1)


def _graded(theta: FloatArray, own: ItemParameters) -> tuple[FloatArray, ...]:
    """Differences of the boundaries' derivatives, those of a two-parameter curve each."""
    logit = np.nan_to_num(_logits(theta, own), nan=-np.inf)
    s, not_s = expit(logit), expit(-logit)
    slope = own.slope[:, np.newaxis]
    first = slope * s * not_s
    second = slope * first * (not_s - s)
    return (
        np.exp(_log_graded(theta, own)),
        -np.diff(first, axis=-1, prepend=0.0, append=0.0),
        -np.diff(second, axis=-1, prepend=0.0, append=0.0),
    )


def _partial_credit(theta: FloatArray, own: ItemParameters) -> tuple[FloatArray, ...]:
    """``P_k' = a P_k (k - E)`` and ``P_k'' = a^2 P_k ((k - E)^2 - V)``, E and V of the score."""
    each = np.exp(_log_partial_credit(theta, own))
    scores = np.arange(each.shape[-1], dtype=np.float64)
    away = scores - (each @ scores)[..., np.newaxis]
    variance = (each * away**2).sum(axis=-1, keepdims=True)
    slope = own.slope[:, np.newaxis]
    return each, slope * each * away, slope**2 * each * (away**2 - variance)


_LOGS: tuple[Family, ...] = (_log_dichotomous, _log_graded, _log_partial_credit)
_FAMILY = {Model.GRM: 1, Model.PCM: 2, Model.GPCM: 2}
_DERIVATIVES = dict(zip(_LOGS, (_dichotomous, _graded, _partial_credit), strict=True))
