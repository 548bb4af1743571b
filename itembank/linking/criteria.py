"""How far apart two sets of common items are after a change of scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from itembank.arguments import FloatArray
from itembank.linking.transforming import Change, curve_rates, curves
from itembank.linking.weighting import AbilityWeights
from itembank.parameters import ItemParameters

_STAY = Change(1.0, 0.0)


@dataclass(frozen=True, eq=False)
class Common:
    """The common items, as each calibration has them, in the same order."""

    source: ItemParameters
    target: ItemParameters

    @property
    def has_unit_slopes(self) -> bool:
        """Whether every slope is 1 by definition, so that the unit is the same."""
        models = (*self.source.model, *self.target.model)
        return all(each.has_unit_slope for each in models)


Residuals: TypeAlias = Callable[[FloatArray], FloatArray]
"""From differences of curves (..., n_items, n_categories) to what is squared (..., n_squares)."""


def of_items(differences: FloatArray) -> FloatArray:
    """Return what Haebara squares: the difference of every category's curve, the lowest's too."""
    return differences.reshape(*differences.shape[:-2], -1)


def of_tests(differences: FloatArray) -> FloatArray:
    """Return what Stocking and Lord square: the difference of the test characteristic curves."""
    by_item = differences @ np.arange(differences.shape[-1])
    return np.asarray(by_item.sum(axis=-1, keepdims=True))


@dataclass(frozen=True, eq=False)
class Criterion:
    """Weighted differences of the curves of common items, whose squares are summed."""

    common: Common
    weights: AbilityWeights
    residuals: Residuals
    symmetric: bool

    def differences(self, change: Change) -> FloatArray:
        """Return how far the target's curves are above the source's, shape (n_squares,)."""
        there, own = self.weights.nodes, self.common
        found = [curves(there, own.target, _STAY) - curves(there, own.source, change)]
        if self.symmetric:
            found.append(
                curves(there, own.target, change.inverse) - curves(there, own.source, _STAY)
            )
        return np.concatenate([self._weighted(each) for each in found])

    def rates(self, change: Change) -> FloatArray:
        """Return the derivatives of `differences` in slope and intercept, (n_squares, 2)."""
        there, own = self.weights.nodes, self.common
        found = [-curve_rates(there, own.source, change)]
        if self.symmetric:
            by_inverse = curve_rates(there, own.target, change.inverse)
            found.append(np.tensordot(_inverse_rates(change), by_inverse, axes=1))
        each = [np.stack([self._weighted(one) for one in rates], axis=1) for rates in found]
        return np.concatenate(each)

    def _weighted(self, differences: FloatArray) -> FloatArray:
        mass = np.sqrt(self.weights.weights)[:, np.newaxis]
        return np.asarray((mass * self.residuals(differences)).ravel())


def _inverse_rates(change: Change) -> FloatArray:
    """Return the derivatives of the inverse change: by what of the change, and of what of it."""
    slope, intercept = change.slope, change.intercept
    return np.array([[-1 / slope**2, intercept / slope**2], [0.0, -1 / slope]])
