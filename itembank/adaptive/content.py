"""What an adaptive test must cover, and how it never runs into a corner.

An area is *safe* when it has as many items without enemies as it must give: whatever is chosen,
those remain. For the other areas, the tight ones, a reserve is kept: a set of items, no two of them
enemies, that would complete the blueprint from here. An item is given only when a reserve remains.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from itembank.arguments import sentence_fault
from itembank.enemies import AreaChoice, choose, largest_fill, mutual
from itembank.faults import fault

OUTSIDE = -1
_IN_FORM = "one that the items can fill with no two enemies together"

Enmity = Mapping[int, frozenset[int]]


@dataclass(frozen=True, eq=False)
class Content:
    """The areas of a test in the order of its blueprint, and which items may not meet.

    Attributes
    ----------
    names : tuple of str
    counts, least : tuple of int
        How many items of each area a test of full length has, and any test at least.
    area_of : tuple of int, shape (n_items,)
        The place of each item's area, -1 for items that the blueprint does not ask for.
    enemies : mapping
        The enemies of each item that has any.
    """

    names: tuple[str, ...]
    counts: tuple[int, ...]
    least: tuple[int, ...]
    area_of: tuple[int, ...]
    enemies: Enmity

    @property
    def total(self) -> int:
        """The length of a test of full length."""
        return sum(self.counts)

    @cached_property
    def shares(self) -> list[list[float]]:
        """For each area, the share of its count that is open after 0, 1, 2, ... of its items."""
        return [[(count - each) / count for each in range(count + 1)] for count in self.counts]

    @cached_property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """The items of each area, those without enemies first, then by index."""
        found: list[list[int]] = [[] for _ in self.names]
        for item, area in enumerate(self.area_of):
            if area != OUTSIDE:
                found[area].append(item)
        return tuple(
            tuple(sorted(items, key=lambda item: (item in self.enemies, item))) for items in found
        )

    @cached_property
    def _n_free(self) -> tuple[int, ...]:
        """How many items without enemies each area has."""
        return tuple(sum(item not in self.enemies for item in own) for own in self.members)

    def reserve(self, excluded: Collection[int] = ()) -> Reserve:
        """Return the reserve at the start of a test; ValueError where there can be none."""
        tight = self._tight(excluded)
        pools = {
            at: tuple(item for item in self.members[at] if item not in excluded) for at in tight
        }
        choices = [
            AreaChoice(self.names[at], self.counts[at], tuple(map(_id, own)))
            for at, own in pools.items()
        ]
        within = {item: self.enemies.get(item, ()) for own in pools.values() for item in own}
        hostile = mutual({_id(item): frozenset(map(_id, own)) for item, own in within.items()})
        found = choose(choices, hostile, frozenset())
        if found is None:
            raise _unfillable(choices, largest_fill(choices, hostile))
        return Reserve(self, pools, {*map(int, found)})

    def _tight(self, excluded: Collection[int]) -> list[int]:
        """Return the areas with fewer items without enemies than they must give."""
        free = [*self._n_free]
        for item in excluded:
            area = self.area_of[item]
            if area != OUTSIDE and item not in self.enemies:
                free[area] -= 1
        return [at for at, count in enumerate(self.counts) if free[at] < count]


def _id(item: int) -> str:
    return f"{item:09d}"


def _unfillable(choices: Sequence[AreaChoice], fills: Mapping[str, int]) -> ValueError:
    for each in choices:
        if fills[each.area] < each.needed:
            got = f"{fills[each.area]} of {each.needed} items"
            return sentence_fault("blueprint", _IN_FORM, got, each.area or "the whole test")
    return sentence_fault("blueprint", _IN_FORM, "no form")


class Reserve:
    """Items set aside with which the tight areas can be completed, as a test goes on."""

    def __init__(
        self, content: Content, pools: Mapping[int, tuple[int, ...]], kept: set[int]
    ) -> None:
        self._content = content
        self._pools = pools
        self.kept = kept

    @property
    def is_needed(self) -> bool:
        """Whether any area is tight."""
        return bool(self._pools)

    def copy(self) -> Reserve:
        """Return the reserve for another examinee."""
        return Reserve(self._content, self._pools, set(self.kept))

    def keep(self, form: Iterable[int]) -> None:
        """Set aside what is in a form that completes the test."""
        self.kept = {item for item in form if self._content.area_of[item] in self._pools}

    def allows(self, item: int, barred: Collection[int]) -> bool:
        """Return whether the areas can still be filled once an item is given."""
        enemies = self._content.enemies.get(item)
        if enemies is None or self.kept.isdisjoint(enemies):
            return True
        return self.after(item, barred) is not None

    def give(self, item: int, barred: Collection[int]) -> None:
        """Note that an item was given: what is set aside from now on."""
        kept = self.after(item, barred)
        self.kept = kept if kept is not None else self.kept - {item}

    def after(self, item: int, barred: Collection[int]) -> set[int] | None:
        """Return what would be set aside once an item is given; None where areas would lack.

        `barred` are the items that cannot be given any more: those given, and their enemies.
        """
        enemies = self._content.enemies.get(item, frozenset())
        lost = sorted(enemies & self.kept)
        kept = self.kept - enemies - {item}
        lacking = [self._content.area_of[each] for each in lost]
        area = self._content.area_of[item]
        if area in lacking:
            lacking.remove(area)
        elif area in self._pools and item not in self.kept:
            kept.discard(self._least_useful(area, kept))
        for each in lacking:
            found = self._replacement(each, item, kept, barred)
            if found is None:
                return None
            kept.add(found)
        return kept

    def _least_useful(self, area: int, kept: Iterable[int]) -> int:
        """Return the item of an area that has the most enemies, for it hinders others most."""
        enemies, area_of = self._content.enemies, self._content.area_of
        own = (each for each in kept if area_of[each] == area)
        return max(own, key=lambda each: (len(enemies.get(each, ())), each), default=-1)

    def _replacement(
        self, area: int, item: int, kept: set[int], barred: Collection[int]
    ) -> int | None:
        enemies = self._content.enemies
        for each in self._pools[area]:
            if each == item or each in barred or each in kept:
                continue
            others = enemies.get(each, frozenset())
            if item not in others and others.isdisjoint(kept):
                return each
        return None


def content_for(
    n_items: int,
    *,
    areas: Sequence[str] | None,
    counts: Mapping[str, int] | None,
    least: Mapping[str, int] | None,
    enemies: Mapping[int, Collection[int]],
    lengths: tuple[int, int | None],
) -> Content:
    """Return the checked content of a test; `lengths` are the fewest items and the most."""
    fewest, most = lengths
    if (areas is None) != (counts is None):
        allowed = "given together with `blueprint`, one for each item"
        raise fault("areas", allowed, "areas alone" if counts is None else "a blueprint alone")
    both = _mutual(n_items, enemies)
    if areas is None or counts is None:
        counts = {"": most or _most_together(n_items, both)}
        areas = ("",) * n_items
    if len(areas) != n_items:
        raise fault("areas", f"one for each of {n_items} items", len(areas))
    if most not in {None, sum(counts.values())}:
        raise fault("max_items", f"the blueprint's total of {sum(counts.values())}", most)
    places = {name: at for at, name in enumerate(counts)}
    return Content(
        tuple(counts),
        tuple(counts.values()),
        _least(counts, least, fewest),
        tuple(places.get(area, OUTSIDE) for area in areas),
        both,
    )


def _most_together(n_items: int, enemies: Enmity) -> int:
    """Return how many items can stand in one test."""
    hostile = {_id(item): frozenset(map(_id, others)) for item, others in enemies.items()}
    ids = sorted(map(_id, range(n_items)), key=lambda each: (each in hostile, each))
    return largest_fill([AreaChoice("", n_items, tuple(ids))], hostile)[""]


def _mutual(n_items: int, enemies: Mapping[int, Collection[int]]) -> Enmity:
    both: dict[int, set[int]] = {}
    for item, others in enemies.items():
        for other in others:
            for one in (item, other):
                if type(one) is not int or not 0 <= one < n_items:
                    raise fault("enemies", f"indices of items, from 0 to {n_items - 1}", one)
            if item != other:
                both.setdefault(item, set()).add(other)
                both.setdefault(other, set()).add(item)
    return {item: frozenset(others) for item, others in sorted(both.items())}


def _least(
    counts: Mapping[str, int], least: Mapping[str, int] | None, fewest: int
) -> tuple[int, ...]:
    """Return each area's minimum: as given, else its share of the shortest test, rounded down."""
    total = sum(counts.values())
    if least is None:
        return tuple(count * min(fewest, total) // total for count in counts.values())
    for area, count in least.items():
        most = counts.get(area, 0)
        if type(count) is not int or not 0 <= count <= most:
            raise fault("least", f"from 0 to the blueprint's {most}", count, area)
    return tuple(least.get(area, 0) for area in counts)
