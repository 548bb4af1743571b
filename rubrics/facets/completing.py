"""Measures of all levels: those estimated, and those set aside and placed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from itembank.arguments import BoolArray, FloatArray, IntArray
from rubrics.facets.clouds import Clouds, Meetings
from rubrics.facets.design import Design
from rubrics.facets.extremes import Estimable
from rubrics.facets.fitting import Fitted
from rubrics.facets.placing import Placed, placed
from rubrics.facets.steps import StepRule


@dataclass(frozen=True, eq=False)
class Fit:
    """A design, what of it was estimated from, by which steps, and what was found."""

    design: Design
    found: Estimable
    rule: StepRule
    fitted: Fitted

    @cached_property
    def group_of_level(self) -> IntArray:
        """The group of each level of the facet that has groups, -1 where it has none."""
        if self.rule.facet is None:
            return np.zeros(1, dtype=np.int64)
        part, facet = self.found.part, self.rule.facet
        groups = np.full(self.design.size(facet), -1)
        groups[part.where[facet][part.design.levels[facet]]] = self.found.grouped.group
        return groups

    @cached_property
    def group(self) -> IntArray:
        """The group of each rating of the whole design, -1 where it has none."""
        if self.rule.facet is None:
            return np.zeros(self.design.n_ratings, dtype=np.int64)
        return np.asarray(self.group_of_level[self.design.levels[self.rule.facet]])

    @cached_property
    def score(self) -> FloatArray:
        """The category of each rating above the lowest of its group, among those in use."""
        steps = self.found.grouped.categories.reached(self.design.category, self.group)
        values = self.found.grouped.categories.valued()
        return np.asarray(values[self.group, steps] - values[self.group, 0])

    @cached_property
    def severities(self) -> tuple[Placed, ...]:
        """Of each facet but persons, what counts against the person, in the units of the search."""
        found = [self._estimated(facet) for facet in range(1, len(self.design.names))]
        for place, own in enumerate(found):
            others = found[:place] + found[place + 1 :]
            levels = np.delete(self.design.levels[1:], place, axis=0)
            location = self._location(others, levels)
            found[place] = self._with_extremes(own, self.design.levels[place + 1], location)
        return tuple(found)

    @cached_property
    def abilities(self) -> Placed:
        """Of persons: posterior means and SDs, or estimates where they are parameters."""
        clouds, fitted = self.fitted.clouds, self.fitted
        mean = (clouds.weights * clouds.theta).sum(axis=1)
        if not np.isnan(fitted.spacing):
            away = (clouds.theta - mean[:, np.newaxis]) ** 2
            return Placed(mean, np.sqrt((clouds.weights * away).sum(axis=1)))
        se = np.full(mean.size, np.nan)
        own = fitted.layout.of_facet(len(fitted.layout.sizes) - 1)
        se[self.found.part.where[0]] = fitted.errors[own]
        nobody = Clouds(np.zeros((mean.size, 1)), clouds.weights)
        location = self._location(list(self.severities), self.design.levels[1:])
        found = self._placed(Placed(-mean, se), self.design.levels[0], location, nobody)
        return Placed(-found.measure, found.se)

    @cached_property
    def location(self) -> FloatArray:
        """The sum of all that counts against the person in each rating."""
        return self._location(list(self.severities), self.design.levels[1:])

    def meetings(self, rows: BoolArray | IntArray, location: FloatArray) -> Meetings:
        """Return some ratings, as they are looked at with a location."""
        person, group = self.design.levels[0][rows], self.group[rows]
        return Meetings(person, location[rows], group, self.score[rows])

    def _estimated(self, facet: int) -> Placed:
        size, where = self.design.size(facet), self.found.part.where[facet]
        own = self.fitted.layout.of_facet(facet - 1)
        return Placed(
            _spread(size, where, self.fitted.point[own]),
            _spread(size, where, self.fitted.errors[own]),
        )

    def _location(self, found: list[Placed], levels: IntArray) -> FloatArray:
        location = np.zeros(self.design.n_ratings)
        for each, own in zip(found, levels, strict=True):
            location += each.measure[own]
        return location

    def _with_extremes(self, found: Placed, levels: IntArray, location: FloatArray) -> Placed:
        return self._placed(found, levels, location, self.fitted.clouds)

    def _placed(
        self, found: Placed, levels: IntArray, location: FloatArray, clouds: Clouds
    ) -> Placed:
        """What was found, with each missing level placed that met others which are measured."""
        known = np.isfinite(clouds.theta).all(axis=1)
        met = np.broadcast_to(known, self.design.size(0))[self.design.levels[0]]
        rows = np.isnan(found.measure)[levels] & met & np.isfinite(location) & (self.group >= 0)
        if not rows.any():
            return found
        where, codes = np.unique(levels[rows], return_inverse=True)
        own = self.meetings(rows, location)
        new = placed(own, codes, clouds, self.fitted.layout, self.fitted.point)
        measure, se = found.measure.copy(), found.se.copy()
        measure[where], se[where] = new.measure, new.se
        return Placed(measure, se)


def _spread(size: int, where: IntArray, values: FloatArray) -> FloatArray:
    found = np.full(size, np.nan)
    found[where] = values
    return found
