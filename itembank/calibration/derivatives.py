"""The score of the complete data: its derivatives at each node, in the loose parameters.

Loose are those of items that are free, a tied slope once for each item, and all means and SDs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array

from itembank.arguments import FloatArray, IntArray
from itembank.calibration.expectation import Block, Tables, tables
from itembank.calibration.fitting import Problem
from itembank.calibration.layout import Booklet, Layout
from itembank.calibration.point import Point, Space, log_tables
from itembank.calibration.quadrature import Grid


@dataclass(frozen=True, eq=False)
class Layer:
    """Derivatives that persons have in so far as they have an indicator.

    A person's derivative in `parameter` at a node is the sum over layers of
    ``value * indicators[row]``. Parameters are numbered within a booklet.
    """

    parameter: IntArray
    row: IntArray
    value: FloatArray
    """(n_entries, n_nodes)."""
    is_floor: bool
    """Whether these are the derivatives at score 0, to which those of other scores are added."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Derivatives that are ``(slope * theta + plain) @ indicators`` and a function of theta."""

    slope: csr_array
    plain: csr_array


@dataclass(frozen=True, eq=False)
class Score:
    """The derivatives for a booklet and a group, and where its parameters stand among all."""

    places: IntArray
    layers: tuple[Layer, ...]
    sums: Sums | None
    """Where nothing is missing and all items are canonical."""

    @property
    def size(self) -> int:
        """How many parameters there are."""
        return len(self.places)

    def floor(self) -> FloatArray:
        """Return the derivatives of persons who scored 0 in everything, (size, n_nodes)."""
        found = np.zeros((self.size, self.layers[-1].value.shape[1]))
        for layer in self.layers:
            if layer.is_floor:
                found[layer.parameter] = layer.value
        return found


@dataclass(frozen=True, eq=False)
class Derivatives:
    """What blocks need to know of the score."""

    tables: Tables
    nodes: FloatArray
    booklets: tuple[Score, ...]
    """Without the group's mean and SD."""
    latent: tuple[FloatArray, ...]
    """By group, (2, n_nodes)."""
    latent_places: IntArray

    def of(self, block: Block) -> Score:
        """Return the derivatives for a block's booklet and group."""
        own = self.booklets[block.booklet]
        constant = self.tables.booklets[block.booklet].layout.n_rows - 1
        latent = Layer(
            own.size + np.arange(2), np.full(2, constant), self.latent[block.group], True
        )
        places = np.concatenate([own.places, self.latent_places[block.group]])
        return replace(own, places=places, layers=(*own.layers, latent))


def derivatives(problem: Problem, at: Point, grid: Grid) -> Derivatives:
    """Return the derivatives at a point."""
    space = problem.space
    logs = log_tables(space.clusters, at, grid.nodes)
    gradients = [
        cluster.family.gradient(x, grid.nodes, log_p)
        for cluster, x, log_p in zip(space.clusters, at.items, logs, strict=True)
    ]
    return Derivatives(
        tables(problem.booklets, logs, grid.log_density(at.latent)),
        grid.nodes,
        tuple(_score(each, space, gradients) for each in problem.booklets),
        tuple(_latent_gradient(latent, grid.nodes) for latent in at.latent),
        space.latent_places,
    )


def _latent_gradient(latent: FloatArray, nodes: FloatArray) -> FloatArray:
    away = (nodes - latent[0]) / np.exp(latent[1])
    return np.stack([away / np.exp(latent[1]), away**2 - 1])


def _score(booklet: Booklet, space: Space, gradients: Sequence[FloatArray]) -> Score:
    layout = booklet.layout
    places = [
        place[cluster.free]
        for cluster, place in zip(layout.clusters, booklet.take(space.places), strict=True)
    ]
    canonical = all(
        cluster.family.is_canonical for cluster in layout.clusters if len(cluster.items)
    )
    together: IntArray = np.concatenate(places)
    with_sums = canonical and not layout.has_missing
    sums = _sums(layout, len(together) + 2) if with_sums else None
    return Score(together, tuple(_layers(layout, booklet.take(gradients))), sums)


def _layers(layout: Layout, gradients: Sequence[FloatArray]) -> list[Layer]:
    found: list[Layer] = []
    first = item = column = 0
    for cluster, gradient in zip(layout.clusters, gradients, strict=True):
        own = gradient[cluster.free]
        owner = np.nonzero(cluster.free)[0]
        parameters = first + np.arange(len(owner))
        floor = np.full_like(owner, layout.n_rows - 1)
        if layout.has_missing:
            floor = layout.n_columns + item + owner
        found.append(Layer(parameters, floor, own[:, 0], is_floor=True))
        for step in range(cluster.n_steps):
            rows = column + owner * cluster.n_steps + step
            above = own[:, step + 1] - own[:, 0]
            found.append(Layer(parameters, rows, above, is_floor=False))
        first, item = first + len(owner), item + len(cluster.items)
        column += cluster.n_columns
    return [layer for layer in found if layer.parameter.size]


def _sums(layout: Layout, size: int) -> Sums:
    """Which indicators a parameter's derivative counts, with ability and without."""
    entries: list[tuple[float, float, int, int]] = []
    first = column = 0
    for cluster in layout.clusters:
        for place, (item, which) in enumerate(np.argwhere(cluster.free), first):
            own = int(column + item * cluster.n_steps)
            if which == 0:
                entries += [(k + 1.0, 0.0, place, own + k) for k in range(cluster.n_steps)]
            else:
                entries.append((0.0, 1.0, place, own + int(which) - 1))
        first += int(cluster.free.sum())
        column += cluster.n_columns
    table = np.array(entries).reshape(-1, 4).T
    shape, at = (size, layout.n_columns), table[2:].astype(np.int64)
    slope, plain = (coo_array((own, (at[0], at[1])), shape).tocsr() for own in table[:2])
    return Sums(slope, plain)
