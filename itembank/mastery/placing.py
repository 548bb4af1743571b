"""Where a cut on the score scale lies on the scale of ability: the test characteristic curve."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray, finite, numbers, require, sentence_fault
from itembank.curves import category_probability, derivatives
from itembank.faults import fault
from itembank.mastery.cuts import Cut
from itembank.mastery.gradients import ScoreGradient, score_gradient
from itembank.parameters import ItemParameters, Model

if TYPE_CHECKING:
    from itembank.calibration import Calibration, Latent, Place

_CLOSE = 1e-12
_MOST_STEPS = 200


class ParameterErrors(Protocol):
    """Standard errors of item parameters, shaped as the parameters; NaN where fixed."""

    @property
    def slope(self) -> ArrayLike:
        """Of the slopes, shape (n_items,)."""
        ...

    @property
    def threshold(self) -> ArrayLike:
        """Of the thresholds, shape (n_items, max categories - 1)."""
        ...

    @property
    def guessing(self) -> ArrayLike:
        """Of the lower asymptotes, shape (n_items,)."""
        ...

    @property
    def upper(self) -> ArrayLike:
        """Of the upper asymptotes, shape (n_items,)."""
        ...


def theta_cut(
    parameters: ItemParameters,
    share: float,
    *,
    weights: ArrayLike | None = None,
    standard_errors: ParameterErrors | None = None,
    persons: float | None = None,
    latent: Latent | None = None,
    calibration: Calibration | None = None,
    share_se: float = 0.0,
) -> Cut:
    """Return the ability at which the expected score is a share of the greatest.

    It solves ``sum_j w_j E_j(theta) / m_j = share * sum_j w_j``, E_j being the expected score of
    item j and m_j its highest. For a cut C on the sum of scores, take ``weights = m_j`` (1 for
    dichotomous items) and ``share = C / sum m_j``.

    The standard error is by the delta method: the error of the left side at the cut that comes from
    the items' parameters, with that of the share itself, over the slope of the curve there. From a
    `calibration` the parameters' errors are taken with their covariances; from `standard_errors`,
    as if they were independent. They are not: the sample of persons sets the scale's origin and
    unit for all items together. Where `persons` says how many there were, the variance of that,
    ``SD^2 / N`` and ``(theta - mean)^2 / (2 N)``, is added; its second part only where slopes were
    estimated.

    Where priors on thresholds, such as a panel's, say where the scale lies, the error of its origin
    and unit is left out: abilities have it as the cut does, and what is asked of both is how far
    they lie apart. It is the error beside the persons of the calibration's first group, as on a
    scale that these had set: from `covariance_on_scale`, or from `errors_on_scale` where that is
    what `standard_errors` are.

    Parameters
    ----------
    parameters : ItemParameters
        Every item that counts has a positive slope.
    share : float
        Between what guessing alone gives and the most that ability gives.
    weights : array_like, shape (n_items,), optional
        0 or more; 1 each where not given.
    standard_errors : optional
        Of the parameters, as a calibration gives them, or any object with arrays `slope`,
        `threshold`, `guessing` and `upper`.
    persons : float, optional
        How many the items were calibrated from; only together with `standard_errors`.
    latent : Latent, optional
        The distribution of these persons' ability; standard normal where not given.
    calibration : Calibration, optional
        What these parameters come from, all of them and in the same order; in place of
        `standard_errors`. Items that do not count have weight 0.
    share_se : float
        The standard error of the share, such as a panel's.

    Raises
    ------
    ValueError
        Where an argument is not as said here.

    References
    ----------
    Lord, F. M. (1980). Applications of item response theory to practical testing problems. Erlbaum.
    """
    curve = _curve(parameters, weights)
    lowest, highest = curve.limits()
    if not lowest + _CLOSE < share < highest - _CLOSE:  # sums of weights are not exact
        allowed = f"above {lowest:.4g} and below {highest:.4g}, which these items reach"
        raise fault("share", allowed, share)
    if not 0 <= share_se < math.inf:
        raise fault("share_se", "0 or more, and finite", share_se)
    theta = curve.solved(share)
    _, rise = curve.rising(theta)
    variance = (share_se / rise) ** 2
    if calibration is not None:
        variance += curve.joint_variance(theta, calibration) / rise**2
    elif standard_errors is not None:
        variance += curve.variance(theta, standard_errors) / rise**2
        variance += 0.0 if persons is None else curve.scale_variance(theta, persons, latent)
    return Cut(theta, math.sqrt(variance))


@dataclass(frozen=True, eq=False)
class _Curve:
    """A test characteristic curve: the expected share of the greatest score, by ability."""

    parameters: ItemParameters
    weights: FloatArray

    def value(self, theta: float) -> float:
        """Return the expected share at an ability."""
        each = category_probability(theta, self.parameters)
        return float(self.weights @ each @ np.arange(each.shape[-1]))

    def rising(self, theta: float) -> tuple[float, float]:
        """Return the expected share, and its derivative."""
        found = derivatives(theta, self.parameters)
        scores = np.arange(found.first.shape[-1])
        value, rise = (self.weights @ each @ scores for each in (found.probability, found.first))
        return float(value), float(rise)

    def limits(self) -> tuple[float, float]:
        """Return the shares at the lowest and the highest ability."""
        tops = self.parameters.n_categories - 1
        weights = self.weights * tops
        return float(weights @ self.parameters.guessing), float(weights @ self.parameters.upper)

    def solved(self, share: float) -> float:
        """Return the ability with an expected share, by Newton's steps inside a bracket."""
        low, high = self._bracket(share)
        theta = (low + high) / 2
        for _ in range(_MOST_STEPS):
            value, rise = self.rising(theta)
            over = value - share
            low, high = (low, theta) if over > 0 else (theta, high)
            step = theta - over / rise if rise > 0 else math.inf
            moved = step if low < step < high else (low + high) / 2
            if abs(moved - theta) <= _CLOSE * (1 + abs(theta)):
                return moved
            theta = moved
        return theta

    def _bracket(self, share: float) -> tuple[float, float]:
        centre, reach = float(np.mean(self.parameters.difficulty)), 4.0
        while self.value(centre - reach) > share or self.value(centre + reach) < share:
            reach *= 2
        return centre - reach, centre + reach

    def variance(self, theta: float, errors: ParameterErrors) -> float:
        """Return the variance of the expected share that comes from the parameters' errors."""
        own = score_gradient(theta, self.parameters)
        parts = (
            (own.slope, _errors("slope", errors.slope, own.slope)),
            (own.threshold, _errors("threshold", errors.threshold, own.threshold)),
            (own.guessing, _errors("guessing", errors.guessing, own.guessing)),
            (own.upper, _errors("upper", errors.upper, own.upper)),
        )
        each = sum(
            ((part * error) ** 2).reshape(len(part), -1).sum(axis=1) for part, error in parts
        )
        return float(self.weights**2 @ each)

    def scale_variance(self, theta: float, persons: float, latent: Latent | None) -> float:
        """Return the variance of an ability that comes from whom the scale was set by."""
        if not 0 < persons < math.inf:
            raise fault("persons", "positive and finite", persons)
        counted = zip(self.parameters.model, self.weights > 0, strict=True)
        has_unit = all(model.has_unit_slope for model, counts in counted if counts)
        mean, sd = (0.0, 1.0) if latent is None else (latent.mean, latent.sd)
        return (sd**2 + (0.0 if has_unit else (theta - mean) ** 2 / 2)) / persons

    def joint_variance(self, theta: float, calibration: Calibration) -> float:
        """Return the same with the covariances of all the parameters of a calibration.

        Beside the first group where a prior sets the scale: the curve moves with origin and unit.
        """
        covariance = _covariance(calibration, self.parameters)
        own = score_gradient(theta, self.parameters)
        gradient = np.array([self._along(place, own) for place in calibration.places])
        return float(gradient @ covariance @ gradient)

    def _along(self, place: Place, own: ScoreGradient) -> float:
        part: FloatArray | None = getattr(own, place.parameter.value, None)
        if part is None:  # of a group's distribution, which no item's score depends on
            return 0.0
        if place.item is None:  # the slope that the items of one model have in common
            common = [model is Model.ONE_PL for model in self.parameters.model]
            return float(self.weights @ (own.slope * common))
        each = np.atleast_1d(part[place.item])
        return float(self.weights[place.item] * each[place.step])


def _covariance(calibration: Calibration, parameters: ItemParameters) -> FloatArray:
    if calibration.parameters.n_items != parameters.n_items:
        allowed, found = f"of {parameters.n_items} items", f"{calibration.parameters.n_items}"
        raise sentence_fault("calibration", allowed, found)
    if calibration.covariance_on_scale is None:
        raise sentence_fault("calibration", "one with standard errors", "none")
    return calibration.covariance_on_scale


def _errors(name: str, value: ArrayLike, gradient: FloatArray) -> FloatArray:
    errors = numbers(f"standard_errors.{name}", value)
    errors = errors[:, np.newaxis] if errors.ndim < gradient.ndim else errors
    if errors.shape != gradient.shape:
        allowed, found = f"of shape {gradient.shape}", f"shape {errors.shape}"
        raise sentence_fault(f"standard_errors.{name}", allowed, found)
    return np.nan_to_num(errors)


def _curve(parameters: ItemParameters, weights: ArrayLike | None) -> _Curve:
    each = np.ones(parameters.n_items) if weights is None else finite("weights", weights)
    if each.shape != (parameters.n_items,):
        raise sentence_fault("weights", f"of shape ({parameters.n_items},)", f"shape {each.shape}")
    require(each >= 0, "weights", "0 or more", each)
    counts = each > 0
    if not counts.any():
        raise sentence_fault("weights", "positive for one item or more", "none")
    allowed = "positive for every item that counts"
    require(~counts | (parameters.slope > 0), "slope", allowed, parameters.slope)
    return _Curve(parameters, each / each.sum() / (parameters.n_categories - 1))
