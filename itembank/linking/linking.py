"""Linking: the change of scale that brings two calibrations of common items together."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import (
    FloatArray,
    IntArray,
    distinct,
    finite,
    numbers,
    require,
    sentence_fault,
)
from itembank.calibrated import Calibrated, parameters_of
from itembank.calibration.results import Calibration
from itembank.faults import chosen
from itembank.linking.criteria import Common, of_items, of_tests
from itembank.linking.errors import Uncertain, covariance_of
from itembank.linking.solving import (
    ByCurves,
    ByMeans,
    Solver,
    ratio_of_slopes,
    ratio_of_spreads,
    thresholds,
)
from itembank.linking.transforming import Change, changed
from itembank.linking.weighting import AbilityWeights, uniform
from itembank.parameters import ItemParameters

"""Parameters, with their covariances where they come as a calibration."""


_FEWEST = 2


class LinkingMethod(StrEnum):
    """How the change of scale is found."""

    MEAN_MEAN = "mean/mean"
    """Mean slopes and mean thresholds agree (Loyd & Hoover, 1980)."""
    MEAN_SIGMA = "mean/sigma"
    """Mean and standard deviation of the thresholds agree (Marco, 1977)."""
    HAEBARA = "haebara"
    """The items' curves differ least (Haebara, 1980)."""
    STOCKING_LORD = "stocking-lord"
    """The test characteristic curves differ least (Stocking & Lord, 1983)."""

    @property
    def compares_curves(self) -> bool:
        """Whether curves are compared, at abilities that have to be chosen."""
        return self in {LinkingMethod.HAEBARA, LinkingMethod.STOCKING_LORD}


@dataclass(frozen=True, eq=False)
class Linking:
    """The scale of a target: ``theta_target = slope theta_source + intercept``.

    Attributes
    ----------
    slope, intercept : float
        The change of scale; the slope has no unit, the intercept is in logits of the target.
    se : ndarray, shape (2,)
        Their standard errors, NaN where source or target came without covariances; 0 of a slope
        that the models fix at 1.
    covariance : ndarray, shape (2, 2)
    method : LinkingMethod
    weights : AbilityWeights or None
        At which abilities curves were compared; None where they were not.
    symmetric : bool
        Whether they were compared on both scales.
    criterion : float
        What is left of the sum of squares; NaN where there was none.
    common : tuple of (int, int)
        Which item of the source is which of the target.
    """

    slope: float
    intercept: float
    se: FloatArray
    covariance: FloatArray
    method: LinkingMethod
    weights: AbilityWeights | None
    symmetric: bool
    criterion: float
    common: tuple[tuple[int, int], ...] = field(repr=False)

    @property
    def change(self) -> Change:
        """The change of scale alone."""
        return Change(self.slope, self.intercept)

    def theta(self, theta: ArrayLike) -> FloatArray:
        """Return abilities of the source on the scale of the target."""
        return self.slope * numbers("theta", theta) + self.intercept

    def apply(self, parameters: ItemParameters) -> ItemParameters:
        """Return parameters of the source on the scale of the target.

        Where the slope is not 1, Rasch items become 1PL, and PCM items GPCM.
        """
        return changed(parameters, self.change)


def link(
    source: Calibrated,
    target: Calibrated,
    method: str | LinkingMethod = LinkingMethod.STOCKING_LORD,
    *,
    common: ArrayLike | None = None,
    weights: AbilityWeights | None = None,
    symmetric: bool = False,
) -> Linking:
    """Return the change of scale from a source to a target, by the items that both have.

    Haebara's criterion is the weighted sum over abilities of the squared differences of every
    category curve, Stocking and Lord's of the test characteristic curves, with the source's items
    moved to the target's scale; `symmetric` adds the same with the target's moved to the source's.
    The abilities and their weights move the result and are kept in it. Where the slope of every
    common item is 1 by its model, the slope of the change is 1.

    Haebara's takes both categories of an item that is right or wrong. Where all items are such, it
    is twice that of programs which square the probability of the right answer alone, with the same
    constants; beside graded items, those of right and wrong weigh twice as much as there.

    Standard errors are by the delta method, from the covariances of the two calibrations, which are
    taken as independent of each other. In simulations that of the slope of mean/sigma is about a
    tenth too small with a dozen items; the others agree with the spread of replications.

    Parameters
    ----------
    source, target : ItemParameters or Calibration
    method : str or LinkingMethod
        mean/mean, mean/sigma, haebara or stocking-lord.
    common : array_like, shape (n_common, 2), optional
        Places of the common items in source and target. By default those of the same id, where both
        are calibrations with ids, and otherwise all, in the same order.
    weights : AbilityWeights, optional
        On the target's scale; on the source's as well where `symmetric`. By default 161 equally
        weighted nodes from -4 to 4.
    symmetric : bool
        Of the two criteria alone.

    Returns
    -------
    Linking

    Raises
    ------
    ValueError
        Where there are fewer than two common items (one, where all slopes are 1), where they have
        other numbers of categories or slopes that are not positive, and where an argument is not
        as said here.

    References
    ----------
    Kolen, M. J., & Brennan, R. L. (2014). Test equating, scaling, and linking (3rd ed.). Springer.
    Ogasawara, H. (2001). Standard errors of item response theory equating/linking by response
    function methods. Applied Psychological Measurement, 25(1), 53-67.
    """
    kind = chosen("method", LinkingMethod, method)
    grid = (weights or uniform()) if kind.compares_curves else None
    pairs = _pairs(source, target, common)
    both = _common(source, target, pairs, kind)
    solver = _solver(kind, grid, symmetric)
    change = solver.solve(both)
    one, other = _uncertain(source, pairs[:, 0]), _uncertain(target, pairs[:, 1])
    covariance = np.full((2, 2), np.nan)
    if one is not None and other is not None:
        covariance = covariance_of(solver, both, change, one, other)
    return Linking(
        slope=change.slope,
        intercept=change.intercept,
        se=np.sqrt(np.diag(covariance)),
        covariance=covariance,
        method=kind,
        weights=grid,
        symmetric=symmetric and kind.compares_curves,
        criterion=solver.criterion(both, change),
        common=tuple((int(own), int(there)) for own, there in pairs),
    )


def _solver(kind: LinkingMethod, grid: AbilityWeights | None, symmetric: bool) -> Solver:
    if grid is None:
        return ByMeans(ratio_of_slopes if kind is LinkingMethod.MEAN_MEAN else ratio_of_spreads)
    return ByCurves(of_items if kind is LinkingMethod.HAEBARA else of_tests, grid, symmetric)


def _uncertain(calibrated: Calibrated, own: IntArray) -> Uncertain | None:
    """Return the items with their covariance; None where it is not known."""
    if isinstance(calibrated, ItemParameters) or calibrated.covariance is None:
        return None
    return Uncertain(calibrated, calibrated.covariance, own)


def _pairs(source: Calibrated, target: Calibrated, common: ArrayLike | None) -> IntArray:
    """Return the places of the common items in source and target, shape (n_common, 2)."""
    if common is not None:
        return _given_pairs(
            common, parameters_of(source, "source"), parameters_of(target, "target")
        )
    names = _names(source), _names(target)
    if names[0] is not None and names[1] is not None:
        places = {name: place for place, name in enumerate(names[1])}
        found = [(own, places[name]) for own, name in enumerate(names[0]) if name in places]
        return np.array(found, dtype=np.int64).reshape(-1, 2)
    numbers_of = parameters_of(source, "source").n_items, parameters_of(target, "target").n_items
    if numbers_of[0] != numbers_of[1]:
        allowed = f"of {numbers_of[0]} items as the source is, or `common` given"
        raise sentence_fault("target", allowed, f"{numbers_of[1]}")
    return np.repeat(np.arange(numbers_of[0])[:, np.newaxis], 2, axis=1)


def _names(calibrated: Calibrated) -> tuple[Hashable, ...] | None:
    return calibrated.item_ids if isinstance(calibrated, Calibration) else None


def _given_pairs(common: ArrayLike, source: ItemParameters, target: ItemParameters) -> IntArray:
    pairs = finite("common", common, ndim=2, shape="(n_common, 2)")
    if pairs.shape[1:] != (2,):
        raise sentence_fault("common", "of shape (n_common, 2)", f"shape {pairs.shape}")
    most = np.array([source.n_items, target.n_items])
    allowed = f"places from 0 to {most[0] - 1} and from 0 to {most[1] - 1}"
    require((pairs >= 0) & (pairs < most) & (pairs % 1 == 0), "common", allowed, pairs)
    for column in pairs.T:
        distinct("common", column.tolist())
    return pairs.astype(np.int64)


def _common(source: Calibrated, target: Calibrated, pairs: IntArray, kind: LinkingMethod) -> Common:
    """Return the common items, or say what is wrong with them."""
    if not len(pairs):
        raise sentence_fault("common", "one item or more", "none")
    both = Common(
        parameters_of(source, "source").take(pairs[:, 0]),
        parameters_of(target, "target").take(pairs[:, 1]),
    )
    if len(pairs) < _FEWEST and not both.has_unit_slopes:
        allowed = f"{_FEWEST} items or more, where slopes are free"
        raise sentence_fault("common", allowed, f"{len(pairs)}")
    for name, each in (("source", both.source), ("target", both.target)):
        require(each.slope > 0, name, "of positive slopes at common items", each.slope)
        if kind is LinkingMethod.MEAN_SIGMA and not np.ptp(thresholds(each)):
            raise sentence_fault(name, "of thresholds that differ, for mean/sigma", "all alike")
    alike = both.source.n_categories == both.target.n_categories
    allowed = "of as many categories as the source is, at common items"
    require(alike, "target", allowed, both.target.n_categories)
    return both
