"""MAP, ML and WLE: the greatest of several maxima, infinite ones, and items that tell nothing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import (
    ItemParameters,
    Method,
    Prior,
    estimate_ability,
    information,
    simulate_abilities,
    simulate_scores,
)
from itembank.ability import search
from itembank.ability.scores import ROWS, score_matrix
from itembank.ability.slopes import slopes
from itembank.curves import derivatives, log_probability
from tests.itembank.banks import mixed_bank

Floats = NDArray[np.float64]

TWO_PEAKS = ItemParameters(
    "3pl", [2.5, 2.5, 2.5, 2.5, 2.0, 2.0], [-1.2, -1.2, -1.2, -1.2, 2.5, 2.5], 0.3
)
PEAKED = [1, 1, 1, 0, 1, 1]
"""Wrong once below and right twice above: by luck, or by a slip."""


def heights(theta: Floats, bank: ItemParameters, scores: list[int]) -> Floats:
    each = log_probability(theta, bank)[:, np.arange(bank.n_items), scores]
    return np.asarray(each.sum(axis=1))


def height(theta: float, bank: ItemParameters, scores: list[int]) -> float:
    return float(heights(np.array([theta]), bank, scores)[0])


def greatest(bank: ItemParameters, scores: list[int], prior: Prior | None = None) -> float:
    """Return the highest point of a table, looked at closer and closer: it cannot miss a peak."""
    low, high = -8.0, 8.0
    while high - low > 1e-6:
        table = np.linspace(low, high, 1601)
        found = heights(table, bank, scores)
        if prior is not None:
            found -= (table - prior.mean) ** 2 / (2 * prior.sd**2)
        best, step = float(table[int(found.argmax())]), (high - low) / 1600
        low, high = best - 2 * step, best + 2 * step
    return best


@pytest.mark.parametrize("prior", [None, Prior(-2.0, 2.0), Prior(3.0, 2.0)])
def test_of_several_maxima_the_greatest_is_found(prior: Prior | None) -> None:
    expected = greatest(TWO_PEAKS, PEAKED, prior)
    method, own = (Method.ML, Prior()) if prior is None else (Method.MAP, prior)
    found = estimate_ability(PEAKED, TWO_PEAKS, method, prior=own)
    assert float(found.theta) == pytest.approx(expected, abs=1e-4)


def test_the_prior_decides_between_two_maxima() -> None:
    low, high = (
        float(estimate_ability(PEAKED, TWO_PEAKS, "map", prior=Prior(mean, 0.8)).theta)
        for mean in (-2.0, 2.5)
    )
    assert low < 0 < 1 < high


@pytest.mark.parametrize(
    ("bank", "scores", "expected"),
    [
        (ItemParameters("2pl", [1.0, 2.0], [0.0, 1.0]), [1, 1], np.inf),
        (ItemParameters("2pl", [1.0, 2.0], [0.0, 1.0]), [0, 0], -np.inf),
        (ItemParameters("2pl", [1.0, -2.0], [0.0, 1.0]), [1, 0], np.inf),
        (ItemParameters("2pl", [0.001, 0.002], [0.0, 1.0]), [1, 1], np.inf),
        (ItemParameters("3pl", [1.0, 2.0], [0.0, 1.0], 0.25), [0, 1], -np.inf),
        (ItemParameters("4pl", [1.0, 1.0], [0.0, 0.0], 0.2, 0.7), [1, 1], np.inf),
        (ItemParameters("2pl", [1.0, 0.0], [0.0, 0.0]), [1, 0], np.inf),
    ],
)
def test_a_likelihood_that_grows_to_an_end_has_an_infinite_estimate(
    bank: ItemParameters, scores: list[int], expected: float
) -> None:
    found = estimate_ability(scores, bank, "ml")
    assert float(found.theta) == expected
    assert float(found.se) == np.inf
    assert np.isfinite(float(estimate_ability(scores, bank, "wle").theta))


def test_flat_items_still_have_a_finite_maximum_far_away() -> None:
    bank = ItemParameters("2pl", np.full(8, 0.01), np.zeros(8))
    found = estimate_ability([1] * 7 + [0], bank, "ml")
    assert float(found.theta) == pytest.approx(np.log(7) / 0.01, rel=1e-6)


def test_the_standard_errors_are_as_defined() -> None:
    bank, scores = mixed_bank(), simulate_scores(np.array([0.3]), mixed_bank(), seed=1)[0]
    for method in ("ml", "wle"):
        found = estimate_ability(scores, bank, method)
        known = information(float(found.theta), bank).sum()
        assert float(found.se) == pytest.approx(known**-0.5, rel=1e-9)
    found = estimate_ability(scores, bank, "map", prior=Prior(0.0, 2.0))
    step, at = 1e-3, float(found.theta)
    low, here, high = (height(at + by, bank, scores.tolist()) for by in (-step, 0.0, step))
    curvature = (2 * here - high - low) / step**2 + 0.25
    assert float(found.se) == pytest.approx(curvature**-0.5, rel=1e-5)


def test_an_answer_that_may_be_a_guess_can_leave_less_certain_than_the_prior() -> None:
    bank = ItemParameters("3pl", 2.0, [1.5], 0.2)
    found = estimate_ability([1], bank, "map")
    curve = derivatives(found.theta, bank)
    p, first, second = (each[0, 1] for each in (curve.probability, curve.first, curve.second))
    assert float(found.se) == pytest.approx((1 + (first / p) ** 2 - second / p) ** -0.5, rel=1e-9)
    assert float(found.se) > 1.3


@pytest.mark.parametrize("method", ["ml", "wle"])
@pytest.mark.parametrize("scores", [[[1, 1, 0], [np.nan] * 3], [[1, 1, 0], [np.nan, np.nan, 1.0]]])
def test_a_person_without_informative_answers_is_named(
    method: str, scores: list[list[float]]
) -> None:
    bank = ItemParameters("2pl", [1.0, 1.0, 0.0], [0.0, 0.5, 0.0])
    message = "`scores` must be an answer or more to items whose slope is not 0, for ml and wle"
    with pytest.raises(ValueError, match=f"{message}; got none at person 1."):
        estimate_ability(scores, bank, method)


def test_map_without_answers_is_the_prior() -> None:
    bank = ItemParameters("2pl", [1.0, 1.0], [0.0, 0.5])
    for method in ("map", "eap"):
        found = estimate_ability([np.nan, np.nan], bank, method, prior=Prior(1.5, 0.5))
        assert float(found.theta) == pytest.approx(1.5, abs=1e-8)
        assert float(found.se) == pytest.approx(0.5, abs=1e-7)


@pytest.mark.parametrize("method", ["map", "ml", "wle"])
def test_persons_in_blocks_equal_persons_alone(method: str) -> None:
    bank = mixed_bank()
    scores = simulate_scores(simulate_abilities(ROWS + 20, seed=3), bank, seed=4)
    scores[::5, 1:4] = -1
    together = estimate_ability(scores, bank, method)
    for person in (0, 5, ROWS - 1, ROWS, ROWS + 19):
        alone = estimate_ability(scores[person], bank, method)
        assert together.theta[person] == pytest.approx(float(alone.theta), abs=1e-8)
        assert together.se[person] == pytest.approx(float(alone.se), abs=1e-8)


def random_bank(kind: str, rng: np.random.Generator) -> ItemParameters:
    size, steps = int(rng.integers(1, 30)), 3 if kind in {"grm", "gpcm"} else 1
    threshold = np.sort(rng.normal(0, 2, (size, steps)), axis=1) + 1e-3 * np.arange(steps)
    guessing = rng.uniform(0, 0.4, size) if kind in {"3pl", "4pl"} else 0.0
    upper = rng.uniform(0.7, 1, size) if kind == "4pl" else 1.0
    return ItemParameters(kind, rng.lognormal(0, 0.8, size), threshold, guessing, upper)


@pytest.mark.parametrize("method", ["map", "ml", "wle"])
@pytest.mark.parametrize("kind", ["2pl", "3pl", "4pl", "grm", "gpcm"])
def test_the_estimating_function_is_zero_at_the_estimate(kind: str, method: str) -> None:
    rng = np.random.default_rng(8)
    for _ in range(6):
        bank = random_bank(kind, rng)
        scores = simulate_scores(rng.normal(0, 2, 100), bank, seed=1).astype(np.float64)
        scores[rng.random(scores.shape) < 0.2] = np.nan
        scores[np.isnan(scores).all(axis=1)] = 0.0
        theta = estimate_ability(scores, bank, method).theta
        ((_, block),) = score_matrix(scores, bank).blocks()
        found = slopes(block, np.where(np.isfinite(theta), theta, 0.0), bank)
        rest = {"map": -theta, "ml": 0.0, "wle": found.bias / (2 * found.expected)}[method]
        scaled = (found.value + rest) / np.sqrt(found.expected + (method == "map"))
        assert np.abs(scaled[np.isfinite(theta)]).max() < 1e-7


def test_a_coarse_first_look_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    bank = ItemParameters("2pl", [3.0, 2.5, 0.3, 2.0, 2.8], [-1.0, 0.7, 0.0, 1.2, 2.0])
    scores = [[1, 0, 1, 0, 1], [0, 0, 1, 1, 0], [1, 1, 0, 0, 0]]
    fine = [estimate_ability(scores, bank, method).theta for method in ("map", "ml", "wle")]
    monkeypatch.setattr(search, "_HALF_NODES", 2)
    coarse = [estimate_ability(scores, bank, method).theta for method in ("map", "ml", "wle")]
    np.testing.assert_allclose(coarse, fine, atol=1e-8)


def test_a_highest_node_beside_warms_root_is_left_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bank = ItemParameters(
        "3pl",
        [1.2, 4.0, 1.0, 0.7, 0.7, 6.2],
        [-2.7, 1.7, 0.2, 3.8, 2.6, -0.2],
        [0.4, 0.29, 0.14, 0.37, 0.28, 0.13],
    )
    scores = [1, 0, 0, 0, 0, 0]
    monkeypatch.setattr(search, "_HALF_NODES", 8)
    theta = np.atleast_1d(estimate_ability(scores, bank, "wle").theta)
    ((_, block),) = score_matrix(scores, bank).blocks()
    found = slopes(block, theta, bank)
    assert found.value + found.bias / (2 * found.expected) == pytest.approx([0.0], abs=1e-8)


def test_warms_estimates_are_less_biased_than_the_greatest_likelihood() -> None:
    bank = ItemParameters("rasch", 1.0, np.linspace(-1.5, 1.5, 20))
    scores = simulate_scores(np.full(6_000, 1.2), bank, seed=6)
    by = {method: estimate_ability(scores, bank, method).theta for method in ("ml", "wle")}
    finite = np.isfinite(by["ml"])
    assert abs(by["wle"].mean() - 1.2) < 0.02
    assert by["ml"][finite].mean() - 1.2 > 0.03


def test_methods_and_priors_are_checked() -> None:
    bank = ItemParameters("2pl", [1.0], [0.0])
    with pytest.raises(ValueError, match="`method` must be one of eap, map, ml, wle; got 'mle'"):
        estimate_ability([1], bank, "mle")
    for mean, sd, name in ((np.nan, 1.0, "mean"), (0.0, 0.0, "sd"), (0.0, np.inf, "sd")):
        with pytest.raises(ValueError, match=f"`{name}` must be"):
            Prior(mean, sd)
    assert estimate_ability([1], bank, "WLE").method is Method.WLE
