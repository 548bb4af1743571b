"""How often items that do not differ are flagged, and items that do; simulated, and printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from itembank import dif
from tests.itembank.differential.worlds import World, items, world

SETS = 1_000
LOWEST, HIGHEST = 0.035, 0.065
"""Limits of the rate of false flags at 5 %."""
PERSONS, POWER_SETS = 1_000, 100
METHODS: dict[str, dict[str, Any]] = {
    "mantel-haenszel": {},
    "mantel-haenszel, purified": {"method": "mantel-haenszel", "purify": True},
    "logistic": {},
    "logistic, uniform": {"method": "logistic", "kind": "uniform"},
    "logistic, nonuniform": {"method": "logistic", "kind": "nonuniform"},
    "likelihood-ratio": {},
}
EFFECTS: dict[str, dict[str, float]] = {
    "harder by 0.3 logits": {"harder": 0.3},
    "harder by 0.5 logits": {"harder": 0.5},
    "harder by 0.8 logits": {"harder": 0.8},
    "half as steep": {"flatter": 0.5},
}
OWN = items(20)
every_method = pytest.mark.parametrize("name", METHODS)


def flags(name: str, people: World, which: list[int] | None = None) -> list[bool]:
    arguments = {"method": name} | METHODS[name]
    found = dif(people.scores, people.groups, items=which, **arguments)
    return [bool(flag) for flag in found.flagged[which or slice(None)]]


def rate(n_sets: int, draw: Callable[[int], list[bool]]) -> float:
    return float(np.mean([draw(1_000 + 3 * number) for number in range(n_sets)]))


@pytest.mark.slow
@every_method
def test_items_that_do_not_differ_are_flagged_as_often_as_stated(name: str) -> None:
    """1,000 sets of 1,000 people of two equally able groups, and 20 items of the 2PL model.

    Likelihood ratios are of four of them.
    """

    def draw(seed: int) -> list[bool]:
        which = [0, 5, 10, 15] if name == "likelihood-ratio" else None
        return flags(name, world(PERSONS, OWN, seed=seed), which)

    found = rate(SETS, draw)
    print(f"\n{name}: {found:.2%} of items that do not differ are flagged at 5 %")
    assert LOWEST <= found <= HIGHEST


@pytest.mark.slow
@every_method
def test_items_that_differ_are_flagged_more_often_the_more_they_differ(name: str) -> None:
    found = {
        effect: rate(
            POWER_SETS,
            lambda seed, given=given: flags(name, world(PERSONS, OWN, seed=seed, **given), [0]),
        )
        for effect, given in EFFECTS.items()
    }
    for effect, share in found.items():
        print(f"\n{name}: {share:.0%} of items {effect} are flagged among {PERSONS} people")
    if "nonuniform" in name:
        assert found["half as steep"] > 0.8
    else:
        assert found["harder by 0.3 logits"] < found["harder by 0.5 logits"]
        assert found["harder by 0.8 logits"] > 0.8
