"""Whether all ratings stand on one scale: the subsets of a design that nothing connects."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from itembank.arguments import sentence_fault
from rubrics.facets.design import Design, LongRatings, design_of

_SHOWN = 3


@dataclass(frozen=True)
class Subset:
    """Levels of two facets that are rated with one another, and with no others."""

    facets: tuple[str, str]
    levels: tuple[tuple[Hashable, ...], tuple[Hashable, ...]]

    def __str__(self) -> str:
        pairs = zip(self.facets, self.levels, strict=True)
        return " with ".join(f"{name} {_few(levels)}" for name, levels in pairs)


def connected_subsets(ratings: LongRatings) -> tuple[Subset, ...]:
    """Return the subsets of the first two facets that are not connected; none where all are.

    Between subsets a whole set of persons may be better and their raters harsher, or neither: no
    rating tells. Each pair of facets has to be connected, since measures add up.
    """
    return _subsets(design_of(ratings))


def require_connected(design: Design, when: str = "") -> None:
    """Refuse a design whose ratings do not stand on one scale, naming its subsets."""
    subsets = _subsets(design)
    if subsets:
        named = "; ".join(map(str, subsets[:_SHOWN]))
        more = f"; and {len(subsets) - _SHOWN} more" if len(subsets) > _SHOWN else ""
        got = f"{len(subsets)} subsets{when} ({named}{more})"
        raise sentence_fault("ratings", "connected by common persons, raters and criteria", got)


def _subsets(design: Design) -> tuple[Subset, ...]:
    for first, second in combinations(range(len(design.names)), 2):
        found = _between(design, first, second)
        if len(found) > 1:
            return found
    return ()


def _between(design: Design, first: int, second: int) -> tuple[Subset, ...]:
    sizes = design.size(first), design.size(second)
    ends = design.levels[first], design.levels[second] + sizes[0]
    edges = coo_array((np.ones(design.n_ratings), ends), shape=(sum(sizes), sum(sizes)))
    n_parts, part = connected_components(edges, directed=False)
    if n_parts == 1:
        return ()
    names = design.names[first], design.names[second]
    labels = design.labels[first] + design.labels[second]
    members: list[tuple[list[Hashable], list[Hashable]]] = [([], []) for _ in range(n_parts)]
    for place, own in enumerate(part):
        members[own][place >= sizes[0]].append(labels[place])
    return tuple(Subset(names, (tuple(one), tuple(other))) for one, other in members)


def _few(levels: Sequence[Hashable]) -> str:
    more = f" and {len(levels) - _SHOWN} more" if len(levels) > _SHOWN else ""
    return ", ".join(map(str, levels[:_SHOWN])) + more
