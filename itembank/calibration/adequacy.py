"""How many answers a model needs, item by item, before its parameters may be used or published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import FloatArray, ScoreArray, scores_given, sentence_fault
from itembank.parameters import Model, models_for


class Standing(IntEnum):
    """What an item's parameters may be used for."""

    REFUSED = 0
    PROVISIONAL = 1
    PUBLISHABLE = 2


@dataclass(frozen=True)
class Needed:
    """Answers to an item that a model needs, for provisional use and to be published."""

    provisional: int
    publish: int


NEEDED: dict[Model, Needed] = {
    Model.RASCH: Needed(100, 200),
    Model.ONE_PL: Needed(100, 200),
    Model.PCM: Needed(150, 300),
    Model.TWO_PL: Needed(250, 500),
    Model.GRM: Needed(300, 500),
    Model.GPCM: Needed(300, 500),
    Model.THREE_PL: Needed(500, 1_000),
    Model.FOUR_PL: Needed(5_000, 5_000),
}
"""The numbers of the design, section 5."""

HIGHEST = 99
"""The highest score of a polytomous item."""
PER_CATEGORY = 10
"""Answers in a category below which it is thin."""
THRESHOLD_SE = 0.35
"""Largest standard error of a threshold that is published, in logits."""
SLOPE_SE = 0.30
"""Largest standard error of a slope that is published."""


@dataclass(frozen=True)
class ItemAdequacy:
    """How many answers an item has, and what its model can be used for with them."""

    item: int
    model: Model
    n_answers: float
    counts: tuple[float, ...]
    """Of each score, 0 first."""
    standing: Standing

    @property
    def thin(self) -> tuple[int, ...]:
        """The scores that fewer than `PER_CATEGORY` persons have."""
        return tuple(k for k, count in enumerate(self.counts) if count < PER_CATEGORY)


def adequacy(
    scores: ArrayLike, model: str | Model | Sequence[str | Model]
) -> tuple[ItemAdequacy, ...]:
    """Return for each item its counts and what they support.

    Parameters
    ----------
    scores : array_like, shape (n_persons, n_items)
        NaN, or -1 among integers, where an item was not administered.
    model : str, Model or a sequence of them
        One for all items, or one for each.

    Raises
    ------
    ValueError
        Where `scores` are not two-dimensional, or not whole numbers.
    """
    array = scores_given(scores)
    if array.ndim != 2:
        raise sentence_fault("scores", "of shape (n_persons, n_items)", f"shape {array.shape}")
    models = models_for(model, array.shape[1])
    counts = [_counts(column, place) for place, column in enumerate(array.T)]
    return judged(counts, models)


def judged(counts: Sequence[FloatArray], models: Sequence[Model]) -> tuple[ItemAdequacy, ...]:
    """Return what counts of each score, item by item, support."""
    found = []
    for item, (own, model) in enumerate(zip(counts, models, strict=True)):
        total = float(own.sum())
        each = tuple(float(count) for count in own)
        found.append(ItemAdequacy(item, model, total, each, standing(model, total)))
    return tuple(found)


def standing(model: Model, n_answers: float) -> Standing:
    """Return what so many answers to an item support."""
    needed = NEEDED[model]
    if n_answers >= needed.publish:
        return Standing.PUBLISHABLE
    return Standing.PROVISIONAL if n_answers >= needed.provisional else Standing.REFUSED


def _counts(column: ScoreArray, item: int) -> FloatArray:
    given = column[column != -1 if column.dtype.kind in "iu" else ~np.isnan(column)]
    if not np.all((given >= 0) & (given <= HIGHEST) & (given == np.floor(given))):
        allowed = f"whole numbers from 0 to {HIGHEST}"
        raise sentence_fault("scores", allowed, "others", f"item {item}")
    return np.bincount(given.astype(np.int64), minlength=2).astype(np.float64)
