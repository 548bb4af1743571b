"""The information that rows of ratings hold on levels and steps, were the persons known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_array, csr_array

from itembank.arguments import FloatArray, IntArray
from rubrics.facets.categories import Reached, reached
from rubrics.facets.layout import Layout


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows that ratings fall in: the levels (n_facets, n_rows) that they meet, and their steps."""

    layout: Layout
    levels: IntArray
    group: IntArray

    def incidence(self) -> csr_array:
        """Return which level each row meets, (n_rows, n_measures)."""
        n_facets, n_rows = self.levels.shape
        columns = (self.levels + self.layout.starts[:-1, np.newaxis]).T.ravel()
        pointers = np.arange(0, n_rows * n_facets + 1, n_facets)
        shape = (n_rows, self.layout.n_measures)
        return csr_array((np.ones(columns.size), columns, pointers), shape=shape)

    def reached(self, point: FloatArray, theta: FloatArray) -> Reached:
        """Return the probabilities of each row; `theta` is one for each row, or (1, n_nodes)."""
        location = self.layout.location(point, self.levels)
        eta = theta - location.reshape(-1, *(1,) * (theta.ndim - 1))
        thresholds = self.layout.thresholds(point)[self.group]
        return reached(eta, thresholds, self.layout.gains[self.group])

    def totals(self, values: FloatArray, steps: FloatArray) -> FloatArray:
        """Return sums of `values` (n_rows,) for each level and of `steps` for each step."""
        found = np.zeros(self.layout.n_parameters)
        for facet, (levels, size) in enumerate(zip(self.levels, self.layout.sizes, strict=True)):
            found[self.layout.of_facet(facet)] = np.bincount(levels, values, size)
        by_group = self.by_group(steps)
        real = self.layout.steps >= 0
        np.add.at(found, self.layout.steps[real], by_group[real])
        return found

    def by_group(self, steps: FloatArray) -> FloatArray:
        """Return sums of (n_steps, n_rows) for each set of steps, (n_groups, n_steps)."""
        n_groups = len(self.layout.gains)
        return np.array([np.bincount(self.group, own, n_groups) for own in steps]).T

    def information(self, at: Reached, weights: FloatArray | None = None) -> csr_array:
        """Return the expected information, (n_parameters, n_parameters), without what is more.

        Where rows hold (n_nodes,) each, `weights` (n_rows, n_nodes) say how many persons are there.
        """
        n_steps = len(at.above)
        incidence = self.incidence()
        measures = incidence.T @ _scaled(incidence, _weighed(at.variance, weights))
        each = np.array([_weighed(at.with_step(step), weights) for step in range(n_steps)])
        mixed = incidence.T @ self._in_steps(each)
        return csr_array(block_array([[measures, mixed], [mixed.T, self._steps(at, weights)]]))

    def _in_steps(self, values: FloatArray) -> csr_array:
        """Spread (n_steps, n_rows) over the columns of steps."""
        columns = self.layout.steps[self.group] - self.layout.n_measures
        real = columns >= 0
        rows = np.nonzero(real)[0]
        shape = (self.group.size, self.layout.n_steps)
        return csr_array((values.T[real], (rows, columns[real])), shape=shape)

    def _steps(self, at: Reached, weights: FloatArray | None) -> FloatArray:
        size = self.layout.n_steps
        found, places = np.zeros((size, size)), self.layout.steps - self.layout.n_measures
        for one in range(len(at.above)):
            values = [_weighed(at.of_steps(one, other), weights) for other in range(one + 1)]
            by_group = self.by_group(np.array(values))
            for own, total in zip(places, by_group, strict=True):
                if own[one] >= 0:
                    found[own[one], own[: one + 1]] += total
        return found + np.tril(found, -1).T


def _weighed(values: FloatArray, weights: FloatArray | None) -> FloatArray:
    return values if weights is None else np.einsum("rq,rq->r", values, weights)


def _scaled(matrix: csr_array, factors: FloatArray) -> csr_array:
    """The rows of a matrix of ones, each times a factor."""
    data = np.repeat(factors, np.diff(matrix.indptr))
    return csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
