"""A point in the space of parameters: item parameters by cluster, and the groups' distributions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from itembank.arguments import BoolArray, FloatArray
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

    def vector(self, values: Point) -> FloatArray:
        """Return the free parameters, a tied slope once."""
        parts = [
            each[cluster.choices] for cluster, each in zip(self.clusters, values.items, strict=True)
        ]
        return np.concatenate([*parts, values.latent[self.free_latent]])

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
