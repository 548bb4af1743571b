"""The items of each area in the order of preference, looked up by rounded ability.

The order at an ability rounded to 0.05 logits is sorted once and then walked, so that choosing does
not depend on the size of the bank. What is lost by rounding is small, because near the best items
information is flat in ability: at most ``1 - exp(-0.1 a)`` of the best possible information, where
`a` is the steepest slope among the items compared (the logarithm of information changes by at most
2a per logit, and ability is rounded by at most 0.025), and far less in use: under 5 % in the worst
choice and 0.2 % on average. Averaged over the posterior, which is taken as normal with a width
rounded to a fifth, it is under 15 % and 0.5 %. Tests hold this against the direct computation.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from itembank.ability.estimates import Prior
from itembank.adaptive.choices import Selection
from itembank.adaptive.content import Content
from itembank.arguments import FloatArray, IntArray
from itembank.curves import information
from itembank.parameters import ItemParameters

STEP = 0.05  # logits
_REACH = 5.0  # standard deviations of the prior to each side; beyond, the last order serves
_WIDTHS = 0.8  # each rounded width of the posterior is this much of the one before
_PLACES = 9  # decimals of information, so that the order is the same on every machine
_BLOCK = 64  # abilities computed at once, so that memory is bounded


Line: TypeAlias = "array[int]"  # in quotes, because the class takes no brackets when it runs
Lines: TypeAlias = tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, eq=False)
class Cell:
    """The orders at one rounded state of knowledge.

    `value` is the information of each item there, (n_items,), and `tops` the greatest of each area.
    `orders` has for each area, and each stage of it, the items from the most preferred to the
    least.
    """

    value: memoryview
    tops: list[float]
    orders: Lines


class Orders:
    """The orders of a design, made when they are first asked for."""

    def __init__(
        self,
        parameters: ItemParameters,
        content: Content,
        prior: Prior,
        selection: Selection,
        n_strata: int,
    ) -> None:
        self._parameters = parameters
        self._prior = prior
        self._areas = _areas(content)
        self._first = math.floor((prior.mean - _REACH * prior.sd) / STEP)
        self._last = math.ceil((prior.mean + _REACH * prior.sd) / STEP)
        self._cells: dict[tuple[int, int], Cell] = {}
        self._uses_width = selection is Selection.POSTERIOR
        self._stages = (
            _by_nearness(parameters, content, n_strata)
            if selection is Selection.STRATIFIED
            else _by_value(content)
        )

    def at(self, theta: float, se: float) -> Cell:
        """Return the orders at an ability, known with a standard error."""
        place = math.floor(theta / STEP + 0.5)
        place = min(max(place, self._first), self._last)
        key = (place, self._width(se) if self._uses_width else 0)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = self._made(key)
        return found

    def _width(self, se: float) -> int:
        return max(0, round(math.log(se / self._prior.sd) / math.log(_WIDTHS)))

    def _made(self, key: tuple[int, int]) -> Cell:
        place, width = key
        value = self.information[place - self._first]
        if self._uses_width:
            value = self._averaged(place, self._prior.sd * _WIDTHS**width)
        tops = [float(value[own].max(initial=0.0)) for own in self._areas]
        return Cell(memoryview(value), tops, self._stages(value, place * STEP))

    def _averaged(self, place: int, se: float) -> FloatArray:
        """Return the information averaged over a normal posterior."""
        at = np.arange(self._first, self._last + 1) * STEP
        weight = np.exp(-0.5 * ((at - place * STEP) / se) ** 2)
        return np.asarray(np.round(weight @ self.information / weight.sum(), _PLACES))

    @cached_property
    def information(self) -> FloatArray:
        """The information of each item at each rounded ability, (n_abilities, n_items)."""
        at = np.arange(self._first, self._last + 1) * STEP
        blocks = range(0, at.size, _BLOCK)
        found = [information(at[start : start + _BLOCK], self._parameters) for start in blocks]
        return np.ascontiguousarray(np.round(np.concatenate(found), _PLACES))


Stages: TypeAlias = Callable[[FloatArray, float], Lines]


def _areas(content: Content) -> list[IntArray]:
    of_item = np.array(content.area_of)
    return [np.flatnonzero(of_item == at) for at in range(len(content.names))]


def _by_value(content: Content) -> Stages:
    """Return what sorts each area by falling value, ties by index."""
    areas = _areas(content)

    def stages(value: FloatArray, theta: float) -> Lines:
        return tuple((_line(own[np.argsort(-value[own], kind="stable")]),) for own in areas)

    return stages


def _by_nearness(parameters: ItemParameters, content: Content, n_strata: int) -> Stages:
    """Return what sorts each area by stratum of slope, then by nearness of difficulty.

    In stage s the items of stratum s come first, then those of higher slope, then those of lower,
    so that an area which runs out of a stratum still has a next item.
    """
    difficulty = parameters.difficulty
    strata = [
        np.array_split(own[np.argsort(parameters.slope[own], kind="stable")], n_strata)
        for own in _areas(content)
    ]

    def stages(value: FloatArray, theta: float) -> Lines:
        far = np.round(np.abs(difficulty - theta), _PLACES)
        sorted_ = [[part[np.lexsort((part, far[part]))] for part in each] for each in strata]
        return tuple(
            tuple(_line(np.concatenate(_from(each, stage))) for stage in range(n_strata))
            for each in sorted_
        )

    return stages


def _from(strata: list[IntArray], stage: int) -> list[IntArray]:
    return strata[stage:] + strata[:stage][::-1]


def _line(items: IntArray) -> Line:
    line: Line = array("i")
    line.frombytes(items.astype(np.intc).tobytes())
    return line
