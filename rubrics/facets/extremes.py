"""What is set aside before estimation: levels and persons whose ratings are all lowest or highest.

Likelihood would put them infinitely far out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import BoolArray, sentence_fault
from rubrics.facets.design import Design, Part
from rubrics.facets.steps import Grouped, StepRule


@dataclass(frozen=True, eq=False)
class Estimable:
    """The part of a design that is estimated from, and the groups and categories there."""

    part: Part
    grouped: Grouped


def estimable(design: Design, rule: StepRule, *, persons: bool) -> Estimable:
    """Return what can be estimated from, once what is extreme is set aside.

    Setting one aside may leave another extreme, so it is repeated. Persons are looked at where
    they are parameters.
    """
    kept = np.ones(design.n_ratings, dtype=bool)
    facets = range(0 if persons else 1, len(design.names))
    while kept.any():
        part = design.only(kept)
        grouped = rule.grouped(part)
        extreme = _extreme(part.design, facets, grouped)
        if not extreme.any():
            return Estimable(part, grouped)
        kept[np.flatnonzero(kept)[extreme]] = False
    raise sentence_fault("category", "of more than the lowest and highest", "nothing but extremes")


def _extreme(design: Design, facets: range, grouped: Grouped) -> BoolArray:
    """Whether each rating belongs to an extreme level."""
    steps = grouped.categories.reached(design.category, grouped.group)
    found = np.zeros(design.n_ratings, dtype=bool)
    for facet in facets:
        levels, size = design.levels[facet], design.size(facet)
        for inside in (steps > 0, steps < grouped.categories.tops[grouped.group]):
            found |= (np.bincount(levels, inside, size) == 0)[levels]
    return found
