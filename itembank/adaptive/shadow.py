"""Shadow tests: the best whole form that the items given so far can still become.

At each choice a full test is assembled that holds the items given, meets the blueprint exactly, has
no two enemies, and is the most informative at the ability known so far; the next item is the best
of it that has not been given (van der Linden & Reese, 1998). The next shadow test is always
possible, because this one is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from itembank.adaptive.content import Content
from itembank.arguments import FloatArray, IntArray

_SPARE = 6  # more than twice what an area needs: what enemies can take from the best


@dataclass(frozen=True, slots=True)
class Room:
    """What an area still needs, and its items that may be given, the best first."""

    area: int
    needed: int
    order: Sequence[int]


def pruned(rooms: Sequence[Room], content: Content, kept: Collection[int]) -> list[int]:
    """Return the items worth considering: the best of each area, and enough that it can be filled.

    `kept` are items set aside, with which areas that are short of items without enemies can be
    completed; the others are completed by items without enemies.
    """
    areas = {room.area for room in rooms}
    pool = {item for item in kept if content.area_of[item] in areas}
    for room in rooms:
        peaceful: Iterator[int] = (item for item in room.order if item not in content.enemies)
        best = islice(room.order, 2 * room.needed + _SPARE)
        pool.update(chain(best, islice(peaceful, room.needed)))
    return sorted(pool)


def shadow_test(
    pool: Sequence[int], rooms: Sequence[Room], content: Content, value: Mapping[int, float]
) -> list[int] | None:
    """Return the most valuable items that fill all rooms, the best first; None where none do.

    It is the solution of a mixed integer program, proved the best for the pool.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - slow to load

    places = {item: at for at, item in enumerate(pool)}
    worth = np.array([value[item] for item in pool])
    counts, needed = _counts(pool, rooms, content)
    constraints = [LinearConstraint(counts, needed, needed)]
    pairs = _pairs(places, content)
    if pairs:
        constraints.append(LinearConstraint(_rows(pairs, len(pool)), -np.inf, 1.0))
    found = milp(
        -worth,
        integrality=np.ones(len(pool)),
        bounds=Bounds(0, 1),
        constraints=constraints,
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    chosen = [pool[at] for at in np.flatnonzero(found.x > 0.5).tolist()]
    return sorted(chosen, key=lambda item: (-value[item], item))


def _counts(
    pool: Sequence[int], rooms: Sequence[Room], content: Content
) -> tuple[FloatArray, IntArray]:
    """Return which items count in which room, (n_rooms, n_pool), and how many each needs."""
    areas = np.array([content.area_of[item] for item in pool])
    rows = np.array([areas == room.area for room in rooms], dtype=np.float64)
    return rows, np.array([room.needed for room in rooms])


def _pairs(places: Mapping[int, int], content: Content) -> list[tuple[int, int]]:
    """Return the places of enemies that are both in the pool."""
    return [
        (at, places[other])
        for item, at in places.items()
        for other in content.enemies.get(item, ())
        if item < other and other in places
    ]


def _rows(pairs: Sequence[tuple[int, int]], width: int) -> FloatArray:
    rows = np.zeros((len(pairs), width))
    rows[np.arange(len(pairs))[:, np.newaxis], np.array(pairs)] = 1.0
    return rows
