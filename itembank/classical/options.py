"""Who chose which option of an item, and how they did on the other items."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import BoolArray, FloatArray, IntArray, numbers, require, sentence_fault
from itembank.classical.correlating import correlation

_NONE = -1
_LAST = 9_999


@dataclass(frozen=True)
class OptionStatistics:
    """How one option of an item was chosen.

    Attributes
    ----------
    option : int or None
        None stands for those who were given the item and chose nothing.
    is_key : bool
    n : int
        How many chose it.
    share : float
        Of those who were given the item.
    option_rest : float
        The correlation of choosing it with the share of points on the other items; NaN where
        everybody or nobody chose it.
    mean_rest : float
        The mean share of points on the other items of those who chose it.
    """

    option: int | None
    is_key: bool
    n: int
    share: float
    option_rest: float
    mean_rest: float


@dataclass(frozen=True, eq=False)
class Choices:
    """Options chosen, (n_persons, n_items), -1 for none, and each item's key, -1 for none."""

    chosen: IntArray
    keys: IntArray


def checked_choices(choices: ArrayLike, keys: ArrayLike | None, shape: tuple[int, int]) -> Choices:
    """Return choices and keys as whole numbers; None, NaN and -1 stand for none."""
    chosen = _whole("choices", choices, shape)
    if keys is None:
        raise sentence_fault("keys", "given with choices: one for each item, -1 for none", "none")
    return Choices(chosen, _whole("keys", keys, shape[1:]))


def _whole(name: str, value: ArrayLike, shape: tuple[int, ...]) -> IntArray:
    given = numbers(name, value)
    if given.shape != shape:
        raise sentence_fault(name, f"of shape {shape}", f"shape {given.shape}")
    found = np.where(np.isnan(given), _NONE, given)
    fits = (found >= _NONE) & (found == np.floor(found)) & (found <= _LAST)
    require(fits, name, f"whole, from 0 to {_LAST}, or -1 or NaN for none", found)
    return found.astype(np.int64)


def options_of(
    choices: Choices, item: int, given: BoolArray, rest: FloatArray
) -> tuple[OptionStatistics, ...]:
    """Return every option of an item that somebody chose, and the key, in order; then none.

    `given` says who was given the item, and `rest` is each person's share of the other points.
    """
    chosen, key = choices.chosen[given, item], int(choices.keys[item])
    there = np.unique(np.append(chosen, key))
    every: Sequence[int] = [*there[there != _NONE].tolist(), *there[there == _NONE].tolist()]
    return tuple(_statistics(chosen, rest[given], every, key))


def _statistics(
    chosen: IntArray, rest: FloatArray, options: Sequence[int], key: int
) -> Iterator[OptionStatistics]:
    for option in options:
        own = chosen == option
        n = int(own.sum())
        if option == _NONE and not n:
            continue
        yield OptionStatistics(
            option=None if option == _NONE else option,
            is_key=option == key != _NONE,
            n=n,
            share=n / max(len(chosen), 1),
            option_rest=correlation(own.astype(np.float64), rest),
            mean_rest=_mean(rest[own]),
        )


def _mean(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else math.nan
