"""The marginal likelihood: persons are integrated over, on a grid finer than any posterior."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import block_diag, csr_array

from itembank.arguments import FloatArray, sentence_fault
from rubrics.facets.categories import Reached
from rubrics.facets.design import Design, cell_codes
from rubrics.facets.information import Rows
from rubrics.facets.layout import Layout
from rubrics.facets.posterior import Pattern, pattern_of
from rubrics.facets.scores import Scores

REACH = 6.0
"""Standard deviations of the population that the grid covers, either way."""
WIDEST = 1.0
"""Largest spacing, in standard deviations of the narrowest posterior."""
MOST_NODES = 4_001
LEAST_SD = 0.01
"""Of the population: persons who differ less are as good as alike, and the search goes no lower."""


@dataclass(frozen=True, eq=False)
class Cells:
    """What is computed once: which cells there are, who was rated in them, and how high.

    A cell is a combination of levels of all facets but persons; probabilities are the same for
    everybody whom it holds.
    """

    rows: Rows
    present: csr_array
    """(n_persons, n_cells), 1 where a person was rated."""
    person_totals: FloatArray
    observed: FloatArray
    """Sums of scores for each level, and of what was gained by each step."""
    pattern: Pattern


def cells_of(design: Design, scores: Scores, layout: Layout) -> Cells:
    """Return the cells of a design whose ratings have scores."""
    codes = cell_codes(design, range(1, len(design.names)))
    _, first, cell = np.unique(codes, return_index=True, return_inverse=True)
    person, ones = design.levels[0], np.ones(design.n_ratings)
    rows = Rows(layout, design.levels[1:, first], scores.group[first])
    return Cells(
        rows,
        csr_array((ones, (person, cell)), shape=(design.size(0), first.size)),
        np.asarray(np.bincount(person, scores.score, design.size(0))),
        Rows(layout, design.levels[1:], scores.group).totals(scores.score, scores.gained),
        pattern_of(person, cell, rows),
    )


@dataclass(frozen=True, eq=False)
class MarginalAt:
    """The marginal likelihood at a point, on a grid; the last parameter is the log SD."""

    cells: Cells
    point: FloatArray
    nodes: FloatArray

    @property
    def sd(self) -> float:
        """The standard deviation of the population."""
        return float(np.exp(self.point[-1]))

    @property
    def is_bounded(self) -> bool:
        """Whether the population is as narrow as it may be."""
        return bool(self.point[-1] <= np.log(LEAST_SD))

    @cached_property
    def reached(self) -> Reached:
        """The probabilities in each cell at each node."""
        return self.cells.rows.reached(self.point, self.nodes[np.newaxis])

    @cached_property
    def _joint(self) -> FloatArray:
        """Log densities (n_persons, n_nodes) of ratings and ability, but for a constant."""
        found = self.cells.person_totals[:, np.newaxis] * self.nodes
        found -= self.cells.present @ self.reached.log_normaliser
        found += -((self.nodes / self.sd) ** 2) / 2
        return np.asarray(found)

    @cached_property
    def _highest(self) -> FloatArray:
        return np.asarray(self._joint.max(axis=1, keepdims=True))

    @cached_property
    def _relative(self) -> FloatArray:
        return np.exp(self._joint - self._highest)

    @cached_property
    def posterior(self) -> FloatArray:
        """The probability of each node, (n_persons, n_nodes)."""
        return np.asarray(self._relative / self._relative.sum(axis=1, keepdims=True))

    @cached_property
    def log_likelihood(self) -> float:
        """The marginal log-likelihood."""
        each = np.log(self._relative.sum(axis=1)) + self._highest[:, 0]
        width = (self.nodes[1] - self.nodes[0]) / (self.sd * np.sqrt(2 * np.pi))
        constant = self.cells.observed @ self.point
        return float(each.sum() + each.size * np.log(width) - constant)

    @cached_property
    def weights(self) -> FloatArray:
        """How many persons each cell has at each node."""
        return np.asarray(self.cells.present.T @ self.posterior)

    @cached_property
    def prior_score(self) -> FloatArray:
        """The slope of the log prior in the log SD, at each node."""
        return np.asarray((self.nodes / self.sd) ** 2 - 1)

    @cached_property
    def gradient(self) -> FloatArray:
        """The slope of the log-likelihood, by Fisher's identity."""
        above = np.array([_at_rows(own, self.weights) for own in self.reached.above])
        found = self.cells.rows.totals(above.sum(axis=0), above) - self.cells.observed
        found[-1] = (self.posterior @ self.prior_score).sum()
        if self.is_bounded:
            found[-1] = max(found[-1], 0.0)
        return np.asarray(found)

    def information(self) -> csr_array:
        """Return the observed information, by Louis' identity."""
        complete = self.cells.rows.information(self.reached, self.weights)
        spread = 2 * (self.posterior @ (self.nodes / self.sd) ** 2).sum()
        missing = self.cells.pattern.missing(self.reached, self.posterior, self.prior_score)
        found = csr_array(block_diag([complete, [[spread]]]) - missing)
        return _without_last(found) if self.is_bounded else found

    @cached_property
    def ability(self) -> FloatArray:
        """The posterior mean of each person."""
        return np.asarray(self.posterior @ self.nodes)

    @cached_property
    def ability_sd(self) -> FloatArray:
        """The posterior standard deviation of each person."""
        variance = self.posterior @ self.nodes**2 - self.ability**2
        return np.sqrt(np.maximum(variance, 0))


def _at_rows(values: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("rq,rq->r", values, weights))


def _without_last(matrix: csr_array) -> csr_array:
    """The matrix with a last parameter that nothing else goes with."""
    return csr_array(block_diag([matrix[:-1][:, :-1], [[1.0]]]))


@dataclass
class Marginal:
    """Evaluates points, on grids whose spacing it learns from the posteriors found on the last."""

    cells: Cells
    spacing: float = field(default=np.inf)

    def __call__(self, point: FloatArray) -> MarginalAt:
        """Return the likelihood at a point, on a grid that is fine enough for every posterior."""
        point = _bounded(point)
        while True:
            at = MarginalAt(self.cells, point, self._nodes(float(np.exp(point[-1]))))
            narrowest, spacing = float(at.ability_sd.min()), at.nodes[1] - at.nodes[0]
            if spacing <= WIDEST * narrowest:
                return at
            self.spacing = max(0.8 * WIDEST * narrowest, spacing / 4)

    def _nodes(self, sd: float) -> FloatArray:
        spacing = min(self.spacing, sd / 2)
        half = int(np.ceil(REACH * sd / spacing))
        if 2 * half + 1 > MOST_NODES:
            raise sentence_fault(
                "ratings", "such that a grid holds every posterior", f"a spacing of {spacing:.2g}"
            )
        return np.linspace(-REACH * sd, REACH * sd, 2 * half + 1)


def _bounded(point: FloatArray) -> FloatArray:
    return np.append(point[:-1], max(point[-1], np.log(LEAST_SD)))
