"""Items whose key looks wrong, with the reasons."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from numpy.typing import ArrayLike

from itembank.arguments import FloatArray, finite, sentence_fault
from itembank.classical.analysis import ItemAnalysis, ItemStatistics
from itembank.classical.options import OptionStatistics

LOW = 0.10
"""A correlation with the rest below which a key tells hardly anything."""
FEWEST = 30
"""Answers below which nothing is said of an item."""
_CLEAR = 2.0
"""Standard errors above 0, at which a correlation is taken to be there."""


class MiskeyReason(StrEnum):
    """Why an item's key looks wrong."""

    OPTION_BEATS_KEY = "another option goes with ability more than the key"
    KEY_LOW = "the key hardly goes with ability"
    KEY_NEGATIVE = "the key goes against ability"
    SLOPE_NEGATIVE = "the slope is negative"


@dataclass(frozen=True)
class Miskey:
    """An item whose key is to be looked at by somebody who knows the answer.

    Attributes
    ----------
    item : int
    reasons : tuple of MiskeyReason
    suspect : int or None
        The option that may be the right one; None where no option goes with ability more than the
        key does.
    key_rest, suspect_rest : float
        Their correlations with the rest; that of the score where no choices are known.
    """

    item: int
    reasons: tuple[MiskeyReason, ...]
    suspect: int | None
    key_rest: float
    suspect_rest: float


def miskeyed(analysis: ItemAnalysis, *, slopes: ArrayLike | None = None) -> tuple[Miskey, ...]:
    """Return the items whose key looks wrong, in order.

    - Another option beats the key: its correlation with the rest is positive by two standard errors
      (``1 / sqrt(n)``) and above the key's.
    - The key hardly goes with ability: its correlation is below 0.10; or it goes against it, below
      0. Without choices it is the score's correlation.
    - The slope is negative, where slopes are given.

    Nothing is said of items that fewer than 30 persons answered. A hard item that many guess has a
    low correlation too: what is flagged is to be read, not to be changed unread.

    Parameters
    ----------
    analysis : ItemAnalysis
    slopes : array_like, shape (n_items,), optional
        Of a calibration of the same items.

    Raises
    ------
    ValueError
        Where `slopes` are not one finite number for each item.
    """
    slope = _checked(slopes, len(analysis.items))
    found = (
        _looked_at(item, None if slope is None else float(slope[item.item]))
        for item in analysis.items
        if item.n >= FEWEST
    )
    return tuple(each for each in found if each.reasons)


def _checked(slopes: ArrayLike | None, n_items: int) -> FloatArray | None:
    if slopes is None:
        return None
    values = finite("slopes", slopes)
    if values.shape != (n_items,):
        raise sentence_fault("slopes", f"of shape ({n_items},)", f"shape {values.shape}")
    return values


def _looked_at(item: ItemStatistics, slope: float | None) -> Miskey:
    key = next((each.option_rest for each in item.options if each.is_key), item.item_rest)
    rival = _rival(item, key)
    return Miskey(
        item=item.item,
        reasons=tuple(_reasons(key, rival, slope)),
        suspect=None if rival is None else rival.option,
        key_rest=key,
        suspect_rest=math.nan if rival is None else rival.option_rest,
    )


def _rival(item: ItemStatistics, key: float) -> OptionStatistics | None:
    """Return the option that goes with ability most, if clearly so and more than the key."""
    others = [
        each
        for each in item.options
        if each.option is not None and not each.is_key and not math.isnan(each.option_rest)
    ]
    best = max(others, key=lambda each: each.option_rest, default=None)
    if best is None or best.option_rest < _CLEAR / math.sqrt(item.n):
        return None
    return None if best.option_rest <= key else best


def _reasons(
    key: float, rival: OptionStatistics | None, slope: float | None
) -> Iterator[MiskeyReason]:
    if rival is not None:
        yield MiskeyReason.OPTION_BEATS_KEY
    if key < LOW:
        yield MiskeyReason.KEY_NEGATIVE if key < 0 else MiskeyReason.KEY_LOW
    if slope is not None and slope < 0:
        yield MiskeyReason.SLOPE_NEGATIVE
