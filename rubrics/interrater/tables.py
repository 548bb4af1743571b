"""Ratings as they are given, brought to what is compared: performances rated twice or more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from itembank.arguments import BoolArray, FloatArray, IntArray, numbers, require
from itembank.faults import fault

MOST_LEVELS = 200
LARGEST = 1e15


@dataclass(frozen=True, eq=False)
class Patterns:
    """Ratings of performances, those alike taken together; none where nothing can be compared.

    `counts` says how many raters gave each of the `levels`, shape (n_patterns, n_levels), and
    `frequency` how many performances are so rated. In a crossed design `rows` has every rater's
    level as an index, shape (n_patterns, n_raters).
    """

    levels: FloatArray
    counts: IntArray
    frequency: IntArray
    rows: IntArray | None
    n_raters: int

    @property
    def n_performances(self) -> int:
        """How many performances were rated twice or more."""
        return int(self.frequency.sum())

    @property
    def n_ratings(self) -> int:
        """How many ratings these performances have."""
        return int(self.frequency @ self.counts.sum(axis=1))


@dataclass(frozen=True, eq=False)
class _Long:
    """One entry for each rating; performances, raters and levels as indexes from 0."""

    performance: IntArray
    rater: IntArray
    code: IntArray
    levels: FloatArray


def patterns_of(
    ratings: ArrayLike, performance: ArrayLike | None, rater: ArrayLike | None
) -> Patterns:
    """Return the patterns of a table of ratings, or of one rating an entry."""
    if (performance is None) != (rater is None):
        missing = "performance" if performance is None else "rater"
        raise fault(missing, "given, as the other of `performance` and `rater` is", None)
    if performance is None or rater is None:
        return _grouped(_compared(_from_table(ratings)))
    return _grouped(_compared(_from_entries(ratings, performance, rater)))


def _from_table(ratings: ArrayLike) -> _Long:
    table = numbers("ratings", ratings, ndim=2, shape="(n_performances, n_raters)")
    _check_size(table)
    performance, rater = np.nonzero(~np.isnan(table))
    return _coded(table[performance, rater], performance, rater)


def _from_entries(ratings: ArrayLike, performance: ArrayLike, rater: ArrayLike) -> _Long:
    given = numbers("ratings", ratings, ndim=1, shape="(n_ratings,)")
    _check_size(given)
    who, what = _labels("rater", rater, len(given)), _labels("performance", performance, len(given))
    order = np.lexsort((who, what))
    again = (np.diff(who[order]) == 0) & (np.diff(what[order]) == 0)
    if again.any():
        place = int(order[1:][again].min())
        raise fault(
            "rater", "different for each rating of a performance", _at(rater, place), str(place)
        )
    is_given = ~np.isnan(given)
    return _coded(given[is_given], what[is_given], who[is_given])


def _check_size(values: FloatArray) -> None:
    allowed = f"finite and at most {LARGEST:.0e} in size, or NaN where there is none"
    require(~(np.abs(values) > LARGEST), "ratings", allowed, values)


def _labels(name: str, value: ArrayLike, length: int) -> IntArray:
    """Return labels of any kind as indexes from 0."""
    labels: NDArray[Any] = np.asarray(value)
    if labels.shape != (length,):
        raise fault(name, f"of shape ({length},), as `ratings` is", labels.shape)
    if labels.dtype.kind not in "iuUS":
        raise fault(name, "whole numbers or texts", value)
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _at(value: ArrayLike, place: int) -> object:
    found: object = np.asarray(value)[place].item()
    return found


def _coded(values: FloatArray, performance: IntArray, rater: IntArray) -> _Long:
    levels, code = np.unique(values, return_inverse=True)
    if len(levels) > MOST_LEVELS:
        raise fault("ratings", f"on a scale of at most {MOST_LEVELS} levels", len(levels))
    return _Long(performance, rater, code.astype(np.int64), levels)


def _compared(long: _Long) -> _Long:
    """Return the ratings of performances that have two or more, numbered without gaps."""
    kept: BoolArray = np.bincount(long.performance, minlength=1)[long.performance] > 1
    performance = np.unique(long.performance[kept], return_inverse=True)[1]
    rater = np.unique(long.rater[kept], return_inverse=True)[1]
    return _Long(performance, rater, long.code[kept], long.levels)


def _grouped(long: _Long) -> Patterns:
    n_levels, n_raters = max(1, len(long.levels)), int(long.rater.max(initial=-1)) + 1
    n_performances = int(long.performance.max(initial=-1)) + 1
    if len(long.code) == n_performances * n_raters and n_performances:
        table = np.empty((n_performances, n_raters), dtype=np.int64)
        table[long.performance, long.rater] = long.code
        rows, frequency = np.unique(table, axis=0, return_counts=True)
        index = np.arange(len(rows))[:, None] * n_levels + rows
        return Patterns(long.levels, _counts(index, len(rows), n_levels), frequency, rows, n_raters)
    every = _counts(long.performance * n_levels + long.code, n_performances, n_levels)
    counts, frequency = np.unique(every, axis=0, return_counts=True)
    return Patterns(long.levels, counts, frequency, None, n_raters)


def _counts(index: IntArray, n_rows: int, n_levels: int) -> IntArray:
    return np.bincount(index.ravel(), minlength=n_rows * n_levels).reshape(n_rows, n_levels)
