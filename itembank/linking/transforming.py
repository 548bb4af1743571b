"""What a linear change of scale does to parameters and curves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray
from itembank.curves import category_probability, derivatives
from itembank.parameters import ItemParameters, Model

_FREED = {Model.RASCH: Model.ONE_PL, Model.PCM: Model.GPCM}
"""What a model of unit slopes becomes on a scale with another unit."""


@dataclass(frozen=True)
class Change:
    """The scale ``theta* = slope theta + intercept``; the slope is positive."""

    slope: float
    intercept: float

    @property
    def inverse(self) -> Change:
        """The way back."""
        return Change(1 / self.slope, -self.intercept / self.slope)


def changed(parameters: ItemParameters, change: Change) -> ItemParameters:
    """Return parameters on the new scale: ``a / slope`` and ``slope b + intercept``.

    Where the unit changes, Rasch becomes 1PL and PCM becomes GPCM, whose slopes are free.
    """
    keeps_unit = change.slope == 1
    models = [each if keeps_unit else _FREED.get(each, each) for each in parameters.model]
    return ItemParameters(
        models,
        parameters.slope / change.slope,
        change.slope * parameters.threshold + change.intercept,
        parameters.guessing,
        parameters.upper,
    )


def curves(nodes: FloatArray, parameters: ItemParameters, change: Change) -> FloatArray:
    """Return the probability of every score on the new scale, (n_nodes, n_items, n_categories)."""
    return category_probability((nodes - change.intercept) / change.slope, parameters)


def curve_rates(nodes: FloatArray, parameters: ItemParameters, change: Change) -> FloatArray:
    """Return the derivatives of `curves` in slope and intercept, with these as the first axis."""
    own = (nodes - change.intercept) / change.slope
    first = derivatives(own, parameters).first
    by_slope = -first * (own / change.slope)[:, np.newaxis, np.newaxis]
    return np.stack([by_slope, -first / change.slope])
