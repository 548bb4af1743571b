"""A point in the space of parameters: item parameters by cluster, and the groups' distributions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import expit

from itembank.arguments import BoolArray, FloatArray, IntArray
from itembank.calibration.layout import Cluster


@dataclass(frozen=True, eq=False)
class Point:
    """Internal parameters: by cluster (n_items, width); means and log SDs (n_groups, 2)."""

    items: tuple[FloatArray, ...]
    latent: FloatArray


@dataclass(frozen=True, eq=False)
class Space:
    """Which parameters are free, and how they stand in one vector."""

    clusters: tuple[Cluster, ...]
    free_latent: BoolArray
    """(n_groups, 2)."""

    @property
    def n_loose(self) -> int:
        """Parameters of items that are free, a tied slope once for each, and all means and SDs."""
        return sum(int(each.free.sum()) for each in self.clusters) + self.free_latent.size

    @cached_property
    def places(self) -> tuple[IntArray, ...]:
        """Where each cluster's parameters stand among the loose, (n_items, width); -1 if fixed."""
        found, first = [], 0
        for cluster in self.clusters:
            place = np.full(cluster.free.shape, -1)
            place[cluster.free] = first + np.arange(int(cluster.free.sum()))
            found.append(place)
            first += int(cluster.free.sum())
        return tuple(found)

    @property
    def latent_places(self) -> IntArray:
        """Where means and log SDs stand among the loose, (n_groups, 2)."""
        size = self.free_latent.size
        return self.n_loose - size + np.arange(size).reshape(self.free_latent.shape)

    def vector(self, values: Point) -> FloatArray:
        """Return the free parameters, a tied slope once."""
        parts = [
            each[cluster.choices] for cluster, each in zip(self.clusters, values.items, strict=True)
        ]
        return np.concatenate([*parts, values.latent[self.free_latent]])

    def resolution(self, values: Point) -> FloatArray:
        """Return how far each free parameter moves what is reported: asymptotes, little far out."""
        items = []
        for cluster, x in zip(self.clusters, values.items, strict=True):
            each = np.ones_like(x)
            if not cluster.model.is_polytomous:
                each[:, 2:] = 4 * expit(x[:, 2:]) * expit(-x[:, 2:])
            items.append(each)
        return self.vector(Point(tuple(items), np.ones_like(values.latent)))

    def point(self, vector: FloatArray, fixed: Point) -> Point:
        """Return a point with these free parameters, and the fixed ones of another."""
        items, place = [], 0
        for cluster, known in zip(self.clusters, fixed.items, strict=True):
            each = known.copy()
            size = int(cluster.choices.sum())
            each[cluster.choices] = vector[place : (place := place + size)]
            if cluster.is_tied:
                each[:, 0] = each[0, 0]
            items.append(each)
        latent = fixed.latent.copy()
        latent[self.free_latent] = vector[place:]
        return Point(tuple(items), latent)

    def is_allowed(self, values: Point) -> bool:
        """Return whether a point makes a model of every item and group."""
        fit = all(
            bool(np.all(cluster.family.is_allowed(each)))
            for cluster, each in zip(self.clusters, values.items, strict=True)
        )
        return fit and bool(np.all(np.abs(values.latent) < 20))


def log_tables(clusters: Sequence[Cluster], at: Point, nodes: FloatArray) -> list[FloatArray]:
    """Return log-probabilities by cluster, (n_items, K, n_nodes)."""
    return [
        cluster.family.log_probability(each, nodes)
        for cluster, each in zip(clusters, at.items, strict=True)
    ]
