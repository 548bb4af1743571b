"""Proportional reductions of mean squared error (Haberman, 2008), from covariances of areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray
from itembank.subscoring.covariances import Covariances
from itembank.subscoring.results import Augmentation, Reporting


@dataclass(frozen=True, eq=False)
class Reductions:
    """Of each area, (n_areas,): NaN where it has no true variance; and the augmented weights."""

    subscore: FloatArray
    total: FloatArray
    augmented: FloatArray
    weights: FloatArray


def reductions(found: Covariances, augmentation: Augmentation) -> Reductions:
    """Return how much the subscore, the total, and both tell of each area's true score."""
    n_areas = len(found.true)
    truth = np.diag(found.true)
    known = truth > 0
    truth = np.where(known, truth, np.nan)
    with_total = found.true.sum(axis=1)
    weights = np.array(
        [
            _weights(found, area, augmentation) if known[area] else np.zeros(n_areas)
            for area in range(n_areas)
        ]
    )
    explained = np.einsum("ij,ij->i", weights, np.nan_to_num(found.true))
    return Reductions(
        subscore=_share(truth, np.diag(found.observed)),
        total=_share(with_total**2, truth * found.observed.sum()),
        augmented=_share(explained, truth),
        weights=weights,
    )


def _weights(found: Covariances, area: int, augmentation: Augmentation) -> FloatArray:
    """Return the regression of an area's true score on what it is helped by, by area."""
    n_areas = len(found.true)
    helpers = np.eye(n_areas)
    if augmentation is Augmentation.TOTAL:
        helpers = np.stack([helpers[area], np.ones(n_areas)])
    spread = helpers @ found.observed @ helpers.T
    shared = helpers @ found.true[area]
    return np.asarray(np.linalg.pinv(spread, hermitian=True) @ shared @ helpers)


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return a share of a variance; sampling error could bring it above 1."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.minimum(part / whole, 1.0)


def reportings(found: Reductions, gain: float) -> tuple[Reporting, ...]:
    """Return how each area is reported on: a comparison with NaN is false."""
    shown = found.subscore > found.total
    helped = found.augmented > np.fmax(found.subscore, found.total) + gain
    return tuple(
        Reporting.SHOWN if own else Reporting.AUGMENTED if both else Reporting.NOT_ENOUGH
        for own, both in zip(shown, helped, strict=True)
    )
