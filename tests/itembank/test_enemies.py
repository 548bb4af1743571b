from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from itembank.enemies import AreaChoice, Enemies, choose, largest_fill, mutual

IDS = [f"{area}{n}" for area in "abc" for n in range(4)]
pairs = st.sets(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=14)
needs = st.fixed_dictionaries({area: st.integers(0, 4) for area in "abc"})


def enemies_from(some: set[tuple[str, str]]) -> Enemies:
    return mutual({id_: frozenset(b for a, b in some if a == id_) for id_ in IDS})


def choices(needed: dict[str, int], repeats: frozenset[str] = frozenset()) -> list[AreaChoice]:
    in_order = sorted(IDS, key=lambda id_: id_ in repeats)
    return [
        AreaChoice(area, count, tuple(id_ for id_ in in_order if id_[0] == area))
        for area, count in needed.items()
    ]


def all_choices(needed: dict[str, int], enemies: Enemies) -> Iterator[set[str]]:
    """Return every choice there is, by trying them all."""
    each = [combinations(choice.candidates, choice.needed) for choice in choices(needed)]
    for parts in product(*each):
        together = {id_ for part in parts for id_ in part}
        if all(enemies.get(id_, frozenset()).isdisjoint(together) for id_ in together):
            yield together


@given(pairs, needs, st.frozensets(st.sampled_from(IDS)))
def test_a_choice_is_found_wherever_there_is_one_and_with_the_fewest_repeats(
    some: set[tuple[str, str]], needed: dict[str, int], repeats: frozenset[str]
) -> None:
    enemies = enemies_from(some)
    possible = list(all_choices(needed, enemies))
    found = choose(choices(needed, repeats), enemies, repeats)
    if found is None:
        assert possible == []
        return
    assert set(found) in possible
    fewest = min(len(repeats & each) for each in possible)
    unavoidable = sum(
        max(0, choice.needed - len(set(choice.candidates) - repeats)) for choice in choices(needed)
    )
    if fewest - unavoidable <= 2:  # further on, the search goes in steps that double
        assert len(repeats & set(found)) == fewest


@given(pairs, needs)
def test_each_area_gets_the_most_it_can_after_those_before_it(
    some: set[tuple[str, str]], needed: dict[str, int]
) -> None:
    enemies = enemies_from(some)
    left = dict.fromkeys(needed, 0)
    for area, count in needed.items():
        for more in range(count + 1):
            if next(all_choices(left | {area: more}, enemies), None) is not None:
                best = more
        left[area] = best
    assert largest_fill(choices(needed), enemies) == left


def test_enmity_holds_both_ways_among_those_present() -> None:
    one_way = {"a": frozenset({"b", "gone", "a"}), "b": frozenset[str](), "c": frozenset[str]()}
    assert mutual(one_way) == {"a": {"b"}, "b": {"a"}}


def test_going_back_on_a_repeat_gives_it_back() -> None:
    """`a` is all repeats; its first bars the new one of `b`, its second does not."""
    enemies = mutual({"a0": frozenset({"b0"}), "a1": frozenset(), "b0": frozenset()})
    areas = [AreaChoice("a", 1, ("a0", "a1")), AreaChoice("b", 1, ("b0", "b9"))]
    assert choose(areas, enemies, {"a0", "a1", "b9"}) == ("a1", "b0")
