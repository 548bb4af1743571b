"""The marginal likelihood written out directly: slow, and nothing of the engine's in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from itembank import Calibration, ItemParameters
from itembank.calibration import Latent, Parameter, Place, Priors
from itembank.curves import log_probability

Floats = NDArray[np.float64]
NODES = np.linspace(-9, 9, 121)


@dataclass(frozen=True, eq=False)
class Data:
    """Scores with NaN for missing, the group of each row, and how often it occurred."""

    scores: Floats
    group: NDArray[np.int64]
    weight: Floats

    @classmethod
    def of(cls, scores: NDArray[np.int8], group: NDArray[np.int64] | None = None) -> Data:
        """Put identical rows together."""
        own = np.zeros(len(scores), dtype=np.int64) if group is None else group
        rows, counts = np.unique(np.column_stack([scores, own]), axis=0, return_counts=True)
        values = rows[:, :-1].astype(np.float64)
        return cls(np.where(values < 0, np.nan, values), rows[:, -1], counts.astype(np.float64))


def log_likelihood(data: Data, parameters: ItemParameters, latent: tuple[Latent, ...]) -> float:
    """Sum over persons of the logarithm of their pattern's probability."""
    logs = log_probability(NODES, parameters)
    given = np.where(np.isnan(data.scores), -1, data.scores).astype(int)
    conditional = np.zeros((len(given), NODES.size))
    for item in range(given.shape[1]):
        has = given[:, item] >= 0
        conditional[has] += logs[:, item, given[has, item]].T
    density = np.stack([_density(each) for each in latent])[data.group]
    return float(data.weight @ np.log((np.exp(conditional) * density).sum(axis=1)))


def _density(latent: Latent) -> Floats:
    found = np.exp(-(((NODES - latent.mean) / latent.sd) ** 2) / 2)
    return np.asarray(found / found.sum())


def log_prior(calibration: Calibration, parameters: ItemParameters, priors: Priors) -> float:
    """Sum over free parameters of the logarithm of their prior density."""
    total = 0.0
    for place in calibration.places:
        item = 0 if place.item is None else place.item
        if place.parameter is Parameter.SLOPE and priors.slope is not None:
            total += float(priors.slope.log_density(parameters.slope[[item]])[0])
        if place.parameter is Parameter.GUESSING and priors.guessing is not None:
            total += float(priors.guessing.log_density(parameters.guessing[[item]])[0])
        if place.parameter is Parameter.UPPER and priors.upper is not None:
            total += float(priors.upper.log_density(parameters.upper[[item]])[0])
    if priors.threshold is not None:
        free = [each.item for each in calibration.places if each.parameter is Parameter.THRESHOLD]
        total += float(priors.threshold.log_density(parameters.threshold[:, 0])[free].sum())
    return total


def moved(calibration: Calibration, changes: Floats) -> tuple[ItemParameters, tuple[Latent, ...]]:
    """Return the parameters with the free ones changed, in the order of the covariance."""
    own = calibration.parameters
    values = {
        Parameter.SLOPE: own.slope.copy(),
        Parameter.THRESHOLD: own.threshold.copy(),
        Parameter.GUESSING: own.guessing.copy(),
        Parameter.UPPER: own.upper.copy(),
    }
    latent = list(calibration.latent)
    for place, change in zip(calibration.places, changes, strict=True):
        if place.group is not None:
            name = place.parameter.value
            value = getattr(latent[place.group], name) + change
            latent[place.group] = replace(latent[place.group], **{name: value})
        else:
            values[place.parameter][_index(calibration, place)] += change
    parameters = ItemParameters(
        own.model,
        values[Parameter.SLOPE],
        values[Parameter.THRESHOLD],
        values[Parameter.GUESSING],
        values[Parameter.UPPER],
    )
    return parameters, tuple(latent)


def _index(calibration: Calibration, place: Place) -> object:
    if place.parameter is Parameter.THRESHOLD:
        return place.item, place.step
    if place.item is None:
        return np.array([model.value == "1pl" for model in calibration.parameters.model])
    return place.item


def objective(data: Data, calibration: Calibration) -> Callable[[Floats], float]:
    """Return log-likelihood plus log priors as a function of changes of the free parameters."""

    def value(changes: Floats) -> float:
        parameters, latent = moved(calibration, changes)
        prior = log_prior(calibration, parameters, calibration.prior)
        return log_likelihood(data, parameters, latent) + prior

    return value


def gradient(function: Callable[[Floats], float], size: int, step: float = 1e-4) -> Floats:
    """Return central differences at 0."""
    steps = step * np.eye(size)
    return np.array([(function(each) - function(-each)) / (2 * step) for each in steps])


def hessian(function: Callable[[Floats], float], size: int, step: float = 1e-3) -> Floats:
    """Return second differences at 0, central along each axis and each diagonal."""
    middle, steps = function(np.zeros(size)), step * np.eye(size)
    bent = np.array([_bent(function, each, middle) for each in steps])
    found = np.diag(bent)
    for row in range(size):
        for column in range(row):
            along = _bent(function, steps[row] + steps[column], middle)
            found[row, column] = found[column, row] = (along - bent[row] - bent[column]) / 2
    return found / step**2


def _bent(function: Callable[[Floats], float], along: Floats, middle: float) -> float:
    return function(along) + function(-along) - 2 * middle
