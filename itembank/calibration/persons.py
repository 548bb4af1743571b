"""Scores as they are given, made into what the engine computes with; what is unfit is refused.

However many persons there are, one copy of their scores is held, in a byte each.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

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
from itembank.calibration.layout import Booklet, Cluster, booklet, everything

PlaceArray: TypeAlias = NDArray[np.int32]
"""Places of groups and booklets: a million persons have as many."""
_CHUNK = 16_384
_SAMPLE = 1_024
_LARGEST = 2**62
_PERSONS_PER_BOOKLET = 64


@dataclass(frozen=True, eq=False)
class Persons:
    """Scores (n_items, n_persons) in bytes, -1 for not administered, sorted by group and booklet.

    The items are in the order of the clusters.
    """

    scores: ScoreArray
    weight: FloatArray | None
    group: PlaceArray
    booklet: PlaceArray
    labels: tuple[Hashable, ...]
    booklets: tuple[Booklet, ...]

    @property
    def n_rows(self) -> int:
        """How many rows are computed with."""
        return int(self.scores.shape[1])

    def blocks(self, size: int) -> tuple[Block, ...]:
        """Return blocks of persons of one group and booklet each."""
        kind = self.group * len(self.booklets) + self.booklet
        edges = np.flatnonzero(np.diff(kind, prepend=-1, append=-1))
        return tuple(
            self._block(slice(start, min(start + size, end)))
            for first, end in pairwise(edges.tolist())
            for start in range(first, end, size)
        )

    def _block(self, rows: slice) -> Block:
        weight = None if self.weight is None else self.weight[rows]
        first = rows.start
        return Block(self.scores[:, rows], weight, int(self.group[first]), int(self.booklet[first]))


@dataclass(frozen=True, eq=False)
class Groups:
    """The label of each group, in order, and each person's place among them."""

    labels: tuple[Hashable, ...]
    place: PlaceArray


def score_array(given: ScoreArray, highest: IntArray) -> ScoreArray:
    """Return scores as (n_items, n_persons) int8 with -1 for missing; `highest` is by item."""
    if given.ndim != 2 or not given.size:
        allowed = "of shape (n_persons, n_items), neither of them 0"
        raise sentence_fault("scores", allowed, f"shape {given.shape}")
    found = np.empty(given.shape[::-1], dtype=np.int8)
    for start in range(0, len(given), _CHUNK):
        rows = slice(start, start + _CHUNK)
        found[:, rows] = _small(given[rows], highest, start).T
    return found


def _small(given: ScoreArray, highest: IntArray, start: int) -> ScoreArray:
    if given.dtype.kind in "iu":
        fits = (given >= -1) & (given <= highest)
        _require_scores(fits, given, highest, start)
        return given.astype(np.int8, copy=False)
    missing = np.isnan(given)
    with np.errstate(invalid="ignore"):
        fits = missing | ((given >= 0) & (given <= highest) & (given == np.floor(given)))
    _require_scores(fits, given, highest, start)
    return np.where(missing, -1.0, given).astype(np.int8)


def _require_scores(fits: BoolArray, values: NDArray[Any], highest: IntArray, start: int) -> None:
    if np.all(fits):
        return
    row, item = (int(each) for each in np.argwhere(~fits)[0])
    kind = "-1" if values.dtype.kind in "iu" else "NaN"
    allowed = f"{kind} where not administered, or whole numbers from 0 to {highest[item]}"
    raise sentence_fault("scores", allowed, f"{values[row, item]:g}", str((start + row, item)))


def require_answers(scores: ScoreArray) -> None:
    """Refuse persons and items without any answer, naming them."""
    highest = (scores.max(axis=1), scores.max(axis=0))
    for own, name, other in zip(highest, ("item", "person"), ("person", "item"), strict=True):
        empty = np.flatnonzero(own < 0)
        if empty.size:
            allowed = f"given for at least one {other} of each {name}; leave the others out"
            raise sentence_fault("scores", allowed, "none", named(name, empty.tolist()))


def require_linked(scores: ScoreArray, anchored: Sequence[int]) -> None:
    """Refuse items that no chain of persons, or anchors, links to the first."""
    if scores.min(axis=0).max() >= 0:
        return
    reached = np.zeros(len(scores), dtype=bool)
    reached[[*anchored] if anchored else [0]] = True
    persons = np.zeros(scores.shape[1], dtype=bool)
    frontier = np.flatnonzero(reached)
    while frontier.size:
        for item in frontier:
            persons |= scores[item] >= 0
        unseen = np.flatnonzero(~reached)
        frontier = unseen[[bool(np.any((scores[item] >= 0) & persons)) for item in unseen]]
        reached[frontier] = True
    apart = np.flatnonzero(~reached)
    if apart.size:
        allowed = "linked: each item given together with others, in one chain"
        raise sentence_fault("scores", allowed, "items apart", named("item", apart.tolist()))


def counts_of_scores(scores: ScoreArray, weight: FloatArray | None) -> list[FloatArray]:
    """Return how many persons have each score, item by item, 0 first and at least two."""
    return [_counts(row, weight) for row in scores]


def _counts(row: ScoreArray, weight: FloatArray | None) -> FloatArray:
    found = np.zeros(max(2, int(row.max()) + 1))
    for score in range(len(found)):
        has = row == score
        found[score] = np.count_nonzero(has) if weight is None else has @ weight
    return found


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


def checked_groups(groups: ArrayLike | None, n_persons: int, weight: FloatArray | None) -> Groups:
    """Return the groups of persons, of which none is missing or without weight."""
    if groups is None:
        return Groups((None,), np.zeros(n_persons, dtype=np.int32))
    allowed = f"labels of shape ({n_persons},)"
    try:
        array = np.asarray(groups)
    except ValueError:
        raise sentence_fault("groups", allowed, "rows of different length") from None
    if array.shape != (n_persons,):
        raise sentence_fault("groups", allowed, f"shape {array.shape}")
    if array.dtype.kind == "f":
        require(np.isfinite(array), "groups", "labels, none missing", array)
    try:
        labels, place = np.unique(array, return_inverse=True)
    except TypeError:
        raise sentence_fault("groups", "labels of one kind, none missing", "several") from None
    found = Groups(tuple(labels.tolist()), place.astype(np.int32))
    if weight is not None and not np.all(np.bincount(found.place, weights=weight) > 0):
        raise sentence_fault("weights", "positive for some rows of each group", "0 for all of one")
    return found


def arranged(
    scores: ScoreArray,
    weight: FloatArray | None,
    groups: Groups,
    clusters: Sequence[Cluster],
) -> Persons:
    """Return persons sorted by group and booklet, identical ones together where that pays.

    `scores` are in the caller's order of items; they are not kept.
    """
    order = np.concatenate([cluster.items for cluster in clusters])
    if not np.array_equal(order, np.arange(len(order))):
        scores = scores[order]
    group = groups.place
    if _pays(scores, group, most=0.5):
        scores, weight, group = _collapsed(scores, weight, group)
    booklet_of, booklets = _booklets(scores, clusters)
    kind = group * len(booklets) + booklet_of
    if np.any(np.diff(kind) < 0):
        place = np.argsort(kind, kind="stable")
        scores = _sorted(scores, place)
        weight = None if weight is None else weight[place]
        group, booklet_of = group[place], booklet_of[place]
    return Persons(scores, weight, group, booklet_of, groups.labels, booklets)


def _sorted(scores: ScoreArray, place: IntArray) -> ScoreArray:
    """Put the persons in order, item by item where they stand."""
    for row in scores:
        row[:] = row[place]
    return scores


def _collapsed(
    scores: ScoreArray, weight: FloatArray | None, group: PlaceArray
) -> tuple[ScoreArray, FloatArray, PlaceArray]:
    _, first, place = np.unique(_codes(scores, group), return_index=True, return_inverse=True)
    total = np.bincount(place.ravel(), weights=weight, minlength=len(first)).astype(np.float64)
    return scores[:, first], total, group[first]


def _booklets(
    scores: ScoreArray, clusters: Sequence[Cluster]
) -> tuple[PlaceArray, tuple[Booklet, ...]]:
    """Return each person's booklet: as many as there are, or one of everything if too many."""
    n_persons = scores.shape[1]
    one = np.zeros(n_persons, dtype=np.int32)
    if scores.min() >= 0:
        return one, (booklet(clusters, np.ones(len(scores), dtype=bool)),)
    if not _pays(scores, one, most=0.25, only_given=True):
        return one, (everything(clusters),)
    codes = _codes(scores, one, only_given=True)
    _, first, place = np.unique(codes, return_index=True, return_inverse=True)
    if len(first) * _PERSONS_PER_BOOKLET > n_persons:
        return one, (everything(clusters),)
    own = place.ravel().astype(np.int32)
    return own, tuple(booklet(clusters, scores[:, each] >= 0) for each in first)


def _pays(scores: ScoreArray, group: PlaceArray, most: float, *, only_given: bool = False) -> bool:
    """Whether few of a sample of persons are distinct: looking at all of them costs a sort."""
    stride = max(1, scores.shape[1] // _SAMPLE)
    sample = _codes(scores[:, ::stride], group[::stride], only_given=only_given)
    return len(np.unique(sample)) < most * len(sample)


def _codes(scores: ScoreArray, group: PlaceArray, *, only_given: bool = False) -> IntArray:
    """Return a number for each pattern of scores, or of being given, within its group."""
    base = 2 if only_given else int(scores.max()) + 2
    code, size = group.astype(np.int64), int(group.max()) + 1
    for row in scores:
        if size > _LARGEST // base:
            code = np.unique(code, return_inverse=True)[1].ravel()
            size = int(code.max()) + 1
        code = code * base + ((row >= 0) if only_given else row + 1)
        size *= base
    return code


def named(what: str, places: Sequence[int], most: int = 5) -> str:
    """Return places in words: ``items 3, 4, 5 and 12 more``."""
    shown = ", ".join(str(place) for place in places[:most])
    rest = f" and {len(places) - most} more" if len(places) > most else ""
    return f"{what}{'s' if len(places) > 1 else ''} {shown}{rest}"
