"""Purification: items that differ are left out of what people are matched on, until none changes.

Candell, G. L., & Drasgow, F. (1988). An iterative procedure for linking metrics and assessing item
bias in item response theory. Applied Psychological Measurement, 12(3), 253-260.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from itembank.arguments import BoolArray

Found = TypeVar("Found")
MOST_ROUNDS = 20


@dataclass(frozen=True, eq=False)
class Rounds(Generic[Found]):
    """What the last round found, its anchors, and whether another would find the same."""

    found: Found
    anchors: BoolArray
    n_rounds: int
    settled: bool


def purified(
    test: Callable[[BoolArray], Found],
    flagged: Callable[[Found], BoolArray],
    first: BoolArray,
    *,
    repeatedly: bool,
) -> Rounds[Found]:
    """Return the tests of all items with anchors that are not flagged among the first ones.

    It ends unsettled where the same anchors come back, where none would be left, and after twenty
    rounds.
    """
    anchors, seen = first, {first.tobytes()}
    for n_rounds in range(1, MOST_ROUNDS + 1):
        found = test(anchors)
        kept = first & ~flagged(found)
        if not repeatedly or np.array_equal(kept, anchors):
            return Rounds(found, anchors, n_rounds, bool(np.array_equal(kept, anchors)))
        if not kept.any() or kept.tobytes() in seen:
            break
        if n_rounds < MOST_ROUNDS:
            anchors = kept
            seen.add(kept.tobytes())
    return Rounds(found, anchors, n_rounds, False)
