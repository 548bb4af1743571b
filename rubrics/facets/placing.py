"""Measures for what was set aside, with all else held fixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray, IntArray
from rubrics.facets.clouds import Clouds, Meetings
from rubrics.facets.layout import Layout

ADJUSTMENT = 0.3
"""How far inside the lowest or highest total an extreme one is taken to be."""
_ITERATIONS = 60
_ENOUGH = 1e-9


@dataclass(frozen=True, eq=False)
class Placed:
    """What counts against the person, of each level, and standard errors with all else fixed."""

    measure: FloatArray
    se: FloatArray


def placed(
    meetings: Meetings, levels: IntArray, clouds: Clouds, layout: Layout, point: FloatArray
) -> Placed:
    """Return where levels stand at which the total expected is the one adjusted.

    Levels are counted from 0, each with at least one rating.
    """
    size = int(levels.max()) + 1
    most = np.bincount(levels, layout.gains.sum(axis=1)[meetings.group], size)
    margin = np.minimum(ADJUSTMENT, most / 2)
    total = np.clip(np.bincount(levels, meetings.score, size), margin, most - margin)
    measure, weights = np.zeros(size), clouds.weights[meetings.person]
    for _ in range(_ITERATIONS):
        at = meetings.reached(clouds, layout, point, measure[levels])
        expected, variance = (
            np.bincount(levels, np.einsum("rq,rq->r", own, weights), size)
            for own in (at.mean, at.variance)
        )
        step = np.clip((expected - total) / np.maximum(variance, _ENOUGH), -1, 1)
        measure = measure + step
        if np.abs(step).max() < _ENOUGH:
            break
    return Placed(measure, 1 / np.sqrt(np.maximum(variance, _ENOUGH)))
