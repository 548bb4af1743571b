"""How often items that do not differ are flagged, and items that do; simulated, and printed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from itembank import ItemParameters, dif
from itembank.differential import DifSize
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
GUESSING = 0.2
APART_SETS = 500
APART: dict[str, tuple[int, dict[str, Any]]] = {
    "half an SD apart": (PERSONS, {"impact": 0.5}),
    "an SD apart": (PERSONS, {"impact": 1.0}),
    "an SD apart, thrice as many people": (3 * PERSONS, {"impact": 1.0}),
    "an SD apart, guessing 0.2": (PERSONS, {"impact": 1.0}),
}
GUESSED = "an SD apart, guessing 0.2"
BY_3PL = "likelihood-ratio, by the 3pl"
STATED: dict[str, tuple[float, ...]] = {
    "mantel-haenszel": (0.042, 0.044, 0.063, 0.059),
    "mantel-haenszel, purified": (0.04, 0.044, 0.061, 0.06),
    "logistic": (0.051, 0.068, 0.109, 0.155),
    "logistic, uniform": (0.052, 0.056, 0.069, 0.071),
    "logistic, nonuniform": (0.052, 0.07, 0.117, 0.175),
    "likelihood-ratio": (0.048, 0.051, 0.051, 0.058),
    "likelihood-ratio, by the 3pl": (math.nan, math.nan, math.nan, 0.051),
}
"""Of items that do not differ, the share flagged at 5 % in each of `APART`: that of the guide."""
every_method = pytest.mark.parametrize("name", METHODS)


def flags(name: str, people: World, which: list[int] | None = None) -> list[bool]:
    arguments = {"method": name} | METHODS[name]
    found = dif(people.scores, people.groups, items=which, **arguments)
    return [bool(flag) for flag in found.flagged[which or slice(None)]]


def marks(name: str, apart: str, seed: int) -> tuple[float, float]:
    """Return the shares of items that are flagged, and that are of class B or C."""
    n_persons, given = APART[apart]
    guessed = ItemParameters("3pl", OWN.slope, OWN.threshold[:, 0], GUESSING)
    people = world(n_persons, guessed if apart == GUESSED else OWN, seed=seed, **given)
    which = [0, 5, 10, 15] if name.startswith("likelihood") else list(range(OWN.n_items))
    own = {"model": "3pl"} if name == BY_3PL else {}
    method = {"method": name.partition(",")[0]} | METHODS.get(name, own)
    found = dif(people.scores, people.groups, items=which, **method)
    large = [found.size[item] in {DifSize.MODERATE, DifSize.LARGE} for item in which]
    return float(found.flagged[which].mean()), float(np.mean(large))


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
@pytest.mark.parametrize("apart", APART)
@pytest.mark.parametrize("name", [*METHODS, BY_3PL])
def test_how_often_they_are_flagged_where_one_group_is_abler(name: str, apart: str) -> None:
    """500 sets: the standard error is 0.2 %, and 0.5 % of likelihood ratios, of four items."""
    if name == BY_3PL and apart != GUESSED:
        pytest.skip("it is for those who guess")
    found = [marks(name, apart, 1_000 + 3 * number) for number in range(APART_SETS)]
    flagged, large = np.mean(found, axis=0)
    print(f"\n{name}, {apart}: {flagged:.2%} are flagged at 5 %, {large:.2%} of class B or C")
    stated = STATED[name][list(APART).index(apart)]
    assert flagged == pytest.approx(stated, abs=0.006)


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
