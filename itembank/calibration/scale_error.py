"""The error of a scale as a whole, taken out of what stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray
from itembank.calibration.estimated import Latent, Parameter, Place, StandardErrors
from itembank.calibration.priors import Priors
from itembank.parameters import ItemParameters, Model


@dataclass(frozen=True, eq=False)
class ScaleError:
    """How all that is estimated moves with a scale's origin, and with its unit.

    Where priors on thresholds say where the scale lies, its origin is known no better than they
    say, however many answers there are; and where slopes have priors too, so is its unit. Items
    and abilities move together with both, so that no comparison between them has this error.

    Attributes
    ----------
    carriers : tuple of int
        The rows of the covariance that the errors of origin and unit are read from: of the first
        group's mean, and of its SD.
    moves : ndarray, shape (n_parameters, n_carriers)
        What each parameter changes by where a carrier changes by one logit and nothing else than
        the scale does: 1 and ``(b - mean) / sd`` for a threshold, 0 and ``-a / sd`` for a slope.
    """

    carriers: tuple[int, ...]
    moves: FloatArray

    def taken_from(self, covariance: FloatArray) -> FloatArray:
        """Return the covariance beside the first group, whose mean and SD then have no error."""
        left = covariance - self.moves @ covariance[list(self.carriers)]
        return np.asarray(left - left[:, list(self.carriers)] @ self.moves.T)


def scale_error(
    places: Sequence[Place], parameters: ItemParameters, latent: Sequence[Latent], prior: Priors
) -> ScaleError | None:
    """Return the error of a scale as such, None where it has none of its own.

    It has one where priors on thresholds say where it lies, unless items are anchored or the first
    group's mean is fixed. Its unit has none where an item's slope is fixed at 1, and where the
    group's SD is fixed.
    """
    loose = {place.item for place in places if place.parameter is Parameter.THRESHOLD}
    origin, unit = (Place(each, group=0) for each in (Parameter.MEAN, Parameter.SD))
    if prior.threshold is None or len(loose) < parameters.n_items or origin not in places:
        return None
    carriers, moves = [places.index(origin)], [[_with_origin(each) for each in places]]
    if unit in places and not any(model.has_unit_slope for model in parameters.model):
        carriers.append(places.index(unit))
        moves.append([_with_unit(each, parameters, latent) for each in places])
    return ScaleError(tuple(carriers), np.array(moves).T)


def _with_origin(place: Place) -> float:
    return float(place.parameter in {Parameter.THRESHOLD, Parameter.MEAN})


def _with_unit(place: Place, parameters: ItemParameters, latent: Sequence[Latent]) -> float:
    """Return what a parameter changes by where the first group's SD does, its mean staying."""
    first = latent[0]
    if place.group is not None:
        own = latent[place.group]
        change = own.sd if place.parameter is Parameter.SD else own.mean - first.mean
    elif place.parameter is Parameter.THRESHOLD:
        change = float(parameters.threshold[place.item, place.step]) - first.mean
    elif place.parameter is Parameter.SLOPE:
        change = -float(parameters.slope[_items(place, parameters)[0]])
    else:
        change = 0.0
    return change / first.sd


def errors_at(
    places: Sequence[Place], covariance: FloatArray, parameters: ItemParameters
) -> StandardErrors:
    """Return the standard errors of the items that a covariance holds; NaN where not positive."""
    variance = np.diag(covariance)
    with np.errstate(invalid="ignore"):
        spread = np.sqrt(np.where(variance > 0, variance, np.nan))
    shape = parameters.threshold.shape
    found = StandardErrors(
        *(np.full(each, np.nan) for each in (shape[:1], shape, *[shape[:1]] * 2))
    )
    for place, error in zip(places, spread.tolist(), strict=True):
        if place.group is None:
            values = getattr(found, place.parameter.value)
            rows = _items(place, parameters)
            values[(rows, place.step) if values.ndim > 1 else rows] = error
    return found


def _items(place: Place, parameters: ItemParameters) -> list[int]:
    """Return the items that a parameter is of: all those of the 1pl model for their slope."""
    if place.item is not None:
        return [place.item]
    return [n for n, model in enumerate(parameters.model) if model is Model.ONE_PL]
