"""Where persons may be: points with weights, one point each where persons are parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray, IntArray
from rubrics.facets.categories import Reached, reached
from rubrics.facets.layout import Layout


@dataclass(frozen=True, eq=False)
class Clouds:
    """Abilities (n_persons or 1, n_nodes) and how likely each is, (n_persons, n_nodes)."""

    theta: FloatArray
    weights: FloatArray

    def of(self, person: IntArray) -> FloatArray:
        """Return the abilities of persons, (n, n_nodes) or (1, n_nodes)."""
        return self.theta if len(self.theta) == 1 else self.theta[person]


@dataclass(frozen=True, eq=False)
class Meetings:
    """Ratings as they are looked at after estimation: who, how much the rest takes off, and steps.

    `location` is the sum of measures, (n_ratings,); `score` the category above the lowest.
    """

    person: IntArray
    location: FloatArray
    group: IntArray
    score: FloatArray

    def part(self, rows: IntArray) -> Meetings:
        """Return some of the ratings."""
        own = self.person[rows], self.location[rows], self.group[rows], self.score[rows]
        return Meetings(*own)

    def reached(
        self, clouds: Clouds, layout: Layout, point: FloatArray, added: FloatArray | float = 0.0
    ) -> Reached:
        """Return probabilities at each node, (n_ratings, n_nodes); `added` is taken off as well."""
        eta = clouds.of(self.person) - (self.location + added)[:, np.newaxis]
        thresholds = layout.thresholds(point)[self.group]
        return reached(eta, thresholds, layout.gains[self.group])
