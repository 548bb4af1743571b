"""How often the statistics of fit flag what fits, and what does not: printed, for the guide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from itembank import (
    ItemParameters,
    Method,
    item_fit,
    local_dependence,
    person_fit,
    simulate_abilities,
    simulate_scores,
)
from tests.itembank.fit.studies import Floats, Scores, Spoil, Study, rate

pytestmark = pytest.mark.slow

SLOPES = np.array([1.1, 1.6, 0.9, 1.8, 1.4, 0.8, 1.7, 1.0, 1.5, 1.2])
PLACES = np.linspace(-1.5, 1.5, 10)
STEPS = np.array([-1.0, 0.0, 1.0])
BANKS = {
    "2pl, 10 items": ItemParameters("2pl", SLOPES, PLACES),
    "2pl, 30 items": ItemParameters("2pl", np.tile(SLOPES, 3), np.linspace(-2, 2, 30)),
    "rasch, 5 items": ItemParameters("rasch", 1.0, PLACES[::2]),
    "rasch, 10 items": ItemParameters("rasch", 1.0, PLACES),
    "1pl, 10 items": ItemParameters("1pl", 1.3, PLACES),
    "3pl, 30 items": ItemParameters("3pl", np.tile(SLOPES, 3), np.linspace(-2, 2, 30), 0.2),
    "grm, 10 items": ItemParameters("grm", SLOPES, PLACES[:, np.newaxis] * 0.6 + STEPS),
    "gpcm, 10 items": ItemParameters("gpcm", SLOPES, PLACES[:, np.newaxis] * 0.6 + STEPS),
}
WHERE_S_X2_HOLDS = tuple(name for name in BANKS if not name.startswith("3pl"))
"""The models without priors."""


@dataclass(frozen=True, eq=False)
class Rates:
    """What each item of each data set had, (n_data_sets n_items,)."""

    p: Floats
    infit_z: Floats
    outfit_z: Floats
    item: NDArray[np.int64]

    def of(self, items: Sequence[int]) -> Rates:
        """Return those of some items."""
        own = np.isin(self.item, items)
        return Rates(self.p[own], self.infit_z[own], self.outfit_z[own], self.item[own])

    @property
    def line(self) -> str:
        """The share flagged at 5 %: by S-X2, infit and outfit, the latter two above and below."""
        high = norm.ppf(0.975)
        two = [
            f"{np.mean(z > high):.1%} above, {np.mean(z < -high):.1%} below"
            for z in (self.infit_z, self.outfit_z)
        ]
        return f"S-X2 {rate(self.p):.1%}; infit {two[0]}; outfit {two[1]}"


def rates(study: Study, spoil: Spoil | None = None, n_free: int | None = None) -> Rates:
    """Return the statistics of every item of every data set."""
    found = [
        (fit.p, fit.infit_z, fit.outfit_z, fit.item)
        for scores, calibration in study.drawn(spoil)
        for fit in item_fit(scores, calibration, n_free=n_free)
    ]
    p, infit, outfit, item = (np.array(each) for each in zip(*found, strict=True))
    return Rates(p, infit, outfit, item)


@pytest.mark.parametrize("name", WHERE_S_X2_HOLDS)
def test_s_x2_flags_one_item_in_twenty_where_the_model_holds(name: str) -> None:
    found = rates(Study(BANKS[name], 1_000, replications=1_000))
    print(f"\n{name}, 1,000 persons, 1,000 data sets, at 5 %: {found.line}")
    assert 0.035 <= rate(found.p) <= 0.065
    assert 0.015 <= np.mean(np.abs(found.infit_z) > norm.ppf(0.975)) <= 0.09


@pytest.mark.parametrize("name", ["rasch, 5 items", "rasch, 10 items"])
def test_a_spread_that_all_items_share_costs_none_of_them_a_whole_degree(name: str) -> None:
    """Counted with each item, as mirt does, it makes S-X2 flag too much."""
    found = rates(Study(BANKS[name], 1_000, replications=300), n_free=2)
    print(f"\n{name}, 300 data sets, each counted with the common spread: {found.line}")
    assert rate(found.p) > 0.065


def test_items_with_priors_on_guessing() -> None:
    found = rates(Study(BANKS["3pl, 30 items"], 2_000, replications=100))
    print(f"\n3pl, 30 items, 2,000 persons, 100 data sets: {found.line}")
    assert 0.02 <= rate(found.p) <= 0.10


EASY = 2


def guessed(scores: Scores, _theta: Floats, seed: int) -> Scores:
    """Return scores in which one person in five guesses one item, with one right in four."""
    rng = np.random.default_rng(seed + 10_000)
    changed = scores.copy()
    blind = rng.random(len(scores)) < 0.2
    changed[blind, EASY] = rng.random(blind.sum()) < 0.25
    return changed


def floored(scores: Scores, _theta: Floats, seed: int) -> Scores:
    """Return scores in which who does not know the hardest item gets it right in one of four."""
    rng = np.random.default_rng(seed + 10_000)
    lucky = rng.random(len(scores)) < 0.25
    changed = scores.copy()
    changed[:, -1] = np.where(lucky, 1, changed[:, -1])
    return changed


def lost(scores: Scores, theta: Floats, seed: int) -> Scores:
    """Return scores in which the ablest sixth has an easy item right at 60 % only."""
    rng = np.random.default_rng(seed + 10_000)
    changed = scores.copy()
    able = theta > 1
    changed[able, EASY] = rng.random(able.sum()) < 0.6
    return changed


EFFECTS: dict[str, tuple[Spoil, int]] = {
    "a fifth of the persons guess it": (guessed, EASY),
    "a floor of 0.25 under its curve": (floored, -1),
    "those above 1 logit have it right at 60 %": (lost, EASY),
}


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("n_persons", [500, 1_000, 2_000])
def test_the_power_to_see_one_item_of_thirty(effect: str, n_persons: int) -> None:
    spoil, item = EFFECTS[effect]
    bank = BANKS["2pl, 30 items"]
    found = rates(Study(bank, n_persons, replications=100), spoil)
    place = item % bank.n_items
    others = [each for each in range(bank.n_items) if each != place]
    print(f"\n{effect}, {n_persons} persons: {found.of([place]).line}")
    print(f"  the other items: {found.of(others).line}")
    assert rate(found.of(others).p) < 0.10
    assert rate(found.of([place]).p) >= rate(found.of(others).p) - 0.05


def test_a_slope_that_differs_is_seen_by_infit_of_rasch() -> None:
    slopes = np.where(np.arange(10) == 4, 0.5, 1.0)
    study = Study(ItemParameters("2pl", slopes, PLACES), 1_000, replications=200, model="rasch")
    found = rates(study)
    print(f"\nslope 0.5 among nine of 1, as Rasch, 1,000 persons: {found.of([4]).line}")
    assert np.mean(found.of([4]).infit_z > norm.ppf(0.975)) > 0.8


@pytest.mark.parametrize(
    "name", ["2pl, 10 items", "2pl, 30 items", "3pl, 30 items", "grm, 10 items"]
)
def test_lz_star_flags_one_person_in_twenty_and_lz_fewer(name: str) -> None:
    bank = BANKS[name]
    scores = simulate_scores(simulate_abilities(50_000, seed=1), bank, seed=2)
    for method in Method:
        found = person_fit(scores, bank, method)
        known = np.isfinite(found.lz_star)
        shares = [rate(found.p, level) for level in (0.05, 0.01)]
        plain = np.mean(found.lz[known] < norm.ppf(0.05))
        print(f"\n{name}, {method}: lz* {shares[0]:.1%} and {shares[1]:.1%}; lz {plain:.1%} at 5 %")
        assert 0.03 <= shares[0] <= 0.075
        assert plain < shares[0]


@pytest.mark.parametrize("share", [0.2, 0.4])
def test_the_power_to_see_who_guesses(share: float) -> None:
    """Of 30 items, a share are answered at random, right in one of four; abilities above 0."""
    bank = BANKS["2pl, 30 items"]
    rng = np.random.default_rng(4)
    theta = np.abs(simulate_abilities(10_000, seed=3))
    scores = simulate_scores(theta, bank, seed=5)
    blind = rng.random(scores.shape) < share
    scores[blind] = rng.random(blind.sum()) < 0.25
    found = person_fit(scores, bank)
    print(f"\n{share:.0%} of the items guessed: lz* finds {rate(found.p):.1%} at 5 %")
    assert rate(found.p) > 0.15


def test_q3_flags_no_pair_of_independent_items_and_finds_those_that_are_not() -> None:
    n_pairs, flagged, seen = 0, 0, 0
    for scores, calibration in Study(BANKS["2pl, 30 items"], 1_000, replications=100).drawn():
        flagged += len(local_dependence(scores, calibration).flags)
        n_pairs += 30 * 29 // 2
        copied = scores.copy()
        same = np.random.default_rng(len(scores)).random(len(scores)) < 0.3
        copied[same, 11] = copied[same, 10]
        pairs = [each.items for each in local_dependence(copied, calibration).flags]
        seen += (10, 11) in pairs
    print(f"\nQ3* above 0.2: {flagged} of {n_pairs} independent pairs; {seen} of 100 copied ones")
    assert flagged / n_pairs < 0.001
    assert seen >= 50
