"""Reliability: of persons whose abilities are known, and however the scale is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from itembank import (
    Ability,
    ItemParameters,
    Method,
    Model,
    Prior,
    empirical_reliability,
    estimate_ability,
    marginal_reliability,
    simulate_abilities,
    simulate_scores,
)
from tests.itembank.banks import spread_bank

BANK = spread_bank(Model.TWO_PL, 30)
RASCH = spread_bank(Model.RASCH, 30)


@pytest.mark.parametrize(("method", "within"), [("eap", 0.02), ("map", 0.02), ("wle", 0.03)])
def test_it_is_the_squared_correlation_with_the_truth(method: str, within: float) -> None:
    theta = simulate_abilities(2_500, seed=1, sd=1.4)
    scores = simulate_scores(theta, RASCH, seed=2)
    ability = estimate_ability(scores, RASCH, method, prior=Prior(0, 1.4))
    known = np.corrcoef(theta, ability.theta)[0, 1] ** 2
    assert empirical_reliability(ability) == pytest.approx(known, abs=within)
    assert marginal_reliability(RASCH, sd=1.4) == pytest.approx(known, abs=0.03)


def test_rasch_with_a_free_variance_is_a_common_slope_of_its_standard_deviation() -> None:
    """The same model written twice; a program that forgets the variance gives two answers."""
    slope = ItemParameters("2pl", 0.7, RASCH.threshold / 0.7)
    assert marginal_reliability(RASCH, sd=0.7) == pytest.approx(marginal_reliability(slope))
    assert marginal_reliability(RASCH, sd=0.7) < marginal_reliability(RASCH) - 0.05


def test_the_origin_does_not_matter() -> None:
    moved = ItemParameters("2pl", BANK.slope, BANK.threshold + 3)
    assert marginal_reliability(moved, mean=3) == pytest.approx(marginal_reliability(BANK))


def test_equal_information_has_a_closed_form() -> None:
    flat = ItemParameters("2pl", 0.02, np.zeros(1_000))
    information = 1_000 * 0.02**2 / 4
    assert marginal_reliability(flat) == pytest.approx(information / (1 + information), rel=1e-3)


@pytest.mark.parametrize(("method", "expected"), [("eap", 2 / 3), ("wle", 1 / 2)])
def test_two_persons_have_a_reliability_in_closed_form(method: str, expected: float) -> None:
    """Estimates of 0 and 1 have the variance 1/2; their errors' mean square is 1/4."""
    ability = estimate_ability([[1], [0]], ItemParameters("rasch", 1, [0]), method)
    own = replace(ability, theta=np.array([0.0, 1.0]), se=np.array([0.1, 0.7]))
    assert empirical_reliability(own) == pytest.approx(expected)


def test_frequencies_stand_for_persons() -> None:
    scores = simulate_scores(simulate_abilities(50, seed=3), BANK, seed=4)
    times = np.arange(50) % 3 + 1
    one = empirical_reliability(estimate_ability(scores, BANK), weights=times)
    many = empirical_reliability(estimate_ability(np.repeat(scores, times, axis=0), BANK))
    assert one == pytest.approx(many)


def ability(*theta: float) -> Ability:
    return Ability(np.array(theta), np.full(len(theta), 0.3), Method.EAP)


MISTAKES: dict[str, tuple[str, Callable[[], object]]] = {
    "no spread": ("sd", lambda: marginal_reliability(BANK, sd=0)),
    "an endless mean": ("mean", lambda: marginal_reliability(BANK, mean=np.inf)),
    "one person": ("ability.theta", lambda: empirical_reliability(ability(0.1))),
    "persons all alike": ("ability.theta", lambda: empirical_reliability(ability(0.1, 0.1))),
    "an infinite estimate": ("ability.theta", lambda: empirical_reliability(ability(0, np.inf))),
    "a weight too few": ("weights", lambda: empirical_reliability(ability(0, 1), weights=[1])),
    "a negative weight": ("weights", lambda: empirical_reliability(ability(0, 1), weights=[3, -1])),
}


@pytest.mark.parametrize(("argument", "run"), MISTAKES.values(), ids=MISTAKES)
def test_what_is_wrong_is_named(argument: str, run: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=rf"^`{argument}` must be .+; got .+\.$"):
        run()
