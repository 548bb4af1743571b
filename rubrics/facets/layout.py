"""Where each parameter stands in the vector that is searched, and where the scale has its origin.

Every facet counts against the person: ``eta = theta - sum of measures``. The vector has more
parameters than the ratings tell of, since facets may be shifted against each other; what is
reported does not depend on such shifts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from itembank.arguments import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Steps:
    """Steps that sum to 0 as they are reported: where they stand, and what each gains."""

    places: IntArray
    gains: FloatArray


@dataclass(frozen=True, eq=False)
class Layout:
    """Parameters in order: the levels of each facet, the steps, and `n_more` others.

    `gains` is how much higher each step leads, (n_groups, max steps), 0 where there is none;
    `steps_by` is the facet whose levels, the groups, have their own steps; where it is None all
    groups share the same, and some may have fewer.
    """

    sizes: tuple[int, ...]
    gains: FloatArray
    steps_by: int | None
    n_more: int = 0

    @cached_property
    def starts(self) -> IntArray:
        """Where each facet begins, and last where the steps do."""
        return np.concatenate([[0], np.cumsum(self.sizes)])

    @property
    def n_measures(self) -> int:
        """How many levels all facets have."""
        return int(self.starts[-1])

    @property
    def n_steps(self) -> int:
        """How many steps all groups have."""
        return int(self.steps.max()) + 1 - self.n_measures

    @property
    def n_parameters(self) -> int:
        """The length of the vector."""
        return self.n_measures + self.n_steps + self.n_more

    @property
    def n_shifts(self) -> int:
        """In how many ways measures can be shifted so that nothing changes."""
        return len(self.sizes) - 1 + len(self.sets)

    @cached_property
    def steps(self) -> IntArray:
        """Where each step stands, (n_groups, max steps), -1 where there is none."""
        found = np.full(self.gains.shape, -1)
        real = self.gains > 0
        own = np.nonzero(real)[1] if self.steps_by is None else np.arange(real.sum())
        found[real] = self.n_measures + own
        return found

    @cached_property
    def sets(self) -> tuple[Steps, ...]:
        """The steps of each group, or those that all share."""
        if self.steps_by is None:
            gains = self.gains.max(axis=0)
            return (Steps(self.n_measures + np.arange(gains.size), gains),)
        pairs = zip(self.steps, self.gains, strict=True)
        return tuple(Steps(places[own > 0], own[own > 0]) for places, own in pairs)

    def of_facet(self, facet: int) -> slice:
        """Return where the levels of a facet stand."""
        return slice(int(self.starts[facet]), int(self.starts[facet + 1]))

    def location(self, point: FloatArray, levels: IntArray) -> FloatArray:
        """Return the sum of the measures that each row of (n_facets, n_rows) levels meets."""
        return np.asarray(point[levels + self.starts[:-1, np.newaxis]].sum(axis=0))

    def thresholds(self, point: FloatArray) -> FloatArray:
        """Return thresholds (n_groups, max steps), 0 where there is none."""
        return np.where(self.steps < 0, 0.0, point[self.steps])
