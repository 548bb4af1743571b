"""How items are laid out in tables: families together, one column for each score above 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from itembank.arguments import BoolArray, FloatArray, IntArray, ScoreArray
from itembank.calibration.families import Family
from itembank.parameters import Model


@dataclass(frozen=True, eq=False)
class Cluster:
    """Items of one model and number of categories, and which of their parameters are free."""

    model: Model
    family: Family
    items: IntArray
    """Their places in the caller's order."""
    free: BoolArray
    """(n_items, width)."""
    is_tied: bool
    """Whether the items have one slope in common."""

    @property
    def n_columns(self) -> int:
        """How many columns of indicators its items take."""
        return len(self.items) * (self.family.n_categories - 1)

    @cached_property
    def choices(self) -> BoolArray:
        """The entries of the vector of free parameters: a tied slope is one, the first item's."""
        chosen = self.free.copy()
        if self.is_tied:
            chosen[1:, 0] = False
        return chosen


@dataclass(frozen=True, eq=False)
class Layout:
    """The clusters of a calibration, and where their columns stand."""

    clusters: tuple[Cluster, ...]
    has_missing: bool

    @property
    def order(self) -> IntArray:
        """The caller's places of the items, in the order of the tables."""
        return np.concatenate([cluster.items for cluster in self.clusters])

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return sum(len(cluster.items) for cluster in self.clusters)

    @property
    def n_columns(self) -> int:
        """How many columns of indicators there are."""
        return sum(cluster.n_columns for cluster in self.clusters)

    @property
    def n_rows(self) -> int:
        """Columns of indicators, of being administered where something is missing, and a one."""
        return self.n_columns + self.n_items * self.has_missing + 1

    def indicators(self, scores: ScoreArray) -> FloatArray:
        """Return what a block of scores, (n_items, n_persons), contributes: (n_rows, n_persons)."""
        found = np.empty((self.n_rows, scores.shape[1]))
        row = column = 0
        for cluster in self.clusters:
            rows = slice(row, row := row + len(cluster.items))
            columns = slice(column, column := column + cluster.n_columns)
            self._fill(found[columns], scores[rows], cluster.family.n_categories)
        if self.has_missing:
            np.greater_equal(scores, 0, out=found[column:-1], casting="unsafe")
        found[-1] = 1.0
        return found

    def _fill(self, found: FloatArray, scores: ScoreArray, n_categories: int) -> None:
        if n_categories == 2 and not self.has_missing:
            found[:] = scores
            return
        by_category = found.reshape(len(scores), n_categories - 1, -1)
        for k in range(1, n_categories):
            by_category[:, k - 1] = scores == k

    def weights(self, tables: Sequence[FloatArray]) -> FloatArray:
        """Return the log-likelihood's weight of each row at each node, (n_nodes, n_rows)."""
        steps = [_joined(table[:, 1:] - table[:, :1]) for table in tables]
        floors = [table[:, 0] for table in tables]
        if not self.has_missing:
            floors = [np.sum([floor.sum(axis=0) for floor in floors], axis=0)[np.newaxis]]
        else:
            floors.append(np.zeros((1, tables[0].shape[2])))
        return np.ascontiguousarray(np.concatenate([*steps, *floors]).T)

    def counts(self, sums: FloatArray) -> list[FloatArray]:
        """Return expected counts by cluster, (n_items, K, n_nodes), from sums (n_nodes, n_rows)."""
        found = []
        row = column = 0
        for cluster in self.clusters:
            rows = slice(row, row := row + len(cluster.items))
            columns = slice(column, column := column + cluster.n_columns)
            above = sums[:, columns].T.reshape(len(cluster.items), -1, len(sums))
            found.append(_with_lowest(above, self._administered(sums, rows)))
        return found

    def _administered(self, sums: FloatArray, rows: slice) -> FloatArray:
        if not self.has_missing:
            return sums[:, -1]
        return sums[:, self.n_columns : -1].T[rows]


def _joined(table: FloatArray) -> FloatArray:
    return table.reshape(-1, table.shape[2])


def _with_lowest(above: FloatArray, total: FloatArray) -> FloatArray:
    """Put the count of score 0 in front: what the others leave of the total."""
    lowest = np.maximum(total - above.sum(axis=1), 0.0)
    return np.concatenate([lowest[:, np.newaxis], above], axis=1)
