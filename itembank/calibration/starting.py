"""Where the search starts: items in clusters, and first values from what is seen at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray, IntArray
from itembank.calibration.anchors import Anchors
from itembank.calibration.families import family_of
from itembank.calibration.layout import Cluster
from itembank.calibration.point import Point
from itembank.parameters import Model


@dataclass(frozen=True, eq=False)
class Items:
    """The items as they are fitted: models, counts of scores, and those that are known."""

    models: tuple[Model, ...]
    counts: tuple[FloatArray, ...]
    anchors: Anchors | None

    @property
    def anchored(self) -> tuple[int, ...]:
        """The places of items that are known."""
        return () if self.anchors is None else tuple(self.anchors.items)

    @property
    def free(self) -> tuple[int, ...]:
        """The places of the others."""
        known = set(self.anchored)
        return tuple(place for place in range(len(self.models)) if place not in known)


def clusters(items: Items) -> tuple[Cluster, ...]:
    """Return items of one model and number of categories together, those known apart."""
    anchored = set(items.anchored)
    members: dict[tuple[Model, int, bool], list[int]] = {}
    for place, (model, counts) in enumerate(zip(items.models, items.counts, strict=True)):
        members.setdefault((model, len(counts), place in anchored), []).append(place)
    return tuple(
        _cluster(model, n_categories, np.array(places), known)
        for (model, n_categories, known), places in members.items()
    )


def _cluster(model: Model, n_categories: int, places: IntArray, known: bool) -> Cluster:
    family = family_of(model, n_categories)
    free = np.full((len(places), family.width), not known)
    if model.has_unit_slope:
        free[:, 0] = False
    if model.has_guessing and not model.has_upper:
        free[:, 3] = False
    is_tied = model is Model.ONE_PL and not known
    return Cluster(model, family, places, free, is_tied)


def starting_point(items: Items, laid: Sequence[Cluster], n_groups: int) -> Point:
    """Return first values: thresholds from shares of scores, slopes 1, standard normal groups."""
    return Point(tuple(_start(items, each) for each in laid), np.zeros((n_groups, 2)))


def _start(items: Items, cluster: Cluster) -> FloatArray:
    if items.anchors is not None and cluster.items[0] in items.anchored:
        where = [items.anchored.index(place) for place in cluster.items]
        return cluster.family.internal(items.anchors.parameters.take(where))
    counts = np.array([items.counts[place] for place in cluster.items]) + 0.5
    shares = counts / counts.sum(axis=1, keepdims=True)
    found = cluster.family.start(shares, np.ones(len(shares)))
    if cluster.model.has_guessing and not cluster.model.has_upper:
        found[:, 3] = np.inf
    return found
