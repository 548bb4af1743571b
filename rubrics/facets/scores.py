"""Ratings as scores: how far each went, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from itembank.arguments import FloatArray, IntArray
from rubrics.facets.extremes import Estimable


@dataclass(frozen=True, eq=False)
class Scores:
    """The group and the number of steps of each rating, and what steps gain in each group."""

    group: IntArray
    steps: IntArray
    gains: FloatArray

    @cached_property
    def gained(self) -> FloatArray:
        """What each rating gained at each step, (max steps, n_ratings)."""
        reached = np.arange(self.gains.shape[1])[:, np.newaxis] < self.steps
        return np.asarray(reached * self.gains[self.group].T)

    @cached_property
    def score(self) -> FloatArray:
        """The category of each rating, above the lowest of its group."""
        return np.asarray(self.gained.sum(axis=0))

    @property
    def share(self) -> FloatArray:
        """The score over the highest that there is."""
        return np.asarray(self.score / self.gains.sum(axis=1)[self.group])

    @property
    def counts(self) -> FloatArray:
        """How many ratings of each group ended at each step, (n_groups, max steps + 1)."""
        shape = len(self.gains), self.gains.shape[1] + 1
        found = np.bincount(self.group * shape[1] + self.steps, minlength=shape[0] * shape[1])
        return found.reshape(shape).astype(np.float64)


def scores_of(found: Estimable) -> Scores:
    """Return the scores of the ratings that are estimated from."""
    grouped = found.grouped
    steps = grouped.categories.reached(found.part.design.category, grouped.group)
    return Scores(grouped.group, steps, grouped.categories.gains)
