"""Cells of a table put together until each expects enough persons for a chi-square."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.fit.summed import ScoreGroups

LEAST_EXPECTED = 1.0
"""How many persons a cell must expect at the least, as in mirt."""
_FEWEST_CELLS = 2


@dataclass(frozen=True)
class Row:
    """The cells of a score group, or of several together: persons seen and expected in each."""

    observed: tuple[float, ...]
    expected: tuple[float, ...]

    @property
    def n(self) -> float:
        """How many persons there are."""
        return sum(self.observed)

    @property
    def is_sparse(self) -> bool:
        """Whether some cell expects too few."""
        return min(self.expected) < LEAST_EXPECTED

    def narrowed(self) -> Row:
        """Return neighbouring categories together until each expects enough, or two are left.

        The category that expects least joins its neighbour that expects less.
        """
        row = self
        while row.is_sparse and len(row.expected) > _FEWEST_CELLS:
            row = row._without_the_least()
        return row

    def _without_the_least(self) -> Row:
        place = int(np.argmin(self.expected))
        beside = [each for each in (place - 1, place + 1) if 0 <= each < len(self.expected)]
        nearest = min(beside, key=lambda each: self.expected[each])
        first = min(place, nearest)
        return Row(_joined_at(self.observed, first), _joined_at(self.expected, first))

    def with_(self, other: Row) -> Row:
        """Return two rows as one, the lowest cells together, and so on upwards."""
        return Row(
            _added(self.observed, other.observed),
            _added(self.expected, other.expected),
        )


def rows_of(groups: ScoreGroups) -> list[Row]:
    """Return rows of cells that expect enough persons each.

    1. Score groups in which some category is impossible join the nearest in which all are possible.
    2. In a group, categories are put together until each expects a person or only two are left.
    3. A group that still has a cell that expects less joins the neighbouring one of fewer persons.

    This gives the values and the degrees of freedom of mirt.
    """
    rows = [row.narrowed() for row in _whole(groups)]
    while len(rows) > 1 and (place := _first_sparse(rows)) is not None:
        beside = [each for each in (place - 1, place + 1) if 0 <= each < len(rows)]
        nearest = min(beside, key=lambda each: rows[each].n)
        rows[nearest] = rows[nearest].with_(rows[place])
        del rows[place]
    return rows


def chi_square(rows: list[Row]) -> float:
    """Return the sum of ``(observed - expected)^2 / expected`` over all cells."""
    return float(sum(_distance(row) for row in rows))


def n_cells(rows: list[Row]) -> int:
    """Return how many cells are free to differ: of each row, all but one."""
    return sum(len(row.expected) - 1 for row in rows)


def _distance(row: Row) -> float:
    pairs = zip(row.observed, row.expected, strict=True)
    return sum((seen - meant) ** 2 / meant for seen, meant in pairs)


def _whole(groups: ScoreGroups) -> list[Row]:
    """Return a row for each group in which all categories are possible, with those beyond."""
    possible = np.flatnonzero((groups.expected > 0).all(axis=1))
    if not possible.size:
        return []
    edges = np.arange(possible[0], possible[-1] + 1)
    edges[0] = 0
    observed = np.add.reduceat(groups.observed, edges, axis=0)
    expected = np.add.reduceat(groups.expected, edges, axis=0)
    return [
        Row(tuple(seen), tuple(meant))
        for seen, meant in zip(observed.tolist(), expected.tolist(), strict=True)
    ]


def _first_sparse(rows: list[Row]) -> int | None:
    return next((place for place, row in enumerate(rows) if row.is_sparse), None)


def _joined_at(values: tuple[float, ...], first: int) -> tuple[float, ...]:
    return (*values[:first], values[first] + values[first + 1], *values[first + 2 :])


def _added(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    size = max(len(one), len(other))
    padded = (each + (0.0,) * (size - len(each)) for each in (one, other))
    return tuple(a + b for a, b in zip(*padded, strict=True))
