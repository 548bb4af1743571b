"""The grid refines and widens itself until it holds every posterior."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from itembank import (
    ItemParameters,
    Prior,
    estimate_ability,
    probability,
    simulate_abilities,
    simulate_scores,
)
from itembank.ability import posterior
from itembank.ability.posterior import ORDINARY, grid_for
from itembank.ability.scores import ROWS
from tests.itembank.banks import mixed_bank


def integrated(scores: list[int], bank: ItemParameters, prior: Prior) -> tuple[float, float]:
    """Return the posterior mean and deviation by adaptive quadrature around the peak."""
    right = np.array(scores, dtype=bool)

    def log_densities(theta: Any) -> Any:
        each = probability(theta, bank)
        chance = np.log(np.where(right, each, 1 - each)).sum(axis=-1)
        return chance - (theta - prior.mean) ** 2 / (2 * prior.sd**2)

    reach = prior.mean + prior.sd * np.linspace(-9, 9, 4001)
    heights = log_densities(reach)
    peak, top = reach[int(np.argmax(heights))], heights.max()

    def moment(power: int) -> float:
        pieces = [peak - 9 * prior.sd, peak - 0.5, peak, peak + 0.5, peak + 9 * prior.sd]
        return sum(
            float(
                quad(
                    lambda at: (at - peak) ** power * np.exp(log_densities(at) - top),
                    low,
                    high,
                    epsabs=1e-14,
                    limit=500,
                )[0]
            )
            for low, high in pairwise(pieces)
        )

    mean = moment(1) / moment(0)
    return peak + mean, (moment(2) / moment(0) - mean**2) ** 0.5


CASES = {
    "a short test": ([1, 0, 1], np.array([0.8, 1.0, 1.3]), np.array([-1.0, 0.0, 1.0]), Prior()),
    "a long test": ([1] * 150 + [0] * 50, np.full(200, 2.0), np.linspace(-2, 2, 200), Prior()),
    "far from the prior": ([1] * 60, np.full(60, 1.5), np.full(60, 6.0), Prior()),
    "far below another prior": ([0] * 60, np.full(60, 1.5), np.full(60, -1.0), Prior(5.0, 0.7)),
    "a wide prior": ([1, 1, 0, 1], np.ones(4), np.linspace(-1, 1, 4), Prior(0.0, 8.0)),
    "a narrow prior": ([1, 1, 1, 1], np.ones(4), np.linspace(-1, 1, 4), Prior(0.3, 0.02)),
    "steep items": ([1, 1, 0, 0], np.full(4, 25.0), np.linspace(-0.1, 0.1, 4), Prior()),
}


@pytest.mark.parametrize(("scores", "slope", "difficulty", "prior"), CASES.values(), ids=CASES)
def test_the_mean_and_deviation_equal_the_integrals(
    scores: list[int], slope: Any, difficulty: Any, prior: Prior
) -> None:
    bank = ItemParameters("2pl", slope, difficulty)
    with np.errstate(divide="ignore"):
        mean, deviation = integrated(scores, bank, prior)
    found = estimate_ability(scores, bank, prior=prior)
    assert float(found.theta) == pytest.approx(mean, abs=2e-7 * max(1, prior.sd))
    assert float(found.se) == pytest.approx(deviation, abs=2e-7 * max(1, prior.sd))


def test_the_first_grid_is_as_fine_as_the_narrowest_posterior_and_the_steepest_slope() -> None:
    bank = ItemParameters("2pl", [0.5, 3.0], [0.0, 0.0])
    grid = grid_for(bank, Prior(1.0, 2.0), ORDINARY)
    most = (0.5**2 + 3.0**2) / 4
    assert grid.spacing <= min((0.25 + most) ** -0.5, 1 / 3)
    assert grid.nodes[0] == pytest.approx(1 - 12)
    assert grid.nodes[-1] == pytest.approx(1 + 12)
    assert grid.finer().nodes[[0, -1]].tolist() == grid.nodes[[0, -1]].tolist()
    assert grid.wider().spacing == grid.spacing


def test_a_grid_that_starts_too_coarse_is_refined(monkeypatch: pytest.MonkeyPatch) -> None:
    bank = ItemParameters("2pl", np.full(80, 2.0), np.linspace(-1, 1, 80))
    scores = (np.arange(80) < 50).astype(int)
    fine = estimate_ability(scores, bank)
    monkeypatch.setattr(posterior, "grid_for", lambda *_: posterior.Grid(0.0, 1.0, 6))
    again = estimate_ability(scores, bank)
    assert float(again.theta) == pytest.approx(float(fine.theta), abs=1e-6)
    assert float(again.se) == pytest.approx(float(fine.se), abs=1e-6)


def test_a_posterior_beyond_the_grid_is_reached_before_it_is_refined(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All of it lies on the last node at first, and looks as narrow as the slope there is steep."""
    bank = ItemParameters("2pl", np.full(300, 1.5), np.full(300, 20.0))
    monkeypatch.setattr(posterior, "_MOST_NODES", 2_000)
    found = estimate_ability([1] * 300, bank)
    mean, deviation = integrated([1] * 300, bank, Prior(10.0, 1.0))
    assert float(found.theta) > 15
    assert deviation > 0
    assert mean > float(found.theta)


def test_a_posterior_too_narrow_for_any_grid_is_refused() -> None:
    bank = ItemParameters("2pl", np.full(2, 1e7), [0.1, 0.1 + 1e-6])
    with pytest.raises(ValueError, match=r"`parameters` must be such that .* at person 0\."):
        estimate_ability([1, 0], bank)


def test_hundreds_of_items_do_not_underflow() -> None:
    bank = ItemParameters("2pl", np.full(3000, 1.0), np.linspace(-3, 3, 3000))
    scores = simulate_scores(np.array([0.4]), bank, seed=5)[0]
    found = estimate_ability(scores, bank)
    assert float(found.theta) == pytest.approx(0.4, abs=4 * float(found.se))
    assert float(found.se) < 0.06


def test_persons_in_blocks_equal_persons_alone() -> None:
    bank = mixed_bank()
    scores = simulate_scores(simulate_abilities(ROWS + 40, seed=3), bank, seed=4)
    scores[::7, 2] = -1
    together = estimate_ability(scores, bank)
    for person in (0, 1, ROWS - 1, ROWS, ROWS + 39):
        alone = estimate_ability(scores[person], bank)
        assert together.theta[person] == pytest.approx(float(alone.theta), abs=1e-12)
        assert together.se[person] == pytest.approx(float(alone.se), abs=1e-12)


@given(st.lists(st.integers(0, 1), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_answers_is_of_no_matter(scores: list[int], random: Any) -> None:
    bank = ItemParameters("2pl", np.linspace(0.5, 2, len(scores)), np.linspace(-1, 1, len(scores)))
    order = random.sample(range(len(scores)), len(scores))
    found = estimate_ability(scores, bank)
    shuffled = estimate_ability([scores[place] for place in order], bank.take(order))
    assert float(shuffled.theta) == pytest.approx(float(found.theta), abs=1e-12)


@given(st.lists(st.integers(0, 1), min_size=2, max_size=12), st.integers(0, 11))
def test_a_right_answer_never_lowers_an_ability(scores: list[int], which: int) -> None:
    bank = ItemParameters(
        "3pl", np.linspace(0.5, 2, len(scores)), np.linspace(-1, 1, len(scores)), 0.2
    )
    place = which % len(scores)
    wrong, right = ([*scores[:place], each, *scores[place + 1 :]] for each in (0, 1))
    low, high = (float(estimate_ability(each, bank).theta) for each in (wrong, right))
    assert low < high
