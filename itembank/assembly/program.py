"""The integer program of forms: an item stands in a form or not, and the weakest form is strongest.

Columns are, for each form, its items; then what the overlap needs; then the least information of
any form at each point, and the least of these over their targets, which is made as large as can be.
Written as one matrix of sparse blocks, rows by constraint.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from itertools import combinations
from time import monotonic
from typing import Any, TypeAlias

import numpy as np

from itembank.arguments import FloatArray, IntArray
from itembank.assembly.asking import Asked
from itembank.assembly.constraints import Constraint, Group

Block: TypeAlias = Any
"""A sparse matrix."""
_INFEASIBLE = 2


@dataclass(frozen=True)
class Limits:
    """When searches end: at a relative gap to the bound, or all of them at one time."""

    gap: float
    ends: float
    """By the monotonic clock, in seconds."""

    @classmethod
    def within(cls, gap: float, seconds: float) -> Limits:
        """Return limits of which the time begins now."""
        return cls(gap, monotonic() + seconds)

    @property
    def left(self) -> float:
        """The seconds that are left, 0 where the time is up."""
        return max(self.ends - monotonic(), 0.0)

    def shared(self, n_searches: int) -> Limits:
        """Return the limits of the next of so many searches, which have what is left in common."""
        return replace(self, ends=monotonic() + self.left / n_searches)


@dataclass(frozen=True, eq=False)
class Solved:
    """What a search found: `chosen` has which items stand in which form, None for nothing found."""

    chosen: FloatArray | None
    bound: float
    is_finished: bool
    is_impossible: bool


_NOT_SEARCHED = Solved(None, np.inf, is_finished=False, is_impossible=False)


def solve(asked: Asked, groups: Set[Group], limits: Limits, *, best: bool) -> Solved:
    """Return the best forms that keep some groups of constraints, or the first forms found."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - slow to load

    if not limits.left:
        return _NOT_SEARCHED
    rows, widths = _Rows(asked, groups), _widths(asked, groups)
    n_columns, n_choices = sum(widths.values()), widths["items"]
    goal = np.zeros(n_columns)
    goal[-1] = -1.0 if best else 0.0
    matrix, least, most = rows.together(widths)
    found = milp(
        goal,
        integrality=np.arange(n_columns) < n_choices,
        bounds=Bounds(_floor(asked, groups, n_columns), _ceiling(asked, widths)),
        constraints=LinearConstraint(matrix, least, most),
        options={"mip_rel_gap": limits.gap, "time_limit": limits.left},
    )
    chosen = None if found.x is None else found.x[:n_choices].reshape(asked.wishes.n_forms, -1)
    bound = np.inf if found.mip_dual_bound is None else -float(found.mip_dual_bound)
    return Solved(chosen, bound, found.status == 0, found.status == _INFEASIBLE)


def shares_some(asked: Asked, groups: Set[Group]) -> bool:
    """Return whether forms may share some items, but not any number: what needs columns."""
    overlap = asked.wishes.overlap
    return bool(overlap) and Group(Constraint.OVERLAP) in groups and asked.wishes.n_forms > 1


def _widths(asked: Asked, groups: Set[Group]) -> dict[str, int]:
    n_forms, n_free = asked.wishes.n_forms, len(asked.free)
    shares = shares_some(asked, groups)
    return {
        "items": n_forms * len(asked.items),
        "shared": shares * n_forms * (n_forms - 1) // 2 * n_free,
        "uses": shares * n_forms * n_free,
        "least": len(asked.target),
        "goal": 1,
    }


def _floor(asked: Asked, groups: Set[Group], n_columns: int) -> FloatArray:
    floor = np.zeros(n_columns)
    if Group(Constraint.FIXED) in groups:
        starts = np.arange(asked.wishes.n_forms)[:, np.newaxis] * len(asked.items)
        floor[starts + asked.fixed] = 1.0
    return floor


def _ceiling(asked: Asked, widths: dict[str, int]) -> FloatArray:
    """Return the most that a column can be: information is never above that of all items."""
    ceiling = np.ones(sum(widths.values()))
    of_all = asked.information.sum(axis=1)
    ceiling[-1] = (of_all / asked.target).min()
    ceiling[-1 - widths["least"] : -1] = of_all
    return ceiling


@dataclass(frozen=True, eq=False)
class _Row:
    """Rows with one pair of bounds, by the columns that they are about."""

    blocks: dict[str, Block]
    least: float | FloatArray | IntArray
    most: float | FloatArray | IntArray


class _Rows:
    """The rows of all constraints of some groups."""

    def __init__(self, asked: Asked, groups: Set[Group]) -> None:
        from scipy import sparse  # noqa: PLC0415 - slow to load

        self._sparse = sparse
        self._asked = asked
        self._n_forms = asked.wishes.n_forms
        self._each_form = sparse.identity(self._n_forms)
        kept = np.array([Group(Constraint.AREA, name) in groups for name in asked.areas])
        self._rows = [*self._areas(kept), *self._level()]
        if Group(Constraint.ENEMIES) in groups:
            self._rows += self._enemies()
        if Group(Constraint.USES) in groups and asked.wishes.uses is not None:
            self._rows += self._used(asked.wishes.uses)
        if Group(Constraint.OVERLAP) in groups and asked.wishes.overlap is not None:
            self._rows += self._shared(asked.wishes.overlap)
        if Group(Constraint.DIFFERENCE) in groups and asked.wishes.difference is not None:
            self._rows += self._alike(asked.wishes.difference)

    def together(self, widths: dict[str, int]) -> tuple[Block, FloatArray, FloatArray]:
        """Return one matrix of all rows, with their bounds."""
        empty = self._sparse.csr_matrix
        tall = [next(iter(row.blocks.values())).shape[0] for row in self._rows]
        lines = [
            self._sparse.hstack(
                [row.blocks.get(name, empty((height, wide))) for name, wide in widths.items()]
            )
            for row, height in zip(self._rows, tall, strict=True)
        ]
        bounds = [
            np.concatenate([np.broadcast_to(each, height) for each, height in side])
            for side in (
                [(row.least, height) for row, height in zip(self._rows, tall, strict=True)],
                [(row.most, height) for row, height in zip(self._rows, tall, strict=True)],
            )
        ]
        return self._sparse.vstack(lines, format="csr"), bounds[0], bounds[1]

    def _in_each_form(self, block: Block) -> Block:
        return self._sparse.kron(self._each_form, block)

    def _of_free(self, weights: FloatArray) -> Block:
        """Return, for each row of weights over forms, a row for each item that is free."""
        free = self._asked.free
        places = (np.ones(len(free)), (np.arange(len(free)), free))
        picked = self._sparse.csr_matrix(places, shape=(len(free), len(self._asked.items)))
        return self._sparse.kron(self._sparse.csr_matrix(weights), picked)

    def _areas(self, kept: FloatArray) -> list[_Row]:
        block = self._sparse.csr_matrix(self._asked.in_area[kept], dtype=np.float64)
        needed = np.tile(self._asked.needed[kept], self._n_forms)
        return [_Row({"items": self._in_each_form(block)}, needed, needed)] if kept.any() else []

    def _level(self) -> list[_Row]:
        """Return that no form has less information than the least, nor that than its target."""
        one = self._sparse.identity(len(self._asked.target))
        target = -self._asked.target[:, np.newaxis]
        goal = _Row({"least": one, "goal": self._sparse.csr_matrix(target)}, 0.0, np.inf)
        return [_Row(self._beside_least(1.0), 0.0, np.inf), goal]

    def _alike(self, difference: float) -> list[_Row]:
        return [_Row(self._beside_least(1.0 + difference), -np.inf, 0.0)]

    def _beside_least(self, times: float) -> dict[str, Block]:
        """Return the information of each form at each point, less some times the least there."""
        points = self._sparse.identity(len(self._asked.target))
        least = self._sparse.kron(np.full((self._n_forms, 1), -times), points)
        of_items = self._sparse.csr_matrix(self._asked.information)
        return {"items": self._in_each_form(of_items), "least": least}

    def _enemies(self) -> list[_Row]:
        pairs, n_items = self._asked.pairs, len(self._asked.items)
        if not len(pairs):
            return []
        places = (np.ones(pairs.size), (np.repeat(np.arange(len(pairs)), 2), pairs.ravel()))
        block = self._sparse.csr_matrix(places, shape=(len(pairs), n_items))
        return [_Row({"items": self._in_each_form(block)}, -np.inf, 1.0)]

    def _used(self, most: int) -> list[_Row]:
        return [_Row({"items": self._of_free(np.ones((1, self._n_forms)))}, -np.inf, most)]

    def _shared(self, overlap: int) -> list[_Row]:
        """Return that two forms share so many items at most.

        Beside each two forms, all are counted together: an item in k forms makes k (k - 1) / 2
        that two share. This follows from the others for whole items, and keeps halves of items
        from passing for none.
        """
        pairs = [*combinations(range(self._n_forms), 2)]
        if not overlap or not pairs:
            return self._used(1)
        n_free = len(self._asked.free)
        both = np.zeros((len(pairs), self._n_forms))
        both[np.arange(len(pairs))[:, np.newaxis], pairs] = 1.0
        shared = -self._sparse.identity(len(pairs) * n_free)
        sums = self._sparse.kron(self._sparse.identity(len(pairs)), np.ones((1, n_free)))
        ordinal = self._sparse.kron(np.ones((1, self._n_forms)), self._sparse.identity(n_free))
        uses = {"items": self._of_free(np.ones((1, self._n_forms))), "uses": -ordinal}
        before = np.repeat(np.arange(float(self._n_forms)), n_free)[np.newaxis]
        return [
            _Row({"items": self._of_free(both), "shared": shared}, -np.inf, 1.0),
            _Row({"shared": sums}, -np.inf, overlap),
            _Row(uses, 0.0, 0.0),
            _Row({"uses": self._sparse.csr_matrix(before)}, -np.inf, overlap * len(pairs)),
        ]
