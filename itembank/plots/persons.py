"""Scores and abilities as they are handed to a plot: checked, and in one form."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import (
    FloatArray,
    IntArray,
    finite,
    frozen,
    numbers,
    require,
    sentence_fault,
    whole,
)
from itembank.parameters import ItemParameters, require_items

NOT_GIVEN = -1


def whole_scores(name: str, value: ArrayLike, n_categories: ArrayLike) -> IntArray:
    """Return scores as whole numbers, with -1 where an item was not given.

    `n_categories` is one number for each item, or one for all.
    """
    given = numbers(name, value)
    scores = np.where(np.isnan(given), NOT_GIVEN, given)
    allowed = "whole, from 0 to the highest category, or -1 or NaN for not given"
    fits = (scores == np.floor(scores)) & (scores >= NOT_GIVEN) & (scores < n_categories)
    require(fits, name, allowed, scores)
    return scores.astype(np.int64)


def abilities(theta: ArrayLike, n_persons: int | None = None) -> FloatArray:
    """Return one ability a person, finite; at least one."""
    points = finite("theta", theta, ndim=1, shape="(n_persons,)")
    if not points.size or (n_persons is not None and points.size != n_persons):
        expected = n_persons if n_persons is not None else "n_persons"
        raise sentence_fault("theta", f"of shape ({expected},)", f"shape {points.shape}")
    return frozen(points)


def named_items(names: Sequence[str] | None, parameters: ItemParameters) -> tuple[str, ...]:
    """Return one name an item: those given, or its number, from 1."""
    require_items(parameters)
    if names is None:
        return tuple(str(number) for number in range(1, parameters.n_items + 1))
    if len(names) != parameters.n_items:
        raise sentence_fault("names", f"one for each of {parameters.n_items} items", f"{names}")
    return tuple(names)


def item_at(item: int, parameters: ItemParameters) -> int:
    """Return the index of an item, which must be there."""
    require_items(parameters)
    return whole("item", item, 0, parameters.n_items - 1)
