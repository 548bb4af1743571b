"""How a change of scale is found: in closed form, or where a criterion is least."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.optimize import least_squares

from itembank.arguments import FloatArray
from itembank.linking.criteria import Common, Criterion, Residuals
from itembank.linking.transforming import Change
from itembank.linking.weighting import AbilityWeights
from itembank.parameters import ItemParameters

_TIGHT = 1e-14
_MOST_EVALUATIONS = 500


class Solver(Protocol):
    """A way from common items to a change of scale."""

    def solve(self, common: Common) -> Change:
        """Return the change of scale."""
        ...

    def equations(self, common: Common, change: Change) -> FloatArray:
        """Return what is 0 at the solution, shape (2,), by slope and intercept."""
        ...

    def criterion(self, common: Common, change: Change) -> float:
        """Return what is left of a sum of squares; NaN where there is none."""
        ...


@dataclass(frozen=True)
class ByMeans:
    """The change that brings the mean thresholds together, with a slope of its own."""

    slope: Callable[[Common], float]

    def solve(self, common: Common) -> Change:
        """Return the change of scale; its slope is 1 where every item's is."""
        slope = 1.0 if common.has_unit_slopes else self.slope(common)
        source, target = (thresholds(each).mean() for each in (common.source, common.target))
        return Change(slope, float(target - slope * source))

    def equations(self, common: Common, change: Change) -> FloatArray:
        """Return how far the solution is from a change of scale."""
        found = self.solve(common)
        return np.array([found.slope - change.slope, found.intercept - change.intercept])

    def criterion(self, common: Common, change: Change) -> float:
        """Return NaN: nothing is made least."""
        return float("nan")


def ratio_of_slopes(common: Common) -> float:
    """Return the mean slope of the source over that of the target."""
    return float(common.source.slope.mean() / common.target.slope.mean())


def ratio_of_spreads(common: Common) -> float:
    """Return the thresholds' standard deviation in the target over that in the source."""
    return float(thresholds(common.target).std() / thresholds(common.source).std())


def thresholds(parameters: ItemParameters) -> FloatArray:
    """Return all thresholds of a set in one row."""
    return parameters.threshold[np.isfinite(parameters.threshold)]


@dataclass(frozen=True, eq=False)
class ByCurves:
    """The change at which the weighted squares of the curves' differences are least."""

    residuals: Residuals
    weights: AbilityWeights
    symmetric: bool

    def solve(self, common: Common) -> Change:
        """Return the change of scale, by Gauss-Newton from mean/mean."""
        own = self._of(common)
        start = ByMeans(ratio_of_slopes).solve(common)
        fixed = common.has_unit_slopes
        begin = np.array([start.intercept] if fixed else [np.log(start.slope), start.intercept])
        found = least_squares(
            lambda free: own.differences(_at(free)),
            begin,
            lambda free: own.rates(_at(free)) @ _by_free(free),
            xtol=_TIGHT,
            ftol=_TIGHT,
            gtol=_TIGHT,
            max_nfev=_MOST_EVALUATIONS,
        )
        return _at(found.x)

    def equations(self, common: Common, change: Change) -> FloatArray:
        """Return the criterion's gradient."""
        own = self._of(common)
        return own.rates(change).T @ own.differences(change)

    def criterion(self, common: Common, change: Change) -> float:
        """Return the criterion."""
        return float(np.sum(self._of(common).differences(change) ** 2))

    def _of(self, common: Common) -> Criterion:
        return Criterion(common, self.weights, self.residuals, self.symmetric)


def _at(free: FloatArray) -> Change:
    """Return the change of free numbers: the slope's logarithm, unless it is 1, and intercept."""
    return Change(float(np.exp(free[:-1].sum())), float(free[-1]))


def _by_free(free: FloatArray) -> FloatArray:
    """Return the derivatives of slope and intercept in the free numbers, (2, n_free)."""
    slope = float(np.exp(free[:-1].sum()))
    return np.diag([slope, 1.0])[:, -free.size :]
