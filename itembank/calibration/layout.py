"""How items are laid out in tables: families together, one column for each score above 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from itembank.arguments import BoolArray, FloatArray, IntArray, ScoreArray
from itembank.calibration.families import Family
from itembank.parameters import Model

Number = TypeVar("Number", np.float64, np.int64)


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
    def is_dichotomous(self) -> bool:
        """Whether its items are right or wrong."""
        return not self.model.is_polytomous

    @property
    def n_steps(self) -> int:
        """How many scores above 0 an item has."""
        return self.family.n_categories - 1

    @property
    def n_columns(self) -> int:
        """How many columns of indicators its items take."""
        return len(self.items) * self.n_steps

    @cached_property
    def choices(self) -> BoolArray:
        """The entries of the vector of free parameters: a tied slope is one, the first item's."""
        chosen = self.free.copy()
        if self.is_tied:
            chosen[1:, 0] = False
        return chosen

    def part(self, chosen: BoolArray) -> Cluster:
        """Return some of its items, without what they have in common."""
        return replace(self, items=self.items[chosen], free=self.free[chosen], is_tied=False)


@dataclass(frozen=True, eq=False)
class Layout:
    """The clusters of items that some persons were given, and where their columns stand."""

    clusters: tuple[Cluster, ...]
    has_missing: bool
    """Whether a person may lack some of the items."""

    @cached_property
    def order(self) -> IntArray:
        """The caller's places of the items, in the order of the tables."""
        return np.concatenate([cluster.items for cluster in self.clusters])

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.order)

    @cached_property
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
            self._fill(found[columns], scores[rows], cluster.n_steps)
        if self.has_missing:
            np.greater_equal(scores, 0, out=found[column:-1], casting="unsafe")
        found[-1] = 1.0
        return found

    def _fill(self, found: FloatArray, scores: ScoreArray, n_steps: int) -> None:
        if n_steps == 1 and not self.has_missing:
            found[:] = scores
            return
        by_step = found.reshape(len(scores), n_steps, scores.shape[1])
        for step in range(n_steps):
            np.equal(scores, step + 1, out=by_step[:, step], casting="unsafe")

    def weights(self, tables: Sequence[FloatArray]) -> FloatArray:
        """Return the log-likelihood's weight of each row at each node, (n_nodes, n_rows)."""
        n_nodes = tables[0].shape[2]
        steps = [(table[:, 1:] - table[:, :1]).reshape(-1, n_nodes) for table in tables]
        floors = [table[:, 0] for table in tables]
        if self.has_missing:
            floors.append(np.zeros((1, n_nodes)))
        else:
            floors = [np.sum([floor.sum(axis=0) for floor in floors], axis=0)[np.newaxis]]
        return np.ascontiguousarray(np.concatenate([*steps, *floors]).T)

    def counts(self, sums: FloatArray) -> list[FloatArray]:
        """Return expected counts by cluster, (n_items, K, n_nodes), from sums (n_nodes, n_rows)."""
        found = []
        row, column = self.n_columns, 0
        for cluster in self.clusters:
            rows = slice(row, row := row + len(cluster.items))
            columns = slice(column, column := column + cluster.n_columns)
            shape = (len(cluster.items), cluster.n_steps, len(sums))
            above = sums[:, columns].T.reshape(shape)
            total = sums[:, rows].T if self.has_missing else sums[:, -1]
            lowest = np.maximum(total - above.sum(axis=1), 0.0)
            found.append(np.concatenate([lowest[:, np.newaxis], above], axis=1))
        return found


@dataclass(frozen=True, eq=False)
class Booklet:
    """The items that some persons were all given; or every item, where each person lacks others."""

    layout: Layout
    chosen: tuple[BoolArray, ...]
    """Of each cluster of the whole, which items."""
    rows: IntArray | None
    """Their places in the order of the whole; None: all of them."""

    def take(self, tables: Sequence[NDArray[Number]]) -> list[NDArray[Number]]:
        """Return its items' part of what is held by cluster."""
        if self.rows is None:
            return list(tables)
        return [table[own] for table, own in zip(tables, self.chosen, strict=True)]

    def scores(self, scores: ScoreArray) -> ScoreArray:
        """Return its items' part of scores (n_items, n_persons)."""
        return scores if self.rows is None else scores[self.rows]


def booklet(whole: Sequence[Cluster], given: BoolArray) -> Booklet:
    """Return the booklet of the items that are given, in the order of the whole."""
    ends = np.cumsum([len(cluster.items) for cluster in whole])
    chosen = tuple(np.split(given, ends[:-1]))
    parts = tuple(cluster.part(own) for cluster, own in zip(whole, chosen, strict=True))
    rows = None if given.all() else np.flatnonzero(given)
    return Booklet(Layout(parts, has_missing=False), chosen, rows)


def everything(whole: Sequence[Cluster]) -> Booklet:
    """Return the booklet of all items, of which each person may lack some."""
    chosen = tuple(np.ones(len(cluster.items), dtype=bool) for cluster in whole)
    return Booklet(Layout(tuple(whole), has_missing=True), chosen, None)
