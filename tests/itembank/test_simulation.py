"""Simulated scores: as often as the model says, the same from the same seed, none where none."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from itembank import (
    ItemParameters,
    Model,
    category_probability,
    simulate_abilities,
    simulate_scores,
)
from tests.itembank.banks import mixed_bank, spread_bank

N = 20_000
SIX_SD = 6.0
"""Beyond it, chance stands in 1 of 500 million places; the tests look at some hundreds."""


@pytest.mark.parametrize("model", list(Model))
@pytest.mark.parametrize("theta", [-1.0, 0.8])
def test_every_score_comes_as_often_as_its_probability_says(model: Model, theta: float) -> None:
    bank = spread_bank(model)
    scores = simulate_scores(np.full(N, theta), bank, seed=7)
    expected = category_probability(theta, bank)
    for score in range(expected.shape[-1]):
        sd = np.sqrt(expected[:, score] * (1 - expected[:, score]) / N)
        observed = (scores == score).mean(axis=0)
        assert (np.abs(observed - expected[:, score]) <= SIX_SD * sd).all()


def test_items_of_all_models_are_simulated_side_by_side() -> None:
    bank = mixed_bank()
    scores = simulate_scores(np.zeros(N), bank, seed=1)
    assert (scores.max(axis=0) == bank.n_categories - 1).all()
    assert (scores.min(axis=0) == 0).all()
    assert scores.dtype == np.int8


def test_answers_are_independent_given_ability_and_not_without_it() -> None:
    bank = spread_bank(Model.TWO_PL)
    same = np.corrcoef(simulate_scores(np.zeros(N), bank, seed=2).T)[np.triu_indices(6, 1)]
    spread = simulate_abilities(N, seed=3)
    mixed = np.corrcoef(simulate_scores(spread, bank, seed=2).T)[np.triu_indices(6, 1)]
    assert np.abs(same).max() < SIX_SD / np.sqrt(N)
    assert mixed.min() > SIX_SD / np.sqrt(N)


def test_abilities_have_the_mean_and_the_sd_that_were_asked() -> None:
    theta = simulate_abilities(N, seed=4, mean=-0.5, sd=1.5)
    assert theta.shape == (N,)
    assert abs(theta.mean() + 0.5) < SIX_SD * 1.5 / np.sqrt(N)
    assert abs(theta.std() / 1.5 - 1) < SIX_SD / np.sqrt(2 * N)
    assert simulate_abilities(3, seed=0, mean=2.0, sd=0.0).tolist() == [2.0, 2.0, 2.0]


def test_the_same_seed_gives_the_same_and_another_seed_another() -> None:
    bank, theta = mixed_bank(), simulate_abilities(50, seed=5)
    assert np.array_equal(theta, simulate_abilities(50, seed=5))
    assert not np.array_equal(theta, simulate_abilities(50, seed=6))
    first = simulate_scores(theta, bank, seed=8)
    assert np.array_equal(first, simulate_scores(theta, bank, seed=np.int64(8)))
    assert not np.array_equal(first, simulate_scores(theta, bank, seed=9))


def test_what_was_not_administered_has_no_score_and_changes_no_other() -> None:
    bank, theta = mixed_bank(), simulate_abilities(200, seed=5)
    given = np.random.default_rng(1).random((200, bank.n_items)) < 0.6
    everything = simulate_scores(theta, bank, seed=8)
    some = simulate_scores(theta, bank, seed=8, administered=given)
    assert np.array_equal(some, np.where(given, everything, -1))
    row = simulate_scores(theta, bank, seed=8, administered=given[0])
    assert np.array_equal(row, np.where(given[0], everything, -1))


def test_one_person_has_one_row_that_of_the_first_of_many() -> None:
    bank = mixed_bank()
    one = simulate_scores(0.5, bank, seed=8)
    assert one.shape == (bank.n_items,)
    assert np.array_equal(one, simulate_scores([0.5, 1.0], bank, seed=8)[0])


def test_blocks_of_persons_leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    bank, theta = mixed_bank(), simulate_abilities(100, seed=5)
    whole = simulate_scores(theta, bank, seed=8)
    monkeypatch.setattr("itembank.simulation._CELLS_AT_ONCE", 7 * bank.n_items * 4)
    assert np.array_equal(whole, simulate_scores(theta, bank, seed=8))


def test_memory_is_that_of_the_scores_and_a_block() -> None:
    bank = spread_bank(Model.TWO_PL, 20)
    theta = simulate_abilities(200_000, seed=5)
    tracemalloc.start()
    scores = simulate_scores(theta, bank, seed=8)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * scores.nbytes + 2**26


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n": 0}, r"`n` must be a whole number, 1 or more; got 0\."),
        ({"n": 2.5}, r"`n` must be a whole number, 1 or more; got 2\.5\."),
        ({"n": True}, r"`n` must be a whole number, 1 or more; got True\."),
        ({"seed": -1}, r"`seed` must be a whole number, 0 or more; got -1\."),
        ({"seed": None}, r"`seed` must be a whole number, 0 or more; got None\."),
        ({"sd": -0.1}, r"`sd` must be 0 or more; got -0\.1\."),
        ({"sd": np.nan}, r"`sd` must be finite; got nan\."),
        ({"mean": np.inf}, r"`mean` must be finite; got inf\."),
        ({"mean": [0.0]}, r"`mean` must be a number; got shape \(1,\)\."),
    ],
)
def test_persons_that_cannot_be_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        simulate_abilities(**({"n": 3, "seed": 1} | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"theta": [0.0, np.nan]}, r"`theta` must be finite; got nan at 1\."),
        ({"theta": [[0.0]]}, r"`theta` must be a number or of shape \(n_persons,\); got .+"),
        ({"seed": 1.0}, r"`seed` must be a whole number, 0 or more; got 1\.0\."),
        (
            {"administered": [[True]]},
            r"`administered` must be of shape \(2, 6\) or \(6,\); got shape \(1, 1\)\.",
        ),
        (
            {"administered": np.ones((2, 6))},
            r"`administered` must be of truths, shape \(n_persons, n_items\); got float64\.",
        ),
        (
            {"parameters": ItemParameters("pcm", 1.0, [list(range(128))])},
            r"`parameters` must be of at most 128 categories; got 129\.",
        ),
    ],
)
def test_scores_that_cannot_be_drawn_are_refused(changes: dict[str, Any], message: str) -> None:
    arguments = {"theta": [0.0, 1.0], "parameters": spread_bank(Model.TWO_PL), "seed": 1}
    with pytest.raises(ValueError, match=f"^{message}$"):
        simulate_scores(**(arguments | changes))
