"""People matched by what they are able to do: counts of scores at each value, by group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import BoolArray, FloatArray, IntArray, ScoreArray, finite, sentence_fault
from itembank.differential.answers import Answers
from itembank.faults import fault

_CELLS = 200_000
"""Counts that are held at once: what stays in a processor's cache."""


class Matching(StrEnum):
    """On which score people are matched."""

    TOTAL = "total"
    """The sum of the anchors' scores, with the item's own."""
    REST = "rest"
    """The sum of the anchors' scores, without the item's own."""


@dataclass(frozen=True, eq=False)
class Counts:
    """How many of each group have each score at each value of the matching.

    `values` (n_values,) rise; `persons` is (n_items, n_values, 2, n_categories), the reference
    group first.
    """

    values: FloatArray
    persons: FloatArray


@dataclass(frozen=True, eq=False)
class Matched:
    """People at the places of values, and by how much an item's own score moves its people."""

    answers: Answers
    values: FloatArray
    place: IntArray
    """(n_persons,)."""
    shift: IntArray
    """(n_items,): places that each point of the item's own score moves a person; -1, 0 or 1."""

    def blocks(self) -> Iterator[Counts]:
        """Yield the counts of some items at a time."""
        top = int(self.answers.scores.max())
        room = self.values.size + 2 * top * bool(self.shift.any())
        size = max(1, _CELLS // (2 * room * (top + 1)))
        for start in range(0, len(self.shift), size):
            yield self._counts(slice(start, start + size), top)

    def _counts(self, items: slice, top: int) -> Counts:
        pad = top if self.shift.any() else 0
        code = (self.place * 2 + self.answers.is_focal) * (top + 2) + 1
        shifts = self.shift[items]
        shape = (len(shifts), self.values.size + 2 * pad, 2, top + 1)
        found = np.zeros(shape)
        for own, row, shift in zip(found, self.answers.scores[items], shifts, strict=True):
            table = self._table(code + row, top)
            for score in range(top + 1):
                first = pad + int(shift) * score
                own[first : first + self.values.size, :, score] = table[:, :, score + 1]
        return Counts(_widened(self.values, pad), found)

    def _table(self, code: IntArray, top: int) -> FloatArray:
        shape = (self.values.size, 2, top + 2)
        counts = np.bincount(code, weights=self.answers.weight, minlength=int(np.prod(shape)))
        return counts.reshape(shape).astype(np.float64)


def on_scores(answers: Answers, anchors: BoolArray, matching: Matching) -> Matched:
    """Return people matched on the sum of their scores on the anchors."""
    _require_complete(answers.scores)
    total = answers.scores[anchors].sum(axis=0, dtype=np.int64)
    own = -1 if matching is Matching.REST else 1
    takes_part = anchors if matching is Matching.REST else ~anchors
    values = np.arange(total.max() + 1, dtype=np.float64)
    return Matched(answers, values, total, np.where(takes_part, own, 0))


def on_given(answers: Answers, given: ArrayLike, n_strata: int | None) -> Matched:
    """Return people matched on numbers that came with them, in strata of equal counts if wanted."""
    values = finite("matching", given)
    n_items, n_persons = answers.scores.shape
    if values.shape != (n_persons,):
        allowed = f"'total', 'rest' or numbers of shape ({n_persons},)"
        raise sentence_fault("matching", allowed, f"shape {values.shape}")
    distinct, place = np.unique(values, return_inverse=True)
    if n_strata is not None and distinct.size > n_strata:
        edges = np.quantile(values, np.arange(1, n_strata) / n_strata)
        place = np.searchsorted(np.unique(edges), values, side="right")
        counts = np.maximum(np.bincount(place), 1)
        distinct = np.bincount(place, weights=values) / counts
    return Matched(answers, distinct, place.astype(np.int64), np.zeros(n_items, dtype=np.int64))


def by_blocks(matched: Matched, statistics: Callable[[Counts], FloatArray]) -> FloatArray:
    """Return statistics of all items, each item's in a row."""
    return np.concatenate([statistics(counts) for counts in matched.blocks()])


def checked_strata(n_strata: int | None) -> int | None:
    """Return how many strata people are put in, two or more."""
    if n_strata is not None and not (isinstance(n_strata, int) and n_strata >= 2):
        raise fault("n_strata", "a whole number of 2 or more, or None", n_strata)
    return n_strata


def _require_complete(scores: ScoreArray) -> None:
    if scores.min() >= 0:
        return
    item, person = np.argwhere(scores < 0)[0]
    allowed = (
        "given by every person to every item, where people are matched on scores; "
        "hand over their abilities as `matching`"
    )
    raise sentence_fault("scores", allowed, "none", str((int(person), int(item))))


def _widened(values: FloatArray, pad: int) -> FloatArray:
    return np.arange(values[0] - pad, values[-1] + pad + 1) if pad else values
