"""Whatever is answered, a test meets its blueprint, its minima, and no two enemies."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itembank import AdaptiveDesign, AdaptiveTest, ItemParameters, Selection, Stop

FAST = [each for each in Selection if each is not Selection.SHADOW]
settings_of_slow_ones = settings(max_examples=15, deadline=None)


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """Return the arguments of a design on a small bank with enemies anywhere, possible or not."""
    n_items = draw(st.integers(3, 11))
    areas = draw(st.lists(st.sampled_from("abc"), min_size=n_items, max_size=n_items))
    index = st.integers(0, n_items - 1)
    counts = st.dictionaries(st.sampled_from("abc"), st.integers(1, 3), min_size=1)
    blueprint = draw(counts.filter(lambda each: sum(each.values()) <= n_items))
    least = {area: draw(st.integers(0, count)) for area, count in blueprint.items()}
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    return {
        "parameters": ItemParameters(
            "2pl", rng.lognormal(0, 0.3, n_items), rng.normal(size=n_items)
        ),
        "areas": areas,
        "blueprint": blueprint,
        "least": draw(st.sampled_from([None, least])),
        "enemies": draw(st.dictionaries(index, st.frozensets(index, max_size=3), max_size=5)),
        "min_items": draw(st.integers(1, sum(blueprint.values()))),
        "candidates": draw(st.integers(1, min(3, n_items))),
        "exposure": draw(
            st.sampled_from([None, np.full(n_items, 0.4), np.linspace(0.01, 1, n_items)])
        ),
        "n_strata": draw(st.integers(1, 3)),
    }


def are_enemies(plan: dict[str, Any], one: int, other: int) -> bool:
    return other in plan["enemies"].get(one, ()) or one in plan["enemies"].get(other, ())


def is_possible(plan: dict[str, Any], without: frozenset[int] = frozenset()) -> bool:
    """Return whether some form meets the blueprint, by trying every one."""
    items = [item for item in range(len(plan["areas"])) if item not in without]
    return any(
        Counter(plan["areas"][item] for item in form) == Counter(plan["blueprint"])
        and not any(are_enemies(plan, *pair) for pair in combinations(form, 2))
        for form in combinations(items, sum(plan["blueprint"].values()))
    )


def check(plan: dict[str, Any], test: AdaptiveTest, seed: int) -> None:
    """Take a test with random answers and hold it against its plan after each."""
    rng = random.Random(seed)
    while (item := test.next_item()) is not None:
        test.record(item, rng.randint(0, 1))
        given = [each for each, _ in test.responses]
        counts = Counter(plan["areas"][each] for each in given)
        assert counts <= Counter(plan["blueprint"])
        if len(given) >= test.design.fewest_items:
            least = zip(test.design.content.names, test.design.content.least, strict=True)
            assert all(counts[area] >= count for area, count in least)
        assert len(set(given)) == len(given)
        assert not any(are_enemies(plan, *pair) for pair in combinations(given, 2))
    assert test.stopped is Stop.LENGTH
    assert counts == Counter(plan["blueprint"])


@given(plans(), st.sampled_from(FAST), st.integers(0, 99))
def test_every_test_meets_its_blueprint(plan: dict[str, Any], selection: str, seed: int) -> None:
    if not is_possible(plan):
        with pytest.raises(ValueError, match="`blueprint` must be one that the items can fill"):
            AdaptiveDesign(**plan, selection=selection)
        return
    adaptive = AdaptiveDesign(**plan, selection=selection)
    check(plan, AdaptiveTest(adaptive, seed=seed), seed)


@given(plans(), st.data())
@settings(max_examples=40, deadline=None)
def test_it_does_so_without_the_items_that_an_examinee_cannot_have(
    plan: dict[str, Any], data: st.DataObject
) -> None:
    if not is_possible(plan):
        return
    adaptive = AdaptiveDesign(**plan)
    index = st.integers(0, len(plan["areas"]) - 1)
    without = data.draw(st.frozensets(index, max_size=3))
    avoided = data.draw(st.frozensets(index, max_size=4))
    if not is_possible(plan, without):
        with pytest.raises(ValueError, match="`blueprint` must be one that the items can fill"):
            AdaptiveTest(adaptive, excluded=without)
        return
    test = AdaptiveTest(adaptive, excluded=without, avoided=avoided)
    check(plan, test, 1)
    assert without.isdisjoint(item for item, _ in test.responses)


@given(plans(), st.integers(0, 99))
@settings_of_slow_ones
def test_shadow_tests_meet_it_as_well(plan: dict[str, Any], seed: int) -> None:
    if is_possible(plan):
        check(plan, AdaptiveTest(AdaptiveDesign(**plan, selection="shadow"), seed=seed), seed)


def test_an_area_that_could_be_stranded_is_not() -> None:
    """Item 0 is the best, and the enemy of all that area b has but two enemies of each other."""
    parameters = ItemParameters("rasch", 1.0, [0.0, 1.5, 0.1, 0.2, 0.3])
    adaptive = AdaptiveDesign(
        parameters,
        areas=["a", "a", "b", "b", "b"],
        blueprint={"a": 1, "b": 2},
        enemies={0: [2], 3: [4]},
    )
    test = AdaptiveTest(adaptive)
    check(
        {"areas": adaptive.areas, "blueprint": adaptive.blueprint, "enemies": adaptive.enemies},
        test,
        0,
    )
    assert next(item for item, _ in test.responses) in {2, 3, 4}


def test_without_a_blueprint_a_test_is_as_long_as_items_can_stand_together() -> None:
    adaptive = AdaptiveDesign(ItemParameters("rasch", 1.0, [0.0, 0.1, 0.2]), enemies={0: [1]})
    assert adaptive.most_items == 2


def test_minima_are_by_default_a_share_of_the_shortest_test() -> None:
    adaptive = AdaptiveDesign(
        ItemParameters("rasch", 1.0, np.zeros(40)),
        areas=["a", "b"] * 20,
        blueprint={"a": 15, "b": 5},
        min_items=10,
    )
    assert adaptive.content.least == (7, 2)
    assert adaptive.fewest_items == 10


def test_items_of_other_areas_are_never_chosen() -> None:
    adaptive = AdaptiveDesign(
        ItemParameters("rasch", 1.0, np.zeros(9)), areas=["a", "b", "c"] * 3, blueprint={"b": 3}
    )
    test = AdaptiveTest(adaptive)
    while (item := test.next_item()) is not None:
        test.record(item, 1)
    assert {item % 3 for item, _ in test.responses} == {1}
