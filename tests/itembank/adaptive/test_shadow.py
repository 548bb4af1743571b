from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from itembank import AdaptiveDesign, AdaptiveTest, information, simulate_adaptive
from itembank.adaptive.shadow import Room, pruned, shadow_test
from tests.itembank.adaptive.examinees import answered, bank, design


def test_the_shadow_test_is_the_best_of_all_forms() -> None:
    hostile = {0: [1, 2, 3], 4: [7], 5: [8, 11], 9: [12]}
    adaptive = design(18, blueprint={"a": 3, "b": 2, "c": 2}, enemies=hostile)
    content = adaptive.content
    value = dict(enumerate(information(0.1, adaptive.parameters).tolist()))
    counts = (3, 2, 2)
    rooms = [
        Room(area, count, sorted(range(area, 18, 3), key=lambda item: -value[item]))
        for area, count in enumerate(counts)
    ]
    parts = [combinations(room.order, room.needed) for room in rooms]
    first, second, third = ([*part] for part in parts)
    best = max(
        sum(value[item] for item in (*one, *two, *three))
        for one in first
        for two in second
        for three in third
        if not meet({*one, *two, *three}, content.enemies)
    )
    found = shadow_test(pruned(rooms, content, set()), rooms, content, value)
    assert found is not None
    assert sum(value[item] for item in found) == pytest.approx(best)
    assert found == sorted(found, key=lambda item: -value[item])


def meet(form: set[int], enemies: dict[int, frozenset[int]]) -> bool:
    return any(not enemies[item].isdisjoint(form) for item in form if item in enemies)


def test_a_shadow_that_cannot_be_is_none() -> None:
    content = design(18, enemies={0: [1]}).content
    rooms = [Room(0, 1, [0]), Room(1, 1, [1])]
    assert shadow_test([0, 1], rooms, content, {0: 1.0, 1: 1.0}) is None


def test_shadow_tests_tell_no_less_than_choosing_area_by_area() -> None:
    theta = np.linspace(-1.5, 1.5, 6)
    greedy = simulate_adaptive(design(), theta, seed=1)
    shadow = simulate_adaptive(design(selection="shadow"), theta, seed=1)
    assert shadow.violations == 0
    assert shadow.se.mean() < greedy.se.mean() + 0.01


def test_a_shadow_test_can_be_taken_up_again() -> None:
    adaptive = design(selection="shadow", candidates=2)
    whole = answered(AdaptiveTest(adaptive, seed=3), 0.2)
    again = AdaptiveTest.resumed(adaptive, 3, whole.responses[:7])
    assert again.next_item() == whole.responses[7][0]


def test_minima_hold_at_every_prefix() -> None:
    adaptive = AdaptiveDesign(
        bank(40),
        areas=["a" if item < 30 else "b" for item in range(40)],
        blueprint={"a": 8, "b": 4},
        least={"b": 2},
        min_items=4,
        selection="shadow",
    )
    test = answered(AdaptiveTest(adaptive), -0.5)
    assert sum(item >= 30 for item, _ in test.responses[:4]) >= 2
