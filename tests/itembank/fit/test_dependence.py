"""Q3 is the correlation of residuals, and items that go together are found."""

from __future__ import annotations

import numpy as np
import pytest

from itembank import (
    ItemParameters,
    estimate_ability,
    expected_score,
    local_dependence,
    simulate_abilities,
    simulate_scores,
)
from itembank.fit.dependence import FEWEST
from tests.itembank.banks import mixed_bank

BANK = ItemParameters("2pl", np.tile([0.9, 1.2, 1.5], 4), np.linspace(-1.5, 1.5, 12))
SCORES = simulate_scores(simulate_abilities(1_500, seed=1), BANK, seed=2)


@pytest.mark.parametrize("bank", [BANK, mixed_bank()], ids=["2pl", "mixed"])
def test_it_is_the_correlation_of_residuals(bank: ItemParameters) -> None:
    scores = simulate_scores(simulate_abilities(700, seed=1), bank, seed=2)
    away = scores - expected_score(estimate_ability(scores, bank).theta, bank)
    expected = np.asarray(np.corrcoef(away.T))
    found = local_dependence(scores, bank)
    assert found.q3 == pytest.approx(expected, abs=1e-9)
    pairs = np.triu_indices(bank.n_items, 1)
    assert found.average == pytest.approx(expected[pairs].mean())
    assert found.adjusted[pairs] == pytest.approx(expected[pairs] - expected[pairs].mean())


def test_missing_answers_leave_the_pairs_that_were_answered() -> None:
    scores = SCORES.astype(float)
    scores[:1_480, 0] = np.nan
    scores[:400, 1] = np.nan
    found = local_dependence(scores, BANK, theta=np.zeros(1_500))
    away = scores - expected_score(0.0, BANK)
    assert np.isnan(found.q3[0, 1:]).all()
    assert found.n[1, 2] == 1_100
    assert found.n[0, 1] == 20 < FEWEST
    own = np.corrcoef(away[400:, 1], away[400:, 2])[0, 1]
    assert found.q3[1, 2] == pytest.approx(own)


def test_weights_are_persons() -> None:
    weights = np.arange(1_500) % 3
    many = local_dependence(np.repeat(SCORES, weights, axis=0), BANK)
    assert local_dependence(SCORES, BANK, weights=weights).q3 == pytest.approx(many.q3)


def test_an_item_that_repeats_another_is_found_and_nothing_else() -> None:
    scores = SCORES.copy()
    same = np.random.default_rng(3).random(len(scores)) < 0.5
    scores[same, 7] = scores[same, 6]
    found = local_dependence(scores, BANK)
    assert [each.items for each in found.flags] == [(6, 7)]
    assert found.flags[0].adjusted == pytest.approx(found.adjusted[6, 7])
    assert found.flags[0].n == pytest.approx(1_500)
    assert local_dependence(SCORES, BANK).flags == ()


def test_persons_whose_ability_is_not_finite_are_left_out() -> None:
    found = local_dependence(SCORES, BANK, "ml")
    middling = np.ptp(SCORES, axis=1) > 0
    assert found.n[0, 1] == middling.sum()
    assert found.q3 == pytest.approx(local_dependence(SCORES[middling], BANK, "ml").q3)


def test_what_is_left_of_residuals_that_are_all_alike_is_no_correlation() -> None:
    """Rounding is no spread: forty persons with the same answers tell nothing of pairs."""
    alike = np.repeat(SCORES[:1], 40, axis=0)
    assert np.ptp(alike[0]) == 1
    found = local_dependence(alike, BANK)
    assert np.isnan(found.q3).all()
    assert np.isnan(found.average)
    assert found.flags == ()


@pytest.mark.parametrize("threshold", [0.0, 1.0, -0.2, float("nan")])
def test_a_threshold_is_a_correlation(threshold: float) -> None:
    with pytest.raises(ValueError, match="`threshold` must be above 0 and below 1"):
        local_dependence(SCORES, BANK, threshold=threshold)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"`scores` must be of two items or more; got 1\."):
        local_dependence(SCORES[:, :1], BANK.take([0]))
    with pytest.raises(ValueError, match=r"`theta` must be of shape \(1500,\); got shape \(1,\)\."):
        local_dependence(SCORES, BANK, theta=[0.0])
