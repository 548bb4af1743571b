"""Where the scale lies when thresholds have priors: the likelihood is the same on every scale.

EM alone would go to the priors' place in steps as small as the priors weigh beside the data.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

from itembank.arguments import FloatArray
from itembank.calibration.layout import Cluster
from itembank.calibration.maximisation import log_prior
from itembank.calibration.point import Point, Space
from itembank.calibration.priors import Normals, Priors

_LARGEST = 1.0
"""Of the logarithm of the unit, in one step."""


def recentred(space: Space, at: Point, priors: Priors) -> Point:
    """Return the same curves on the scale that the priors on thresholds and slopes like best."""
    if priors.threshold is None or not space.free_latent.all():
        return at
    if not all(np.all(x[:, 0] > 0) for x in at.items):
        return at
    if _has_unit(space):
        return _moved(space, at, priors.threshold, 0.0)

    def loss(log_unit: float) -> float:
        return -log_prior(space.clusters, _moved(space, at, priors.threshold, log_unit), priors)

    found = minimize_scalar(loss, bounds=(-_LARGEST, _LARGEST), method="bounded", options=_EXACT)
    return _moved(space, at, priors.threshold, float(found.x))


_EXACT = {"xatol": 1e-9}


def _has_unit(space: Space) -> bool:
    """Return whether some item has a slope that is fixed, which is the unit of the scale."""
    return any(not np.all(cluster.free[:, 0]) for cluster in space.clusters)


def _moved(space: Space, at: Point, prior: Normals | None, log_unit: float) -> Point:
    """Return a point in another unit, with the origin that the priors on thresholds like best."""
    unit = float(np.exp(log_unit))
    origin = 0.0 if prior is None else _origin(space, at, prior, unit)
    items = [
        _on_scale(cluster, x, unit, origin)
        for cluster, x in zip(space.clusters, at.items, strict=True)
    ]
    latent = np.stack([unit * at.latent[:, 0] + origin, at.latent[:, 1] + log_unit], axis=1)
    return Point(tuple(items), latent)


def _origin(space: Space, at: Point, prior: Normals, unit: float) -> float:
    total = weight = 0.0
    for cluster, x in zip(space.clusters, at.items, strict=True):
        if cluster.is_dichotomous:
            own = prior.take(cluster.items[cluster.free[:, 1]])
            mass = np.nan_to_num(1 / own.sd**2)
            threshold = cluster.family.threshold(x)[cluster.free[:, 1], 0]
            total += float(mass @ np.nan_to_num(own.mean - unit * threshold))
            weight += float(mass.sum())
    return total / weight


def _on_scale(cluster: Cluster, x: FloatArray, unit: float, origin: float) -> FloatArray:
    slope, threshold = x[:, 0] / unit, unit * cluster.family.threshold(x) + origin
    found = x.copy()
    found[:, 0] = slope
    found[:, 1 : cluster.family.n_categories] = cluster.family.intercept(slope, threshold)
    return found
