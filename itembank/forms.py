"""Forms: the items drawn for one sitting, as a blueprint asks."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from itembank.enemies import AreaChoice, Enemies, choose, largest_fill, mutual
from itembank.faults import fault
from itembank.items import Item
from itembank.wording import checked_key

MOST_ITEMS = 1_000


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What a test must cover: how many items of each content area."""

    counts: Mapping[str, int]

    def __post_init__(self) -> None:
        if not isinstance(self.counts, Mapping) or not self.counts:
            raise fault("counts", "a count for one area or more", self.counts)
        for area, count in self.counts.items():
            checked_key(area, "counts")
            if type(count) is not int or not 1 <= count <= MOST_ITEMS:
                raise fault("counts", f"whole numbers from 1 to {MOST_ITEMS}", count, area)
        if self.total > MOST_ITEMS:
            raise fault("counts", f"{MOST_ITEMS} items at most in all", self.total)
        object.__setattr__(self, "counts", MappingProxyType(dict(self.counts)))

    @property
    def total(self) -> int:
        """The number of items in a form."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class PoolItem:
    """What drawing a form needs to know of an item.

    `exposure` is how many forms have held it. `draw` does not look at it, for it is uniform among
    the unseen; it is there for reports and for choices that weigh it.
    """

    id: str
    area: str
    enemies: frozenset[str] = frozenset()
    needs_sight: bool = False
    languages: frozenset[str] = frozenset()
    exposure: int = 0
    n_options: int = 0
    fixed_order: bool = False


def pool_item(item: Item, *, exposure: int = 0) -> PoolItem:
    """Return what drawing a form needs to know of an item."""
    return PoolItem(
        id=item.id,
        area=item.area,
        enemies=item.enemies,
        needs_sight=item.needs_sight,
        languages=item.languages,
        exposure=exposure,
        n_options=len(item.options),
        fixed_order=item.fixed_order,
    )


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """How often a learner has seen an item, and when last: any number that grows with time."""

    times: int
    last: float = 0.0


@dataclass(frozen=True, slots=True)
class Shortfall:
    """An area of a blueprint that a pool cannot fill, and how far it gets."""

    area: str
    needed: int
    available: int


class FormImpossible(ValueError):
    """A blueprint that the pool cannot fill; `shortfalls` names the areas."""

    def __init__(self, shortfalls: tuple[Shortfall, ...]) -> None:
        self.shortfalls = shortfalls
        gaps = "; ".join(f"{gap.available} of {gap.needed} in {gap.area}" for gap in shortfalls)
        super().__init__(f"`pool` must be able to fill the blueprint; got {gaps or 'no form'}.")


@dataclass(frozen=True, slots=True)
class FormItem:
    """One item of a form, with its options in the order in which they are shown."""

    id: str
    option_order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The items drawn for one sitting, in the order in which they are asked."""

    items: tuple[FormItem, ...]


def shortfalls(
    pool: Iterable[PoolItem],
    blueprint: Blueprint,
    *,
    language: str | None = None,
    offered: Collection[str] = (),
    without_sight: bool = False,
) -> tuple[Shortfall, ...]:
    """Return each area that cannot be filled, with what it has; empty when a form can be drawn.

    Items that may not stand together count once. Where enemies stand in different areas, the area
    named is the one that comes later in the blueprint.
    """
    eligible = _by_area(pool, blueprint, language, offered, without_sight)
    fills = largest_fill(
        (
            AreaChoice(area, count, tuple(item.id for item in eligible[area]))
            for area, count in blueprint.counts.items()
        ),
        _enemies(eligible),
    )
    return tuple(
        Shortfall(area, count, fills[area])
        for area, count in blueprint.counts.items()
        if fills[area] < count
    )


def draw(
    pool: Iterable[PoolItem],
    blueprint: Blueprint,
    *,
    seen: Mapping[str, Seen],
    seed: int,
    language: str | None = None,
    offered: Collection[str] = (),
    without_sight: bool = False,
) -> Form:
    """Return a form drawn for one learner: the same for the same seed, pool and history.

    In each area every unseen item has the same chance, however often others have met it. Items
    seen before come only when the unseen ones are used up, those seen least often first, then
    those seen longest ago. No two enemies meet, whatever that costs in repeats. Items must be
    complete in `language`, and in one of the languages `offered`, where these are given; without
    sight, items whose figure has no description give way to others of their area.

    Raises FormImpossible, a ValueError, naming the areas that cannot be filled.
    """
    items = [*pool]
    rng = random.Random(seed)  # noqa: S311  a fair draw that can be replayed, not a secret
    areas = _by_area(items, blueprint, language, offered, without_sight)
    chosen = choose(
        (
            AreaChoice(area, count, _preferred(areas[area], seen, rng))
            for area, count in blueprint.counts.items()
        ),
        _enemies(areas),
        {id_ for id_, past in seen.items() if past.times},
    )
    if chosen is None:
        gaps = shortfalls(
            items, blueprint, language=language, offered=offered, without_sight=without_sight
        )
        raise FormImpossible(gaps)
    by_id = {item.id: item for area in areas.values() for item in area}
    return _in_any_order([by_id[id_] for id_ in chosen], rng)


def choose_form(
    forms: Sequence[Sequence[PoolItem]], *, seen: Mapping[str, Seen], seed: int
) -> tuple[int, Form]:
    """Return the place of the form that a learner has seen least of, and it, in any order.

    The form comes first that holds the fewest items seen before, then the one whose items were
    seen least often, then the one of which something was last seen longest ago; the seed decides
    among equals, and on the order of items and of options. Same seed, forms and history, same
    result.
    """
    if not forms:
        raise fault("forms", "one form or more", "none")
    rng = random.Random(seed)  # noqa: S311  a fair draw that can be replayed, not a secret
    history = [_history(form, seen) for form in forms]
    least = min(history)
    place = rng.choice([at for at, each in enumerate(history) if each == least])
    return place, _in_any_order(forms[place], rng)


def _history(form: Iterable[PoolItem], seen: Mapping[str, Seen]) -> tuple[int, int, float]:
    """Return how many items of a form were seen, how often in all, and when last."""
    past = [seen[item.id] for item in form if item.id in seen and seen[item.id].times]
    latest = max((each.last for each in past), default=float("-inf"))
    return len(past), sum(each.times for each in past), latest


def _in_any_order(items: Iterable[PoolItem], rng: random.Random) -> Form:
    order = [*items]
    rng.shuffle(order)
    return Form(tuple(FormItem(item.id, _option_order(item, rng)) for item in order))


def shuffle_options(n_options: int, seed: int) -> tuple[int, ...]:
    """Return the original indexes of options in the order in which they are shown."""
    order = list(range(n_options))
    random.Random(seed).shuffle(order)  # noqa: S311  an order that can be replayed, not a secret
    return tuple(order)


def _option_order(item: PoolItem, rng: random.Random) -> tuple[int, ...]:
    order = list(range(item.n_options))
    if not item.fixed_order:
        rng.shuffle(order)
    return tuple(order)


def _by_area(
    pool: Iterable[PoolItem],
    blueprint: Blueprint,
    language: str | None,
    offered: Collection[str],
    without_sight: bool,
) -> dict[str, list[PoolItem]]:
    """Return the eligible items of each area in order of id, whatever order the pool came in."""
    areas: dict[str, list[PoolItem]] = {area: [] for area in blueprint.counts}
    ids = set()
    for item in pool:
        if item.id in ids:
            raise fault("pool", "of distinct items", item.id)
        ids.add(item.id)
        if item.area in areas and _is_eligible(item, language, offered, without_sight):
            areas[item.area].append(item)
    for items in areas.values():
        items.sort(key=lambda item: item.id)
    return areas


def _is_eligible(
    item: PoolItem, language: str | None, offered: Collection[str], without_sight: bool
) -> bool:
    if without_sight and item.needs_sight:
        return False
    if language is not None and language not in item.languages:
        return False
    return not offered or not item.languages.isdisjoint(offered)


def _preferred(
    items: Iterable[PoolItem], seen: Mapping[str, Seen], rng: random.Random
) -> tuple[str, ...]:
    """Return the unseen at random, then the rest by how often and how lately they were seen."""
    never = Seen(0, float("-inf"))
    ranked = sorted((seen.get(item.id, never), rng.random(), item.id) for item in items)
    return tuple(id_ for _, _, id_ in ranked)


def _enemies(areas: Mapping[str, Iterable[PoolItem]]) -> Enemies:
    return mutual({item.id: item.enemies for items in areas.values() for item in items})


def one_of_each(areas: Iterable[str]) -> Blueprint:
    """Return the blueprint that asks one item of each area."""
    return Blueprint(dict.fromkeys(areas, 1))
