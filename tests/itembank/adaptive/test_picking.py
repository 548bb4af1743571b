from __future__ import annotations

import numpy as np
import pytest

from itembank import AdaptiveDesign, AdaptiveTest, ItemParameters, information
from tests.itembank.adaptive.examinees import AREAS, answered, bank, design

RASCH = ItemParameters("rasch", 1.0, np.linspace(-1, 1, 9))


def first_items(adaptive: AdaptiveDesign, n: int = 3_000) -> np.ndarray:
    """Return how often each item is the first one."""
    items = [AdaptiveTest(adaptive, seed=seed).next_item() for seed in range(n)]
    return np.bincount(items, minlength=adaptive.parameters.n_items)


def test_each_of_the_best_comes_as_often() -> None:
    counts = first_items(AdaptiveDesign(RASCH, max_items=4, candidates=3))
    assert sorted(np.flatnonzero(counts)) == [3, 4, 5]
    assert ((counts[3:6] - 1_000) ** 2 / 1_000).sum() < 13.8  # chi-square, 2 degrees, p = 0.001


def test_an_item_passes_as_often_as_its_parameter_says() -> None:
    """Of the order 4, 3, 5: 0.5, then 0.5 of the rest, then all that is left."""
    exposure = np.array([1, 1, 1, 0.5, 0.5, 1, 1, 1, 1])
    counts = first_items(AdaptiveDesign(RASCH, max_items=4, exposure=exposure))
    expected = np.array([0, 0, 0, 750, 1_500, 750, 0, 0, 0])
    among = expected > 0
    assert counts[~among].sum() == 0
    assert ((counts - expected)[among] ** 2 / expected[among]).sum() < 13.8


def test_one_draw_serves_both_ways_of_chance() -> None:
    """Begin at 4 or 3 alike; 4 passes half the time, and gives way to 3, then 3 to nobody."""
    exposure = np.array([1, 1, 1, 1, 0.5, 1, 1, 1, 1])
    counts = first_items(AdaptiveDesign(RASCH, max_items=4, candidates=2, exposure=exposure))
    expected = np.array([2_250, 750])
    assert counts[[3, 4]].sum() == 3_000
    assert ((counts[[3, 4]] - expected) ** 2 / expected).sum() < 10.8  # 1 degree, p = 0.001


def test_an_item_held_back_once_is_held_back_for_the_whole_test() -> None:
    exposure = np.full(60, 0.5)
    adaptive = design(exposure=exposure, blueprint={"a": 4, "b": 3, "c": 2}, enemies={})
    held = 0
    for seed in range(40):
        test = answered(AdaptiveTest(adaptive, seed=seed), 0.0)
        given = {item for item, _ in test.responses}
        lines = [choice.candidates for choice in test.log]
        passed_over = [item for line in lines for item in line if item not in given]
        assert len(set(passed_over)) == len(passed_over)
        held += len(passed_over)
        assert test.tried == given | set(passed_over)
    assert held > 100


def test_when_all_are_held_back_the_one_given_most_freely_comes() -> None:
    exposure = np.array([0.001, 0.001, 0.002])
    three = ItemParameters("rasch", 1.0, [0.0, 0.1, 1.0])
    counts = first_items(AdaptiveDesign(three, max_items=1, exposure=exposure), 100)
    assert counts[2] > 90


@pytest.mark.parametrize("pattern", range(0, 4_096, 315))
def test_the_area_is_that_of_the_greatest_priority_index(pattern: int) -> None:
    parameters = bank(60)
    counts = {"a": 6, "b": 4, "c": 2}
    adaptive = design(enemies={}, least=dict.fromkeys(counts, 0))
    test = AdaptiveTest(adaptive)
    while (item := test.next_item()) is not None:
        given = [each for each, _ in test.responses]
        at = np.floor(test.theta / 0.05 + 0.5) * 0.05
        value = information(at, parameters)
        best = {
            area: max(value[each] for each in range(place, 60, 3) if each not in given)
            * (counts[area] - sum(each % 3 == place for each in given))
            / counts[area]
            for place, area in enumerate(AREAS)
        }
        assert AREAS[item % 3] == max(best, key=best.__getitem__)
        test.record(item, pattern >> len(given) & 1)
    assert len(test.responses) == 12


@pytest.mark.parametrize("candidates", [1, 3])
def test_the_log_says_what_the_choice_was_among(candidates: int) -> None:
    test = answered(AdaptiveTest(design(candidates=candidates), seed=2), 0.4)
    for choice in test.log:
        assert len(choice.candidates) == candidates
        assert choice.item in choice.candidates
        assert len({item % 3 for item in choice.candidates}) == 1
        assert (choice.draw is None) == (candidates == 1)
        if choice.draw is not None:
            assert choice.candidates[int(choice.draw * candidates)] == choice.item
