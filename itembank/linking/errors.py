"""Standard errors of a change of scale, by the delta method from those of the items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from itembank.arguments import BoolArray, FloatArray, IntArray
from itembank.calibration.estimated import Parameter, Place
from itembank.calibration.results import Calibration
from itembank.linking.criteria import Common
from itembank.linking.solving import Solver
from itembank.linking.transforming import Change
from itembank.parameters import ItemParameters, Model

Equations: TypeAlias = Callable[[ItemParameters], FloatArray]
"""What must be 0, as a function of the common items of one calibration."""
_STEP = 1e-5


@dataclass(frozen=True, eq=False)
class Uncertain:
    """The common items of one calibration, with the covariance of all its parameters."""

    calibration: Calibration
    covariance: FloatArray
    own: IntArray
    """The places of the common items in it."""

    def spread(self, equations: Equations) -> FloatArray:
        """Return the covariance of the equations that comes from this calibration."""
        rates = _by_items(self.calibration, self.own, equations)
        return np.asarray(rates @ self.covariance @ rates.T)


def covariance_of(
    solver: Solver, common: Common, change: Change, source: Uncertain, target: Uncertain
) -> FloatArray:
    """Return the covariance of slope and intercept, shape (2, 2).

    At the solution the equations ``F(change, items) = 0`` hold, so that the change moves with the
    items by ``-(dF / dchange)^-1 dF / ditems``.
    """
    spread = source.spread(
        lambda own: solver.equations(replace(common, source=own), change)
    ) + target.spread(lambda own: solver.equations(replace(common, target=own), change))
    return _turned(solver, common, change, spread)


def _turned(solver: Solver, common: Common, change: Change, spread: FloatArray) -> FloatArray:
    free = slice(1, 2) if common.has_unit_slopes else slice(0, 2)
    turn = np.linalg.inv(_by_change(solver, common, change)[free, free])
    covariance = np.zeros((2, 2))
    covariance[free, free] = turn @ spread[free, free] @ turn.T
    return covariance


def _by_change(solver: Solver, common: Common, change: Change) -> FloatArray:
    columns = []
    for slope, intercept in ((_STEP, 0.0), (0.0, _STEP)):
        up, down = (
            Change(change.slope + sign * slope, change.intercept + sign * intercept)
            for sign in (1, -1)
        )
        rise = solver.equations(common, up) - solver.equations(common, down)
        columns.append(rise / (2 * _STEP))
    return np.stack(columns, axis=1)


def _by_items(calibration: Calibration, own: IntArray, equations: Equations) -> FloatArray:
    """Return the derivatives of the equations in every row of a calibration's covariance."""
    columns = np.zeros((2, len(calibration.places)))
    for column, place in enumerate(calibration.places):
        if _concerns(calibration, place, own):
            low, high = _around(calibration.parameters, place)
            rise = equations(high.take(own)) - equations(low.take(own))
            columns[:, column] = rise / (_value(high, place) - _value(low, place))
    return columns


def _concerns(calibration: Calibration, place: Place, own: IntArray) -> bool:
    if place.parameter in {Parameter.MEAN, Parameter.SD}:
        return False
    return (
        place.item in own
        if place.item is not None
        else bool(_common_slopes(calibration.parameters)[own].any())
    )


def _common_slopes(parameters: ItemParameters) -> BoolArray:
    """Return which items have the slope that the items of their model have in common."""
    return np.array([model is Model.ONE_PL for model in parameters.model])


def _around(parameters: ItemParameters, place: Place) -> tuple[ItemParameters, ItemParameters]:
    """Return the parameters with one of them moved a little down, and up, as far as is allowed."""
    return _moved(parameters, place, -_STEP), _moved(parameters, place, _STEP)


def _moved(parameters: ItemParameters, place: Place, by: float) -> ItemParameters:
    arrays = {
        name.value: np.array(getattr(parameters, name.value))
        for name in (Parameter.SLOPE, Parameter.THRESHOLD, Parameter.GUESSING, Parameter.UPPER)
    }
    own = arrays[place.parameter.value]
    where = _index(parameters, place)
    own[where] += by
    np.clip(arrays["guessing"], 0.0, None, out=arrays["guessing"])
    np.clip(arrays["upper"], None, 1.0, out=arrays["upper"])
    return ItemParameters(parameters.model, **arrays)


def _index(parameters: ItemParameters, place: Place) -> Any:
    if place.item is None:
        return np.flatnonzero(_common_slopes(parameters))
    return (place.item, place.step) if place.parameter is Parameter.THRESHOLD else place.item


def _value(parameters: ItemParameters, place: Place) -> float:
    return float(np.ravel(getattr(parameters, place.parameter.value)[_index(parameters, place)])[0])
