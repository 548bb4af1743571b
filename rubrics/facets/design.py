"""Ratings in long form, read and coded: which person, which levels, which category."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from itembank.arguments import BoolArray, FloatArray, IntArray, numbers, sentence_fault
from itembank.faults import fault

PERSON, RATER, CRITERION = "person", "rater", "criterion"
HIGHEST = 99
"""The highest category."""
_LABELS = "iuU"
"""Kinds of arrays that name levels: whole numbers and text."""


@dataclass(frozen=True, eq=False)
class LongRatings:
    """Ratings one a row: arrays of the same length, which say who, by whom, on what, and how high.

    `person`, `rater`, `criterion` and what `further` holds by name are labels, whole numbers or
    text; `category` is a whole number from 0, NaN or None where a criterion was not observed.
    """

    person: ArrayLike
    rater: ArrayLike
    criterion: ArrayLike | None
    category: ArrayLike
    further: Mapping[str, ArrayLike] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Design:
    """Coded ratings: persons are facet 0, the others follow; `levels` is (n_facets, n_ratings)."""

    names: tuple[str, ...]
    labels: tuple[tuple[Hashable, ...], ...]
    levels: IntArray
    category: IntArray

    @property
    def n_ratings(self) -> int:
        """How many ratings there are."""
        return int(self.category.size)

    def size(self, facet: int) -> int:
        """Return how many levels a facet has."""
        return len(self.labels[facet])

    def counts(self, facet: int) -> IntArray:
        """Return how many ratings each level of a facet has."""
        return np.bincount(self.levels[facet], minlength=self.size(facet))

    def place(self, argument: str, name: str) -> int:
        """Return which facet has a name."""
        if name not in self.names:
            raise fault(argument, f"one of {', '.join(self.names)}", name)
        return self.names.index(name)

    def only(self, kept: BoolArray) -> Part:
        """Return the part of the design with only some of the ratings, and the levels in them."""
        found = [np.unique(each, return_inverse=True) for each in self.levels[:, kept]]
        labels = tuple(
            tuple(own[place] for place in where)
            for own, (where, _) in zip(self.labels, found, strict=True)
        )
        levels = np.array([codes for _, codes in found])
        part = Design(self.names, labels, levels, self.category[kept])
        return Part(part, kept, tuple(where for where, _ in found))


@dataclass(frozen=True, eq=False)
class Part:
    """Some ratings of a design, coded anew, and where their levels stand in the whole."""

    design: Design
    kept: BoolArray
    where: tuple[IntArray, ...]


def design_of(ratings: LongRatings) -> Design:
    """Return ratings as they are computed with, or refuse what cannot be."""
    category = _categories(ratings.category)
    given = np.isfinite(category)
    if not given.any():
        raise sentence_fault("category", "given for at least one rating", f"{category.size} empty")
    named = _named(ratings)
    coded = [_coded(name, values, category.size, given) for name, values in named.items()]
    levels = np.array([codes for _, codes in coded])
    labels = tuple(labels for labels, _ in coded)
    design = Design(tuple(named), labels, levels, category[given].astype(np.int64))
    _refuse_repeats(design, np.flatnonzero(given))
    return design


def cell_codes(design: Design, facets: range) -> IntArray:
    """Return a number for each rating that is the same where the levels of `facets` are."""
    codes = np.zeros(design.n_ratings, dtype=np.int64)
    for facet in facets:
        joined = codes * design.size(facet) + design.levels[facet]
        codes = np.unique(joined, return_inverse=True)[1]
    return codes


def _categories(value: ArrayLike) -> FloatArray:
    category = numbers("category", value, ndim=1, shape="(n_ratings,)")
    fine = np.isnan(category) | (
        (category >= 0) & (category <= HIGHEST) & (category == np.floor(category))
    )
    if not fine.all():
        place = int(np.flatnonzero(~fine)[0])
        allowed = f"whole numbers from 0 to {HIGHEST}"
        raise sentence_fault("category", allowed, f"{category[place]:g}", f"{place}")
    return category


def _named(ratings: LongRatings) -> dict[str, ArrayLike]:
    """The facets by name, persons first."""
    named = {PERSON: ratings.person, RATER: ratings.rater}
    if ratings.criterion is not None:
        named[CRITERION] = ratings.criterion
    for name, values in ratings.further.items():
        if name in named or name in (CRITERION, ""):
            raise fault("further", "named unlike the other facets", name)
        named[name] = values
    return named


def _coded(
    name: str, values: ArrayLike, size: int, given: BoolArray
) -> tuple[tuple[Hashable, ...], IntArray]:
    array = _labels(name, values)
    if array.shape != (size,):
        raise sentence_fault(name, "one label for each rating", f"shape {array.shape} for {size}")
    labels, codes = np.unique(array[given], return_inverse=True)
    return tuple(labels.tolist()), codes.astype(np.int64)


def _labels(name: str, values: ArrayLike) -> NDArray[Any]:
    array = np.asarray(values)
    if array.dtype.kind == "O" and all(isinstance(each, str) for each in array.ravel()):
        array = array.astype(str)
    if array.dtype.kind not in _LABELS:
        raise fault(name, "labels, whole numbers or text", values)
    return array


def _refuse_repeats(design: Design, rows: IntArray) -> None:
    codes = cell_codes(design, range(len(design.names)))
    order = np.argsort(codes, kind="stable")
    repeats = [later for earlier, later in pairwise(order) if codes[earlier] == codes[later]][:1]
    if repeats:
        allowed = f"one for each combination of {', '.join(design.names)}"
        raise sentence_fault("ratings", allowed, "a second", f"row {rows[repeats[0]]}")
