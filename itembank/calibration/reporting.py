"""From where the search ended to what is reported: slopes, thresholds, standard errors, flags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotri
from scipy.sparse import coo_array, csr_array

from itembank.arguments import FloatArray
from itembank.calibration.adequacy import SLOPE_SE, THRESHOLD_SE
from itembank.calibration.anchors import Anchors
from itembank.calibration.estimated import Latent, Parameter, Place, StandardErrors
from itembank.calibration.layout import Cluster
from itembank.calibration.point import Point, Space
from itembank.calibration.results import Collapsed, Concern, Flag
from itembank.parameters import ItemParameters, Model

_FLAT = 0.2
_STEEP = 8.0
_REACH = 4.0
_BOUND = 1e-4


@dataclass(frozen=True, eq=False)
class Errors:
    """The covariance of free parameters as reported, and its standard errors in their places."""

    covariance: FloatArray
    items: StandardErrors
    latent: FloatArray
    """Of means and SDs, (n_groups, 2), NaN where fixed."""


def parameters_at(
    clusters: Sequence[Cluster], at: Point, anchors: Anchors | None
) -> ItemParameters:
    """Return item parameters in the caller's order; those of anchors are as they were given."""
    pairs = zip(clusters, at.items, strict=True)
    wide = _wide(clusters, [cluster.family.reported(x) for cluster, x in pairs])
    models: list[Model] = [Model.RASCH] * _n_items(clusters)
    for cluster in clusters:
        for place in cluster.items:
            models[place] = cluster.model
    if anchors is not None:
        _restore(wide, anchors)
    guessing, upper = np.nan_to_num(wide.guessing, nan=0.0), np.nan_to_num(wide.upper, nan=1.0)
    return ItemParameters(models, wide.slope, wide.threshold, guessing, upper)


def _restore(wide: StandardErrors, anchors: Anchors) -> None:
    items, known = list(anchors.items), anchors.parameters
    for name in ("slope", "guessing", "upper"):
        getattr(wide, name)[items] = getattr(known, name)
    width = min(wide.threshold.shape[1], known.threshold.shape[1])
    wide.threshold[items, :width] = known.threshold[:, :width]


def _wide(clusters: Sequence[Cluster], values: list[FloatArray]) -> StandardErrors:
    """Spread values by cluster, in the shape of reported parameters, over all items."""
    steps = max(cluster.family.n_categories for cluster in clusters) - 1
    table = np.full((_n_items(clusters), steps + 3), np.nan)
    for cluster, own in zip(clusters, values, strict=True):
        rows = cluster.items
        n_steps = cluster.family.n_categories - 1
        table[rows, : n_steps + 1] = own[:, : n_steps + 1]
        table[rows, steps + 1 : steps + own.shape[1] - n_steps] = own[:, n_steps + 1 :]
    return StandardErrors(table[:, 0], table[:, 1:-2], table[:, -2], table[:, -1])


def _n_items(clusters: Sequence[Cluster]) -> int:
    return sum(len(cluster.items) for cluster in clusters)


def places(space: Space) -> tuple[Place, ...]:
    """Return what each free parameter is, in the order of the covariance."""
    found = [place for cluster in space.clusters for place in _item_places(cluster)]
    kinds = (Parameter.MEAN, Parameter.SD)
    found += [
        Place(kinds[which], group=int(group)) for group, which in np.argwhere(space.free_latent)
    ]
    return tuple(found)


def _item_places(cluster: Cluster) -> Iterator[Place]:
    steps = cluster.family.n_categories - 1
    kinds = [(Parameter.SLOPE, 0), *((Parameter.THRESHOLD, step) for step in range(steps))]
    kinds += [(Parameter.GUESSING, 0), (Parameter.UPPER, 0)]
    for row, which in np.argwhere(cluster.choices):
        parameter, step = kinds[which]
        shared = cluster.is_tied and parameter is Parameter.SLOPE
        yield Place(parameter, None if shared else int(cluster.items[row]), step)


def errors(space: Space, at: Point, information: FloatArray) -> Errors:
    """Return covariance and standard errors.

    NaN where the information is not positive, and for an asymptote at its bound, where the delta
    method says nothing: the others are then as if it were known.
    """
    jacobian = _jacobian(space, at)
    inside = np.flatnonzero(space.resolution(at) > 4 * _BOUND)
    inverse = np.full_like(information, np.nan)
    inverse[np.ix_(inside, inside)] = _inverse(information[np.ix_(inside, inside)])
    covariance = jacobian @ (jacobian @ inverse).T
    variance = np.diag(covariance)
    with np.errstate(invalid="ignore"):
        spread = np.sqrt(np.where(variance > 0, variance, np.nan))
    values, first = [], 0
    for cluster in space.clusters:
        own = np.full(cluster.free.shape, np.nan)
        own[cluster.choices] = spread[first : (first := first + int(cluster.choices.sum()))]
        if cluster.is_tied:
            own[:, 0] = own[0, 0]
        values.append(own)
    latent = np.full(at.latent.shape, np.nan)
    latent[space.free_latent] = spread[first:]
    return Errors(covariance, _wide(space.clusters, values), latent)


def _inverse(information: FloatArray) -> FloatArray:
    """Return the inverse, or NaN everywhere where it is not positive definite."""
    scale = np.sqrt(np.abs(np.diag(information)))
    scale[scale == 0] = 1.0
    factor, fault = dpotrf(information / np.outer(scale, scale), lower=True)
    if fault:
        return np.full_like(information, np.nan)
    lower = np.tril(dpotri(factor, lower=True)[0])
    return np.asarray((lower + np.tril(lower, -1).T) / np.outer(scale, scale))


def _jacobian(space: Space, at: Point) -> csr_array:
    """Return derivatives of what is reported in the free internal parameters."""
    parts: list[FloatArray] = []
    first = 0
    for cluster, x in zip(space.clusters, at.items, strict=True):
        where = _where(cluster, first)
        own = cluster.family.jacobian(x)
        item, row, column = np.nonzero((where[:, :, np.newaxis] >= 0) & (where[:, np.newaxis] >= 0))
        if cluster.is_tied:
            item, row, column = np.array([item, row, column])[:, (item == 0) | (row > 0)]
        parts.append(np.stack([where[item, row], where[item, column], own[item, row, column]]))
        first += int(cluster.choices.sum())
    slopes = np.stack([np.ones(len(at.latent)), np.exp(at.latent[:, 1])], axis=1)
    latent = slopes[space.free_latent]
    places = first + np.arange(len(latent))
    parts.append(np.stack([places, places, latent]))
    row, column, value = np.concatenate(parts, axis=1)
    found = coo_array((value, (row.astype(int), column.astype(int)))).tocsr()
    found.eliminate_zeros()
    return found


def _where(cluster: Cluster, first: int) -> FloatArray:
    """Return where each parameter of each item stands in the vector, -1 where it is fixed."""
    where = np.full(cluster.free.shape, -1)
    where[cluster.choices] = first + np.arange(int(cluster.choices.sum()))
    if cluster.is_tied:
        where[:, 0] = first
    return where


def latents(at: Point, spread: FloatArray) -> tuple[Latent, ...]:
    """Return the distributions of the groups."""
    return tuple(
        Latent(float(mean), float(np.exp(log_sd)), float(mean_se), float(sd_se))
        for (mean, log_sd), (mean_se, sd_se) in zip(at.latent, spread, strict=True)
    )


def flags(
    parameters: ItemParameters,
    standard_errors: StandardErrors | None,
    latent: tuple[Latent, ...],
    items: tuple[int, ...],
) -> tuple[Flag, ...]:
    """Return what should be looked at among the items that were estimated."""
    low = min(each.mean - _REACH * each.sd for each in latent)
    high = max(each.mean + _REACH * each.sd for each in latent)
    found: list[Flag] = []
    for item in items:
        found += _of_slope(item, float(parameters.slope[item]))
        own = parameters.threshold[item]
        outside = own[np.isfinite(own) & ((own < low) | (own > high))]
        if outside.size:
            detail = f"threshold {outside[0]:.2f}; the groups reach from {low:.1f} to {high:.1f}"
            found.append(Flag(item, Concern.OUTSIDE_DATA, detail))
        if standard_errors is not None:
            found += _of_errors(item, parameters, standard_errors)
    return tuple(found)


def of_collapsed(collapsed: Sequence[Collapsed]) -> Iterator[Flag]:
    """Yield what should be looked at of items whose categories were put together."""
    for each in collapsed:
        detail = f"scores {each.scores} for 0 to {len(each.scores) - 1}"
        yield Flag(each.item, Concern.CATEGORY_COLLAPSED, detail)


def _of_slope(item: int, slope: float) -> list[Flag]:
    detail = f"slope {slope:.2f}"
    if abs(slope) < _FLAT:
        return [Flag(item, Concern.SLOPE_NEAR_ZERO, detail)]
    if slope < 0:
        return [Flag(item, Concern.SLOPE_NEGATIVE, detail)]
    return [Flag(item, Concern.SLOPE_VERY_STEEP, detail)] if slope > _STEEP else []


def _of_errors(item: int, parameters: ItemParameters, spread: StandardErrors) -> list[Flag]:
    steps = np.isfinite(parameters.threshold[item])
    thresholds = spread.threshold[item, steps]
    if not np.all(np.isfinite(thresholds)):
        return [Flag(item, Concern.NO_STANDARD_ERROR, "the information is not positive")]
    found = list(_of_bounds(item, parameters, spread))
    if thresholds.max() > THRESHOLD_SE:
        detail = f"threshold {thresholds.max():.2f}, at most {THRESHOLD_SE}"
        found.append(Flag(item, Concern.IMPRECISE, detail))
    if spread.slope[item] > SLOPE_SE:
        detail = f"slope {spread.slope[item]:.2f}, at most {SLOPE_SE}"
        found.append(Flag(item, Concern.IMPRECISE, detail))
    return found


def _of_bounds(item: int, parameters: ItemParameters, spread: StandardErrors) -> Iterator[Flag]:
    model = parameters.model[item]
    for has, name in ((model.has_guessing, "guessing"), (model.has_upper, "upper")):
        if has and np.isnan(getattr(spread, name)[item]):
            detail = f"{name} {getattr(parameters, name)[item]:.2f}, at its bound"
            yield Flag(item, Concern.NO_STANDARD_ERROR, detail)
