"""Scores as they are given, made into what the engine computes with; what is unfit is refused."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from itembank.arguments import (
    BoolArray,
    FloatArray,
    IntArray,
    ScoreArray,
    fault_at,
    finite,
    require,
    sentence_fault,
)
from itembank.calibration.expectation import Block

HIGHEST = 99
"""The highest score of a polytomous item."""
_CHUNK = 65_536
_SAMPLE = 1_024
_BITS = 62


@dataclass(frozen=True, eq=False)
class Persons:
    """Scores (n_items, n_persons) in small integers, -1 for not administered, sorted by group."""

    scores: ScoreArray
    weight: FloatArray | None
    group: IntArray
    labels: tuple[Hashable, ...]

    @property
    def n_rows(self) -> int:
        """How many rows are computed with."""
        return int(self.scores.shape[1])

    @property
    def total(self) -> float:
        """How many persons there are, counted with their weights."""
        return float(self.n_rows if self.weight is None else self.weight.sum())

    def blocks(self, order: IntArray, size: int) -> tuple[Block, ...]:
        """Return blocks of persons of one group each, items in this order."""
        scores = self.scores if _is_range(order) else self.scores[order]
        edges = np.flatnonzero(np.diff(self.group, prepend=-1, append=-1))
        found = []
        for first, end in pairwise(edges.tolist()):
            for start in range(first, end, size):
                rows = slice(start, min(start + size, end))
                weight = None if self.weight is None else self.weight[rows]
                found.append(Block(scores[:, rows], weight, int(self.group[start])))
        return tuple(found)


def score_array(scores: ArrayLike, highest: IntArray) -> ScoreArray:
    """Return scores as (n_items, n_persons) int8 with -1 for missing; `highest` is by item."""
    given = np.asarray(scores)
    if given.ndim != 2 or not given.size:
        allowed = "of shape (n_persons, n_items), neither of them 0"
        raise sentence_fault("scores", allowed, f"shape {given.shape}")
    if given.shape[1] != len(highest):
        allowed = f"of shape (n_persons, {len(highest)})"
        raise sentence_fault("scores", allowed, f"shape {given.shape}")
    found = np.empty(given.shape[::-1], dtype=np.int8)
    for start in range(0, len(given), _CHUNK):
        rows = slice(start, start + _CHUNK)
        found[:, rows] = _small(given[rows], highest, start).T
    return found


def _small(given: NDArray[Any], highest: IntArray, start: int) -> ScoreArray:
    if given.dtype.kind in "iub":
        fits = (given >= -1) & (given <= highest)
        _require_scores(fits, given, highest, start)
        return given.astype(np.int8)
    try:
        values = given.astype(np.float64)
    except (TypeError, ValueError):
        raise sentence_fault("scores", "numbers", f"{given.dtype} values") from None
    missing = np.isnan(values)
    with np.errstate(invalid="ignore"):
        fits = missing | ((values >= 0) & (values <= highest) & (values == np.floor(values)))
    _require_scores(fits, values, highest, start)
    return np.where(missing, -1.0, values).astype(np.int8)


def _require_scores(
    fits: BoolArray, values: NDArray[np.generic], highest: IntArray, start: int
) -> None:
    if np.all(fits):
        return
    row, item = np.argwhere(~fits)[0]
    kind = "-1" if values.dtype.kind in "iub" else "NaN"
    allowed = f"{kind} where not administered, or whole numbers from 0 to {highest[item]}"
    raise sentence_fault("scores", allowed, f"{values[row, item]:g}", str((start + row, item)))


def require_answers(scores: ScoreArray) -> None:
    """Refuse persons and items without any answer, naming them."""
    given = scores >= 0
    for axis, name, other in ((1, "item", "person"), (0, "person", "item")):
        empty = np.flatnonzero(~given.any(axis=axis))
        if empty.size:
            allowed = f"given for at least one {other} of each {name}; leave the others out"
            raise sentence_fault("scores", allowed, "none", named(name, empty.tolist()))


def require_linked(scores: ScoreArray, anchored: Sequence[int]) -> None:
    """Refuse items that no chain of persons, or anchors, links to the first."""
    given = scores >= 0
    if given.all(axis=0).any():
        return
    reached = np.zeros(len(given), dtype=bool)
    reached[anchored[0] if anchored else 0] = True
    reached[list(anchored)] = True
    size = 0
    while size < reached.sum():
        size = int(reached.sum())
        reached = given[:, given[reached].any(axis=0)].any(axis=1) | reached
    apart = np.flatnonzero(~reached)
    if apart.size:
        allowed = "linked: each item given together with others, in one chain"
        raise sentence_fault("scores", allowed, "items apart", named("item", apart.tolist()))


def counts_of_scores(scores: ScoreArray, weight: FloatArray | None) -> list[FloatArray]:
    """Return how many persons have each score, item by item, 0 first and at least two."""
    table = np.zeros((max(2, int(scores.max()) + 1), len(scores)))
    for score, own in enumerate(table):
        has = scores == score
        own[:] = np.count_nonzero(has, axis=1) if weight is None else has @ weight
    return [own[: max(2, int(np.flatnonzero(own).max(initial=0)) + 1)] for own in table.T]


def checked_weights(weights: ArrayLike | None, n_persons: int) -> FloatArray | None:
    """Return frequencies of rows, of which none is negative and some are positive."""
    if weights is None:
        return None
    array = finite("weights", weights)
    if array.shape != (n_persons,):
        raise sentence_fault("weights", f"of shape ({n_persons},)", f"shape {array.shape}")
    require(array >= 0, "weights", "0 or more", array)
    if not array.any():
        raise fault_at("weights", "positive for some rows", array, np.array([0]))
    return array


def grouped(scores: ScoreArray, weight: FloatArray | None, groups: ArrayLike | None) -> Persons:
    """Return persons sorted by group, identical ones put together where that pays."""
    labels, group = _groups(groups, scores.shape[1])
    if len(labels) > 1:
        order = np.argsort(group, kind="stable")
        scores, group = scores[:, order], group[order]
        weight = None if weight is None else weight[order]
    return _collapsed(Persons(scores, weight, group, labels))


def _groups(groups: ArrayLike | None, n_persons: int) -> tuple[tuple[Hashable, ...], IntArray]:
    if groups is None:
        return (None,), np.zeros(n_persons, dtype=np.int64)
    array = np.asarray(groups)
    if array.shape != (n_persons,):
        raise sentence_fault("groups", f"labels of shape ({n_persons},)", f"shape {array.shape}")
    if array.dtype.kind == "f" and not np.all(np.isfinite(array)):
        raise fault_at("groups", "labels, none missing", array, np.argwhere(~np.isfinite(array))[0])
    try:
        labels, place = np.unique(array, return_inverse=True)
    except TypeError:
        raise sentence_fault("groups", "labels of one kind, none missing", "several") from None
    return tuple(labels.tolist()), place.astype(np.int64)


def _collapsed(persons: Persons) -> Persons:
    if not _pays(persons):
        return persons
    codes = _codes(persons.scores, persons.group)
    _, first, place = np.unique(codes, return_index=True, return_inverse=True)
    weight = np.bincount(place.ravel(), weights=persons.weight, minlength=len(first))
    order = np.argsort(persons.group[first], kind="stable")
    return Persons(
        persons.scores[:, first[order]],
        weight.astype(np.float64)[order],
        persons.group[first[order]],
        persons.labels,
    )


def _pays(persons: Persons) -> bool:
    """Whether less than half of a sample of persons are distinct: looking at all costs a sort."""
    stride = max(1, persons.n_rows // _SAMPLE)
    sample = _codes(persons.scores[:, ::stride], persons.group[::stride])
    return len(np.unique(sample)) < 0.5 * len(sample)


def _codes(scores: ScoreArray, group: IntArray) -> NDArray[np.generic]:
    """One value for each pattern: a number where it fits one, else the bytes."""
    base = int(scores.max()) + 2
    if len(scores) * np.log2(base) + np.log2(int(group.max()) + 1) < _BITS:
        code = group.copy()
        for row in scores:
            code = code * base + (row + 1)
        return code
    labels = np.ascontiguousarray(group).view(np.int8).reshape(-1, 8)
    packed = np.ascontiguousarray(np.concatenate([scores.T, labels], axis=1))
    return packed.view(np.dtype((np.void, packed.shape[1])))[:, 0]


def _is_range(order: IntArray) -> bool:
    return bool(np.array_equal(order, np.arange(len(order))))


def named(what: str, places: Sequence[int], most: int = 5) -> str:
    """Return places in words: ``items 3, 4, 5 and 12 more``."""
    shown = ", ".join(str(place) for place in places[:most])
    rest = f" and {len(places) - most} more" if len(places) > most else ""
    return f"{what}{'s' if len(places) > 1 else ''} {shown}{rest}"
