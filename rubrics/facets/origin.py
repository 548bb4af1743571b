"""The convention by which measures are reported: every facet but one has mean 0."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, eye_array, lil_array

from itembank.arguments import FloatArray
from rubrics.facets.layout import Layout


@dataclass(frozen=True, eq=False)
class Origin:
    """A linear map from the searched vector to what is reported.

    `floating` is the facet of the layout whose mean is free, None for persons who are outside it.
    """

    layout: Layout
    floating: int | None

    @cached_property
    def base(self) -> csr_array:
        """The map that centres each set of steps; where steps belong to levels, these move."""
        found = lil_array(eye_array(self.layout.n_parameters))
        for group, own in enumerate(self.layout.sets):
            share = own.gains / own.gains.sum()
            found[np.ix_(own.places, own.places)] = np.eye(share.size) - share
            if self.layout.steps_by is not None:
                found[self.layout.starts[self.layout.steps_by] + group, own.places] = share
        return csr_array(found)

    @cached_property
    def means(self) -> FloatArray:
        """What gives the mean of each facet, (n_facets, n_parameters)."""
        found = np.zeros((len(self.layout.sizes), self.layout.n_parameters))
        for facet, size in enumerate(self.layout.sizes):
            found[facet, self.layout.of_facet(facet)] = 1 / size
        return np.asarray(found @ self.base)

    @cached_property
    def common_step(self) -> FloatArray:
        """What gives the mean of steps that no facet's levels take."""
        found = np.zeros(self.layout.n_parameters)
        if self.layout.steps_by is None:
            own = self.layout.sets[0]
            found[own.places] = own.gains / own.gains.sum()
        return found

    def shift(self, facet: int | None) -> FloatArray:
        """Return what gives the constant that is added to each measure of a facet.

        Of persons outside the layout, whose measures count for them, it is subtracted.
        """
        if facet != self.floating:
            return np.zeros(self.layout.n_parameters) if facet is None else -self.means[facet]
        others = [own for other, own in enumerate(self.means) if other != facet]
        return np.asarray(np.sum([self.common_step, *others], axis=0))

    def __call__(self, point: FloatArray) -> FloatArray:
        """Return a point as it is reported."""
        found = np.asarray(self.base @ point)
        for facet in range(len(self.layout.sizes)):
            found[self.layout.of_facet(facet)] += self.shift(facet) @ point
        return found
