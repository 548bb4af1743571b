"""Which ratings go by the same steps."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from itembank.arguments import IntArray, sentence_fault
from itembank.faults import fault
from rubrics.facets.categories import Categories, in_use
from rubrics.facets.design import HIGHEST, Design, Part
from rubrics.facets.scales import Scale


@dataclass(frozen=True, eq=False)
class StepRule:
    """How ratings are put into groups of the same steps.

    `facet` is the one whose levels have their own steps, or whose scales end earlier for some: then
    `highest` holds the highest category that each of its levels can have.
    """

    facet: int | None = None
    highest: IntArray | None = None

    @property
    def owner(self) -> int | None:
        """The facet whose levels have their own steps."""
        return self.facet if self.highest is None else None

    def grouped(self, part: Part) -> Grouped:
        """Return the groups of some ratings, and the categories in use in each."""
        design = part.design
        if self.facet is None:
            return _by(design, np.zeros(design.n_ratings, dtype=np.int64))
        if self.highest is None:
            return _by(design, design.levels[self.facet])
        own = self.highest[part.where[self.facet]][design.levels[self.facet]]
        ends, group = np.unique(own, return_inverse=True)
        seen = np.unique(design.category)
        return Grouped(group, Categories(tuple(seen[seen <= end] for end in ends)))


@dataclass(frozen=True, eq=False)
class Grouped:
    """The group of each rating, and the categories of each group."""

    group: IntArray
    categories: Categories


def _by(design: Design, group: IntArray) -> Grouped:
    return Grouped(group, in_use(design.category, group, int(group.max()) + 1))


def step_rule(
    design: Design, scale: Scale, steps_by: str, highest: Mapping[Hashable, int] | None
) -> StepRule:
    """Return how ratings are grouped, or refuse what does not fit them."""
    if scale is Scale.PARTIAL_CREDIT:
        if highest is not None:
            raise fault("highest", "None where levels have steps of their own", highest)
        return StepRule(_owner(design, steps_by))
    if highest is None:
        return StepRule()
    facet = _owner(design, steps_by)
    return StepRule(facet, _ends(design, facet, highest))


def _owner(design: Design, name: str) -> int:
    facet = design.place("steps_by", name)
    if not facet:
        raise fault("steps_by", f"one of {', '.join(design.names[1:])}", name)
    return facet


def _ends(design: Design, facet: int, highest: Mapping[Hashable, int]) -> IntArray:
    unknown = [label for label in highest if label not in design.labels[facet]]
    if unknown:
        raise fault("highest", f"of levels of {design.names[facet]}", unknown[0])
    found = np.array([highest.get(label, HIGHEST) for label in design.labels[facet]])
    above = design.category > found[design.levels[facet]]
    if above.any():
        row = int(np.flatnonzero(above)[0])
        label, given = design.labels[facet][design.levels[facet, row]], design.category[row]
        raise sentence_fault("highest", "no lower than a category given", f"{given}", f"{label}")
    return found
