"""Choosing one item after another within the content, the enemies and the exposure of a design."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from itembank.adaptive.choices import Selection
from itembank.adaptive.content import OUTSIDE
from itembank.adaptive.design import AdaptiveDesign
from itembank.adaptive.draws import DRAWS, draw_at
from itembank.adaptive.orders import Cell
from itembank.adaptive.shadow import Room, pruned, shadow_test


class Pick(NamedTuple):
    """An item chosen, the candidates it was chosen from, and the draw if there was one."""

    item: int
    line: tuple[int, ...]
    draw: int | None


class Picker:
    """What one examinee may still be given, and the choice among it.

    `barred` items can never be given: those given before, their enemies, and those excluded.
    `closed` items are not looked at while others are left: the barred, those avoided, and those
    that exposure control held back from this examinee.
    """

    def __init__(
        self, design: AdaptiveDesign, seed: int, excluded: Collection[int], avoided: Collection[int]
    ) -> None:
        content = design.content
        self._content, self._seed = content, seed
        self._candidates, self._exposure = design.candidates, design.exposure_list
        self._draws = self._candidates > 1 or self._exposure is not None
        self._fewest = design.fewest_items
        self._casts_shadows = design.selection is Selection.SHADOW
        self.barred = set(excluded)
        self._avoided = frozenset(avoided)
        self.held_back: set[int] = set()
        self._closed = self.barred | self._avoided
        start = content.reserve(excluded) if excluded else design.start_reserve
        self._reserve = start.copy() if start.is_needed or self._casts_shadows else None
        self._taken = [0] * len(content.names)
        self._open = [*range(len(content.names))]
        self._lacking = list(content.least)
        self.n_lacking = sum(content.least)
        self._n_given = 0

    def pick(self, cell: Cell) -> Pick | None:
        """Return the choice at a state of knowledge; None where nothing may be given."""
        order = self._shadow_order(cell) if self._casts_shadows else self._best_order(cell)
        if order is None:
            return None
        if not self._draws:
            item = self._first(order)
            return None if item is None else Pick(item, (item,), None)
        draw = draw_at(self._seed, self._n_given)
        if self._exposure is None:
            return self._drawn(order, draw)
        return self._exposed(order, draw, self._exposure)

    def give(self, item: int) -> None:
        """Note that an item was given."""
        if self._reserve is not None:
            self._reserve.give(item, self.barred)
        self._n_given += 1
        self.barred.add(item)
        self._closed.add(item)
        gone = self._content.enemies.get(item)
        if gone is not None:
            self.barred |= gone
            self._closed |= gone
        self._count(item)

    def _count(self, item: int) -> None:
        area = self._content.area_of[item]
        if area == OUTSIDE:
            return
        self._taken[area] += 1
        if self._taken[area] == self._content.counts[area]:
            self._open.remove(area)
        if self._lacking[area]:
            self._lacking[area] -= 1
            self.n_lacking -= 1

    def _areas(self) -> list[int]:
        """Return the areas that may be chosen: all open ones, or those that a minimum is due in."""
        if self.n_lacking and self.n_lacking >= self._fewest - self._n_given:
            return [area for area in self._open if self._lacking[area]]
        return self._open

    def _best_order(self, cell: Cell) -> Iterable[int] | None:
        """Return the order of the area with the greatest priority index, the first one at a tie."""
        content, value, tops, taken = self._content, cell.value, cell.tops, self._taken
        best, priority = None, -1.0
        for area in self._areas():
            count = taken[area]
            share = content.shares[area][count]
            if tops[area] * share <= priority:
                continue
            stages = cell.orders[area]
            order = stages[count * len(stages) // content.counts[area]]
            item = self._first(order)
            if item is not None and (found := value[item] * share) > priority:
                best, priority = order, found
        return best

    def _shadow_order(self, cell: Cell) -> Iterable[int] | None:
        """Return the items of the shadow test in the areas that may be chosen, the best first."""
        reserve, content = self._reserve, self._content
        rooms = [self._room(area, cell) for area in self._open]
        if reserve is None or not rooms:
            return None
        pool = pruned(rooms, content, reserve.kept)
        found = shadow_test(pool, rooms, content, {item: cell.value[item] for item in pool})
        if found is None:
            return self._best_order(cell)
        reserve.keep(found)
        allowed = set(self._areas())
        return [item for item in found if content.area_of[item] in allowed]

    def _room(self, area: int, cell: Cell) -> Room:
        """Return what an area needs, from items held back or avoided where there are no others."""
        needed = self._content.counts[area] - self._taken[area]
        order = cell.orders[area][0]
        for shut in (self._closed, self.barred):
            left = [item for item in order if item not in shut]
            peaceful = (item for item in left if item not in self._content.enemies)
            if len([*islice(peaceful, needed)]) == needed:
                break
        return Room(area, needed, left)

    def _first(self, order: Iterable[int]) -> int | None:
        """Return the most preferred item that may be given."""
        if self._reserve is None:
            closed = self._closed
            for item in order:
                if item not in closed:
                    return item
        found = next(self._admissible(order), None)
        return self._last_resort(order) if found is None else found

    def _admissible(self, order: Iterable[int]) -> Iterator[int]:
        """Yield the items that may be given, the most preferred first."""
        closed = self._closed
        for item in order:
            if item not in closed and self._keeps(item):
                yield item

    def _last_resort(self, order: Iterable[int]) -> int | None:
        """Return the item held back that is given most freely, or else one that was avoided."""
        left = [item for item in order if item not in self.barred and self._keeps(item)]
        held = [item for item in left if item not in self._avoided]
        exposure = self._exposure
        if exposure is not None and held:
            return max(held, key=exposure.__getitem__)
        return next(iter(held or left), None)

    def _keeps(self, item: int) -> bool:
        return self._reserve is None or self._reserve.allows(item, self.barred)

    def _best(self, found: Iterator[int], order: Iterable[int]) -> list[int]:
        best = [*islice(found, self._candidates)]
        if not best and (last := self._last_resort(order)) is not None:
            best.append(last)
        return best

    def _drawn(self, order: Iterable[int], draw: int) -> Pick | None:
        """Return one of the best, each with the same chance."""
        best = self._best(self._admissible(order), order)
        if not best:
            return None
        return Pick(best[draw * len(best) // DRAWS], tuple(best), draw)

    def _exposed(self, order: Iterable[int], draw: int, exposure: list[float]) -> Pick | None:
        """Return the first item that passes its exposure experiment; those that fail are held back.

        The draw does both: its whole part, times the number of the best, says at which of them to
        begin; what remains of it is compared with the probability that none so far has passed.
        """
        found = self._admissible(order)
        best = self._best(found, order)
        start, rest = divmod(draw * len(best), DRAWS)
        line, none_passed = [], 1.0
        for item in chain(best[start:], best[:start], found):
            line.append(item)
            none_passed *= 1.0 - exposure[item]
            if rest < DRAWS * (1.0 - none_passed):
                return Pick(item, tuple(line), draw)
            self._closed.add(item)
            self.held_back.add(item)
        last = self._last_resort(order)
        return None if last is None else Pick(last, tuple(line), draw)
