"""Enemies: choosing items of several areas so that no two stand together that must not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate

# An exhaustive search may take for ever on a bank made to resist it: each search stops after this
# many steps, and what was not found by then counts as impossible.
MOST_STEPS = 20_000


Enemies = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class AreaChoice:
    """An area with how many items it needs, and ids of candidates, the most preferred first."""

    area: str
    needed: int
    candidates: tuple[str, ...]


def mutual(enemies: Enemies) -> Enemies:
    """Return the enemies of each item that has any, among those given: enmity holds both ways."""
    both: dict[str, set[str]] = {}
    for id_, others in enemies.items():
        for other in others:
            if other in enemies and other != id_:
                both.setdefault(id_, set()).add(other)
                both.setdefault(other, set()).add(id_)
    return {id_: frozenset(others) for id_, others in both.items()}


def choose(
    areas: Iterable[AreaChoice], enemies: Enemies, repeats: Set[str]
) -> tuple[str, ...] | None:
    """Return the ids of the items chosen in every area, or None where there is no choice.

    Candidates that are no repeats stand first. The most preferred of each area are taken, unless
    enemies are among them; then a search that goes back on earlier choices finds another set,
    with as few repeats more as it can.
    """
    choices = [*areas]
    firsts = [id_ for choice in choices for id_ in choice.candidates[: choice.needed]]
    if len(firsts) < sum(choice.needed for choice in choices):
        return None
    if not _any_two_meet(firsts, enemies):
        return tuple(firsts)
    chosen: list[str] = []
    for group in _groups(choices, enemies):
        found = _search_with_fewest_repeats(group, enemies, repeats)
        if found is None:
            return None
        chosen += found
    return tuple(chosen)


def largest_fill(areas: Iterable[AreaChoice], enemies: Enemies) -> dict[str, int]:
    """Return how many items each area can have, each given what those before it have."""
    fills: dict[str, int] = {}
    for group in _groups([*areas], enemies):
        placed: list[AreaChoice] = []
        for choice in group:
            filled = _fill(placed, choice, enemies)
            placed.append(filled)
            fills[choice.area] = filled.needed
    return fills


def _fill(placed: Sequence[AreaChoice], choice: AreaChoice, enemies: Enemies) -> AreaChoice:
    for count in range(min(choice.needed, len(choice.candidates)), 0, -1):
        smaller = AreaChoice(choice.area, count, choice.candidates)
        if _Search([*placed, smaller], enemies).found is not None:
            return smaller
    return AreaChoice(choice.area, 0, choice.candidates)


def _any_two_meet(ids: Sequence[str], enemies: Enemies) -> bool:
    together = set(ids)
    return any(id_ in enemies and not enemies[id_].isdisjoint(together) for id_ in ids)


def _groups(choices: Sequence[AreaChoice], enemies: Enemies) -> list[list[AreaChoice]]:
    """Return the areas in groups that enmity does not cross, so that each is searched alone."""
    area_of = {id_: at for at, choice in enumerate(choices) for id_ in choice.candidates}
    leader = list(range(len(choices)))

    def lead(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    for id_, others in enemies.items():
        for other in others:
            low, high = sorted((lead(area_of[id_]), lead(area_of[other])))
            leader[high] = low
    groups: dict[int, list[AreaChoice]] = {}
    for at, choice in enumerate(choices):
        groups.setdefault(lead(at), []).append(choice)
    return [*groups.values()]


def _search_with_fewest_repeats(
    group: Sequence[AreaChoice], enemies: Enemies, repeats: Set[str]
) -> tuple[str, ...] | None:
    """Return the choice with the fewest repeats, as far as the steps of each search go."""
    tightest_first = sorted(group, key=lambda choice: len(choice.candidates) - choice.needed)
    unavoidable = sum(_repeats_needed(choice, repeats) for choice in group)
    for more in _growing(sum(choice.needed for choice in group) - unavoidable):
        found = _Search(tightest_first, enemies, repeats, unavoidable + more).found
        if found is not None:
            return found
    return _Search([_by_id(choice) for choice in group], enemies).found


def _by_id(choice: AreaChoice) -> AreaChoice:
    """Return candidates as `largest_fill` met them: what it found possible, this finds again."""
    return AreaChoice(choice.area, choice.needed, tuple(sorted(choice.candidates)))


def _repeats_needed(choice: AreaChoice, repeats: Set[str]) -> int:
    """Return how many repeats there must be, because so few candidates are new."""
    return max(0, choice.needed - sum(id_ not in repeats for id_ in choice.candidates))


def _growing(most: int) -> Iterator[int]:
    """Yield 0, 1, 2, 4, 8 and so on, and the most at last."""
    step = 0
    while step < most:
        yield step
        step = max(1, step * 2)
    yield most


class _Search:
    """A depth-first search through candidates in order, taking each where it can before leaving it.

    A candidate without enemies is always taken where one is needed: to leave it for a later one
    gains nothing. So only enemies are gone back on, and with few of them the search is short.
    """

    def __init__(
        self,
        choices: Sequence[AreaChoice],
        enemies: Enemies,
        repeats: Set[str] = frozenset(),
        most_repeats: int = 0,
    ) -> None:
        self._line = [(at, id_) for at, choice in enumerate(choices) for id_ in choice.candidates]
        self._enemies = enemies
        self._needed = [choice.needed for choice in choices]
        self._ends = _running_ends(choices)
        self._repeats = repeats
        self._repeats_left = most_repeats
        self._taken: list[int] = []
        self._taken_ids: set[str] = set()
        fits = all(choice.needed <= len(choice.candidates) for choice in choices)
        self.found = self._run() if fits else None

    def _run(self) -> tuple[str, ...] | None:
        here: int | None = 0
        for _ in range(MOST_STEPS):
            if here is None:
                return None
            if here == len(self._line):
                return tuple(self._line[at][1] for at in self._taken)
            here = self._step(here)
        return None

    def _step(self, here: int) -> int | None:
        """Decide on one candidate, and return where to go on; None when all ways are tried."""
        area, id_ = self._line[here]
        if not self._needed[area]:
            return self._ends[area]
        if self._can_take(id_):
            self._take(here)
        return self._on_or_back(here + 1, area)

    def _on_or_back(self, here: int, area: int) -> int | None:
        """Return where to go on, going back while an area has too few candidates left."""
        while self._needed[area] > self._ends[area] - here:
            last = self._untake_last_with_enemies()
            if last is None:
                return None
            here, area = last + 1, self._line[last][0]
        return here

    def _can_take(self, id_: str) -> bool:
        if id_ in self._repeats and not self._repeats_left:
            return False
        enemies = self._enemies.get(id_)
        return enemies is None or enemies.isdisjoint(self._taken_ids)

    def _take(self, here: int) -> None:
        area, id_ = self._line[here]
        self._taken.append(here)
        self._taken_ids.add(id_)
        self._needed[area] -= 1
        self._repeats_left -= id_ in self._repeats

    def _untake_last_with_enemies(self) -> int | None:
        while self._taken:
            here = self._taken.pop()
            area, id_ = self._line[here]
            self._taken_ids.remove(id_)
            self._needed[area] += 1
            self._repeats_left += id_ in self._repeats
            if id_ in self._enemies:
                return here
        return None


def _running_ends(choices: Sequence[AreaChoice]) -> list[int]:
    """Return where each area's candidates end in the line of all."""
    return list(accumulate(len(choice.candidates) for choice in choices))
