"""Scores of persons, checked against the items that they are scores of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import (
    BoolArray,
    FloatArray,
    IntArray,
    ScoreArray,
    fault_at,
    scores_given,
    sentence_fault,
)
from itembank.parameters import ItemParameters, require_items

ROWS = 512
"""How many persons a block holds: few enough that its products stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Block:
    """Some persons' scores as floats, 0 where not administered.

    `given` is 1 where administered, else 0; None where everything was. Both are good until the next
    block is asked for, which is written over them.
    """

    scores: FloatArray
    given: FloatArray | None

    def take(self, rows: IntArray) -> Block:
        """Return some of the persons."""
        return Block(self.scores[rows], None if self.given is None else self.given[rows])


@dataclass(frozen=True, eq=False)
class ScoreMatrix:
    """The scores of persons, shape (n_persons, n_items), in the type in which they were given."""

    values: ScoreArray
    is_one_person: bool

    def blocks(self, rows: IntArray | None = None) -> Iterator[tuple[slice, Block]]:
        """Return the persons (or those of some rows) in blocks, each with its place."""
        count = len(self.values) if rows is None else len(rows)
        room = np.empty((min(ROWS, count), self.values.shape[1]))
        for place in places(count):
            own = room[: place.stop - place.start]
            own[...] = self.values[place if rows is None else rows[place]]
            yield place, _block(own)


def score_matrix(scores: ArrayLike, parameters: ItemParameters) -> ScoreMatrix:
    """Return scores as a matrix, one row a person; ValueError where they do not fit the items."""
    require_items(parameters)
    values = scores_given(scores)
    if values.ndim not in {1, 2} or values.shape[-1] != parameters.n_items:
        allowed = f"of shape (n_persons, {parameters.n_items}) or ({parameters.n_items},)"
        raise sentence_fault("scores", allowed, f"shape {values.shape}")
    matrix = np.atleast_2d(values)
    _check(matrix, parameters.n_categories - 1)
    return ScoreMatrix(matrix, values.ndim == 1)


def places(count: int) -> Iterator[slice]:
    """Return the places of blocks of persons."""
    for start in range(0, count, ROWS):
        yield slice(start, min(start + ROWS, count))


def _block(own: FloatArray) -> Block:
    if own.min(initial=0.0) >= 0:
        return Block(own, None)
    given = own >= 0  # neither NaN nor -1
    own[~given] = 0.0
    return Block(own, given.astype(np.float64))


def _check(values: ScoreArray, top: IntArray) -> None:
    room = np.empty((min(ROWS, len(values)), values.shape[1]))
    lowest_top = int(top.min())
    for place in places(len(values)):
        part = values[place]
        quickly = part.min() >= 0 and part.max() <= lowest_top
        if not (quickly and _is_whole(part, room)):
            _check_slowly(values, place, top)


def _is_whole(values: ScoreArray, room: FloatArray) -> bool:
    if values.dtype.kind != "f":
        return True
    return bool((np.rint(values, out=room[: len(values)]) == values).all())


def _check_slowly(values: ScoreArray, place: slice, top: IntArray) -> None:
    part = values[place]
    sound = _is_missing(part) | ((part >= 0) & (part <= top) & (part == np.rint(part)))
    if not sound.all():
        row, item = np.argwhere(~sound)[0]
        missing = "NaN" if values.dtype.kind == "f" else "-1"
        allowed = f"a whole number from 0 to {top[item]}, or {missing} for not administered"
        raise fault_at("scores", allowed, values, np.array([place.start + row, item]))


def _is_missing(values: ScoreArray) -> BoolArray:
    return np.asarray(np.isnan(values) if values.dtype.kind == "f" else values == -1)
