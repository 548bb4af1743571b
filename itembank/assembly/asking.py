"""What is asked of forms: the arguments of `assemble`, checked, and about the items in reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from itembank.arguments import (
    BoolArray,
    FloatArray,
    IntArray,
    distinct,
    finite,
    number,
    require,
    whole,
)
from itembank.arguments import sentence_fault as told
from itembank.curves import information
from itembank.faults import fault
from itembank.forms import Blueprint
from itembank.parameters import ItemParameters, require_items

MOST_FORMS = 100
_NO_AREA = "items"
"""The name of the one area of a blueprint that is a number."""


@dataclass(frozen=True, eq=False)
class Wishes:
    """What may be asked beyond the blueprint; see `assemble`."""

    n_forms: int
    overlap: int | None
    uses: int | None
    enemies: Mapping[int, Collection[int]]
    fixed: Collection[int]
    excluded: Collection[int]
    difference: float | None


@dataclass(frozen=True, eq=False)
class Asked:
    """Forms as they are asked for, of the items that may stand in one: `items` by their places.

    All other arrays go by the order of `items`.
    """

    wishes: Wishes
    areas: tuple[str, ...]
    needed: IntArray
    items: IntArray
    in_area: BoolArray
    """Shape (n_areas, n_items)."""
    information: FloatArray
    """Shape (n_points, n_items)."""
    target: FloatArray
    pairs: IntArray
    """Enemies, shape (n_pairs, 2)."""
    fixed: IntArray

    @cached_property
    def free(self) -> IntArray:
        """The items of which overlap and uses are counted: those that are not fixed."""
        return np.setdiff1d(np.arange(len(self.items)), self.fixed)


def asked_of(
    parameters: ItemParameters,
    blueprint: Mapping[str, int] | int,
    areas: Sequence[str] | None,
    points: tuple[ArrayLike, ArrayLike],
    wishes: Wishes,
) -> Asked:
    """Return what is asked; ValueError where an argument cannot be. `points` are theta, target."""
    _check_numbers(wishes)
    require_items(parameters)
    counts, names = _content(blueprint, areas, parameters.n_items)
    excluded, fixed = _places(wishes, "excluded", parameters), _places(wishes, "fixed", parameters)
    within = {name: at for at, name in enumerate(counts)}
    area_of = np.array([within.get(name, -1) for name in names])
    area_of[excluded] = -1
    require(area_of[fixed] >= 0, "fixed", "items of the blueprint's areas, not excluded", fixed)
    items = np.flatnonzero(area_of >= 0)
    theta = _points(points[0])
    return Asked(
        wishes=wishes,
        areas=tuple(counts),
        needed=np.array([*counts.values()]),
        items=items,
        in_area=area_of[items] == np.arange(len(counts))[:, np.newaxis],
        information=information(theta, parameters)[:, items],
        target=_target(points[1], theta),
        pairs=_pairs(wishes.enemies, items, parameters.n_items),
        fixed=np.searchsorted(items, fixed),
    )


def _check_numbers(wishes: Wishes) -> None:
    whole("n_forms", wishes.n_forms, 1, MOST_FORMS)
    if wishes.overlap is not None:
        whole("overlap", wishes.overlap, 0)
    if wishes.uses is not None:
        whole("uses", wishes.uses, 1)
    if wishes.difference is not None:
        allowed = "a share of 0 or more, or None"
        number("difference", wishes.difference, allowed, lambda share: 0 <= share < np.inf)


def _content(
    blueprint: Mapping[str, int] | int, areas: Sequence[str] | None, n_items: int
) -> tuple[Mapping[str, int], Sequence[str]]:
    """Return how many items each area is asked for, and the area of each item."""
    if isinstance(blueprint, int) != (areas is None):
        got = "none" if areas is None else "some"
        raise told("areas", "given where `blueprint` names areas, and only there", got)
    if areas is None:
        return Blueprint({_NO_AREA: blueprint}).counts, (_NO_AREA,) * n_items  # type: ignore[dict-item] # an int, as areas are left out
    if len(areas) != n_items:
        raise fault("areas", f"one for each of {n_items} items", len(areas))
    return Blueprint(blueprint).counts, areas  # type: ignore[arg-type] # no int, as there are areas


def _places(wishes: Wishes, name: str, parameters: ItemParameters) -> IntArray:
    given = sorted(getattr(wishes, name))
    distinct(name, given)
    for place in given:
        _item(name, place, parameters.n_items)
    return np.array(given, dtype=np.int64)


def _item(name: str, place: int, n_items: int) -> None:
    if not isinstance(place, int | np.integer) or not 0 <= place < n_items:
        raise fault(name, f"indices of items, from 0 to {n_items - 1}", place)


def _points(value: ArrayLike) -> FloatArray:
    theta = np.atleast_1d(finite("theta", value))
    if theta.ndim != 1 or not theta.size:
        raise told("theta", "a number, or of shape (n_points,)", f"shape {theta.shape}")
    return theta


def _target(value: ArrayLike, theta: FloatArray) -> FloatArray:
    target = finite("target", value)
    require(target > 0, "target", "positive", target)
    if target.ndim and target.shape != theta.shape:
        raise told("target", f"one number, or of shape {theta.shape}", f"shape {target.shape}")
    return np.broadcast_to(target, theta.shape)


def _pairs(enemies: Mapping[int, Collection[int]], items: IntArray, n_items: int) -> IntArray:
    """Return each pair of enemies that may both stand in a form, once."""
    found = set()
    for one, others in enemies.items():
        for other in others:
            for place in (one, other):
                _item("enemies", place, n_items)
            if one != other:
                found.add((min(one, other), max(one, other)))
    pairs = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return np.searchsorted(items, pairs[np.isin(pairs, items).all(axis=1)])
