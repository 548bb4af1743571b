"""Categories that nobody, or too few, scored in: put together with a neighbour, and recorded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from itembank.arguments import FloatArray, ScoreArray
from itembank.calibration.results import Collapsed


def collapsed_categories(
    counts: Sequence[FloatArray], items: Sequence[int], fewest: float
) -> tuple[Collapsed, ...]:
    """Return, for the items that need it, the new score of each score."""
    found = []
    for item in items:
        scores = _merged(counts[item], fewest)
        if scores != tuple(range(len(counts[item]))):
            found.append(Collapsed(item, scores))
    return tuple(found)


def _merged(counts: FloatArray, fewest: float) -> tuple[int, ...]:
    """Merge the smallest category until all are large enough.

    One that is empty joins the one below it, so that the data do not say which; one that is thin,
    its smaller neighbour.
    """
    members = [[score] for score in range(len(counts))]
    sizes = [float(count) for count in counts]
    while len(sizes) > 2 and min(sizes) < fewest:
        at = int(np.argmin(sizes))
        beside = [place for place in (at - 1, at + 1) if 0 <= place < len(sizes)]
        other = min(beside, key=lambda place: sizes[place]) if sizes[at] else beside[0]
        low, high = sorted((at, other))
        members[low] += members.pop(high)
        sizes[low] += sizes.pop(high)
    new = {old: place for place, each in enumerate(members) for old in each}
    return tuple(new[score] for score in range(len(counts)))


def recoded(scores: ScoreArray, collapsed: Sequence[Collapsed]) -> None:
    """Put new scores in place of old ones in (n_items, n_persons)."""
    for each in collapsed:
        table = np.array([*each.scores, -1], dtype=scores.dtype)
        scores[each.item] = table[scores[each.item]]


def recounted(counts: FloatArray, scores: Sequence[int]) -> FloatArray:
    """Return the counts of the new scores."""
    return np.bincount(scores, weights=counts).astype(np.float64)
