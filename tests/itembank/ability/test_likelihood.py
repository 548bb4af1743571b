"""The log-likelihood by products equals the sum of log-probabilities, picked one by one."""

from __future__ import annotations

import numpy as np
import pytest

from itembank import Model, category_probability, simulate_abilities, simulate_scores
from itembank.ability.likelihood import likelihood
from itembank.ability.scores import score_matrix
from itembank.ability.slopes import slopes
from itembank.parameters import ItemParameters
from tests.itembank.banks import mixed_bank, spread_bank

BANKS = {model.value: spread_bank(model) for model in Model} | {"mixed": mixed_bank()}
every_bank = pytest.mark.parametrize("bank", BANKS.values(), ids=BANKS)
POINTS = np.array([-3.0, -0.4, 0.0, 1.7])


def scores_for(bank: ItemParameters) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    scores = simulate_scores(simulate_abilities(12, seed=1), bank, seed=2).astype(np.float64)
    scores[2, 1] = scores[5, :3] = np.nan
    return scores


def picked(
    bank: ItemParameters, theta: float, scores: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> float:
    each = category_probability(theta, bank)
    return sum(
        float(np.log(each[item, int(score)]))
        for item, score in enumerate(scores)
        if np.isfinite(score)
    )


@every_bank
def test_products_equal_sums(bank: ItemParameters) -> None:
    scores = scores_for(bank)
    curves = likelihood(POINTS, bank)
    ((_, block),) = score_matrix(scores, bank).blocks()
    expected = [[picked(bank, theta, row) for theta in POINTS] for row in scores]
    found = curves.of(block)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert (found >= curves.least).all()


@every_bank
def test_slopes_are_the_derivatives_of_the_log_likelihood(bank: ItemParameters) -> None:
    scores, step = scores_for(bank), 1e-4
    theta = np.linspace(-2, 2, len(scores))
    ((_, block),) = score_matrix(scores, bank).blocks()
    found = slopes(block, theta, bank)
    for person, (at, row) in enumerate(zip(theta, scores, strict=True)):
        low, here, high = (picked(bank, at + by, row) for by in (-step, 0.0, step))
        assert found.value[person] == pytest.approx((high - low) / (2 * step), abs=1e-6)
        bend = (high - 2 * here + low) / step**2
        assert found.observed[person] == pytest.approx(-bend, abs=1e-5)
