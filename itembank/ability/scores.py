"""Scores of persons, checked against the items that they are scores of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from itembank.arguments import BoolArray, FloatArray, ScoreArray, fault_at, sentence_fault
from itembank.faults import fault
from itembank.parameters import ItemParameters

_ROWS = 1024  # a block of this many persons, with its products, stays in the processor's cache


@dataclass(frozen=True, eq=False)
class Block:
    """Some persons' scores as floats, 0 where not administered.

    `given` is 1 where administered, else 0; None where everything was.
    """

    scores: FloatArray
    given: FloatArray | None


@dataclass(frozen=True, eq=False)
class ScoreMatrix:
    """The scores of persons, shape (n_persons, n_items), in the type in which they were given."""

    values: ScoreArray
    is_one_person: bool
    some_missing: bool

    def blocks(self, rows: NDArray[np.int64] | None = None) -> Iterator[tuple[slice, Block]]:
        """Return the persons (or those of some rows) in blocks, each with its place."""
        count = len(self.values) if rows is None else len(rows)
        for start in range(0, count, _ROWS):
            place = slice(start, min(start + _ROWS, count))
            yield place, self._block(self.values[place if rows is None else rows[place]])

    def _block(self, values: ScoreArray) -> Block:
        if not self.some_missing:
            return Block(values.astype(np.float64, copy=False), None)
        given = _is_given(values)
        return Block(np.where(given, values, 0).astype(np.float64), given.astype(np.float64))


def score_matrix(scores: ArrayLike, parameters: ItemParameters) -> ScoreMatrix:
    """Return scores as a matrix, one row a person; ValueError where they do not fit the items."""
    values = np.asarray(scores)
    if values.dtype.kind not in "iufb":
        raise fault("scores", "numbers of shape (n_persons, n_items)", scores)
    if values.ndim not in {1, 2} or values.shape[-1] != parameters.n_items:
        allowed = f"of shape (n_persons, {parameters.n_items}) or ({parameters.n_items},)"
        raise sentence_fault("scores", allowed, f"shape {values.shape}")
    matrix = np.atleast_2d(values)
    matrix = matrix.view(np.int8) if matrix.dtype.kind == "b" else matrix
    given = _is_given(matrix)
    _check_categories(matrix, given, parameters)
    return ScoreMatrix(matrix, values.ndim == 1, not given.all())


def _is_given(values: ScoreArray) -> BoolArray:
    return np.asarray(~np.isnan(values) if values.dtype.kind == "f" else values != -1)


def _check_categories(values: ScoreArray, given: BoolArray, parameters: ItemParameters) -> None:
    top = parameters.n_categories - 1
    sound = ~given | ((values >= 0) & (values <= top))
    if values.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            sound &= ~given | (values == np.floor(values))
    if not sound.all():
        place = np.argwhere(~sound)[0]
        most = top[place[1]]
        allowed = f"a whole number from 0 to {most}, or {_absence(values)} for not administered"
        raise fault_at("scores", allowed, values, place)


def _absence(values: ScoreArray) -> str:
    return "NaN" if values.dtype.kind == "f" else "-1"
