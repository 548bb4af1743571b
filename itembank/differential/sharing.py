"""Which parameters two groups have in common, and which each has for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from itembank.arguments import BoolArray, FloatArray, IntArray
from itembank.calibration.layout import Cluster
from itembank.calibration.point import Point, Space

_NEVER, _SLOPE, _THRESHOLD = -1, 0, 1
FIXED = -1


@dataclass(frozen=True, eq=False)
class Own:
    """Of each item, whether each group has its own slope, and its own thresholds: (n_items,)."""

    slope: BoolArray
    threshold: BoolArray

    def of(self, item: int, *, slope: bool, threshold: bool) -> Own:
        """Return the same but for one item."""
        changed = self.slope.copy(), self.threshold.copy()
        changed[0][item], changed[1][item] = slope, threshold
        return Own(*changed)

    def equals(self, other: Own) -> bool:
        """Return whether the same parameters are a group's own."""
        same = np.array_equal(self.slope, other.slope)
        return same and np.array_equal(self.threshold, other.threshold)


@dataclass(frozen=True, eq=False)
class Parameters:
    """The free parameters of one group, as they stand in a vector: those of items, means, log SDs.

    Slopes that items have in common, and asymptotes, are never a group's own. Own parameters of an
    item that a group always answered alike stay at its limit.
    """

    whole: Space
    """With all means and SDs."""
    free_latent: BoolArray
    limits: FloatArray
    """(2, n_items): intercepts in each group, NaN where they are to be found."""

    @cached_property
    def item(self) -> IntArray:
        """Which item each is about; -1 for means and log SDs."""
        clusters = self.whole.clusters
        own = [
            np.broadcast_to(each.items[:, np.newaxis], each.free.shape)[each.choices]
            for each in clusters
        ]
        return np.concatenate([*own, np.full(self.free_latent.size, -1)])

    @cached_property
    def kind(self) -> IntArray:
        """Whether each is a slope, a threshold, or nothing that may differ."""
        own = [_kinds(each)[each.choices] for each in self.whole.clusters]
        return np.concatenate([*own, np.full(self.free_latent.size, _NEVER)])

    @property
    def has_slope(self) -> BoolArray:
        """Whether each item has a slope that may differ, (n_items,)."""
        return np.isin(np.arange(self.item.max() + 1), self.item[self.kind == _SLOPE])

    def n_own(self, own: Own) -> int:
        """Return how many parameters each group has for itself, those at a limit with them."""
        return int(self._chosen(own).sum())

    def sharing(self, own: Own) -> Sharing:
        """Return where each group's parameters stand in one vector of both."""
        chosen = self._chosen(own)
        is_fixed = np.zeros(self.item.size, dtype=bool)
        is_fixed[self.item.size - self.free_latent.size :] = ~self.free_latent.ravel()
        far, idle = self.limits[:, self.item], self._idle(own)
        at_limit = chosen & ~np.isnan(far)
        is_still = is_fixed | at_limit[0] | idle
        first = np.where(is_still, FIXED, np.cumsum(~is_still) - 1)
        second, new = first.copy(), chosen & ~at_limit[1]
        second[chosen] = FIXED
        second[new] = first.max() + 1 + np.arange(new.sum())
        known = np.where(at_limit & (self.kind == _THRESHOLD), far, np.nan)
        return Sharing(np.stack([first, second]), np.where(idle, 1.0, known))

    def _idle(self, own: Own) -> BoolArray:
        """Return the slopes of items that are at a limit in both groups: nothing tells them."""
        both = own.threshold & ~np.isnan(self.limits).any(axis=0)
        return np.asarray((self.kind == _SLOPE) & both[self.item])

    def _chosen(self, own: Own) -> BoolArray:
        """Return which parameters each group has for itself."""
        slopes = (self.kind == _SLOPE) & own.slope[self.item]
        return np.asarray(slopes | ((self.kind == _THRESHOLD) & own.threshold[self.item]))


@dataclass(frozen=True, eq=False)
class Sharing:
    """Where each group's parameters, (n_groups, n_parameters), stand in one vector; -1 if fixed.

    `known` are those fixed at a limit, else NaN.
    """

    places: IntArray
    known: FloatArray

    @property
    def size(self) -> int:
        """How many parameters are free."""
        return int(self.places.max()) + 1

    def gathered(self, gradients: FloatArray) -> FloatArray:
        """Return the sum of both groups' derivatives, by free parameter."""
        free = self.places >= 0
        place, weights = self.places[free], gradients[free]
        return np.bincount(place, weights=weights, minlength=self.size).astype(np.float64)

    def summed(self, informations: Sequence[FloatArray]) -> FloatArray:
        """Return the sum of both groups' information, by free parameter."""
        found = np.zeros((self.size, self.size))
        for place, each in zip(self.places, informations, strict=True):
            free = place >= 0
            found[np.ix_(place[free], place[free])] += each[np.ix_(free, free)]
        return found

    def vector(self, own: FloatArray, weight: FloatArray) -> FloatArray:
        """Return one vector from both groups' parameters, means where they have them in common."""
        return self.gathered(own * weight) / self.gathered(weight)

    def spread(self, vector: FloatArray, fixed: FloatArray) -> FloatArray:
        """Return both groups' parameters, those fixed as they are given."""
        still = np.where(np.isnan(self.known), fixed, self.known)
        return np.where(self.places >= 0, vector[self.places], still)


def points(space: Space, own: FloatArray, fixed: Point) -> tuple[Point, ...]:
    """Return a point of each group; all have the means and SDs of all groups."""
    return tuple(space.point(each, fixed) for each in own)


def _kinds(cluster: Cluster) -> IntArray:
    found = np.full(cluster.free.shape, _THRESHOLD)
    found[:, 0] = _NEVER if cluster.is_tied else _SLOPE
    found[:, cluster.family.n_categories :] = _NEVER
    return found
