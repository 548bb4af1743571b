"""Wald's test: the ratio of two likelihoods, its bounds, and the errors that it keeps."""

from __future__ import annotations

import math

import numpy as np
import pytest

from itembank import Cut, ItemParameters, Verdict, probability, simulate_scores, sprt
from itembank.mastery.sequential import sprt_bounds

BANK = ItemParameters("2pl", [1.0, 1.4, 0.8], [-0.5, 0.2, 0.4])


def test_the_ratio_is_of_the_likelihoods_on_both_sides_of_the_cut() -> None:
    found = sprt([1, 0, np.nan], BANK, Cut(0.3, 0.2), 0.5)
    low, high = probability(np.array([-0.2, 0.8]), BANK)
    expected = math.log(high[0] / low[0]) + math.log((1 - high[1]) / (1 - low[1]))
    assert found.log_ratio == pytest.approx(expected, abs=1e-12)
    assert found.upper == -found.lower == pytest.approx(math.log(19))
    assert found.verdict is Verdict.UNCLEAR


@pytest.mark.parametrize(("right", "verdict"), [(1, Verdict.ABOVE), (0, Verdict.BELOW)])
def test_enough_answers_decide(right: int, verdict: Verdict) -> None:
    bank = ItemParameters("2pl", np.full(12, 1.5), np.zeros(12))
    assert sprt([right] * 12, bank, 0.0, 0.5).verdict is verdict


@pytest.mark.parametrize(("right", "verdict"), [(1, Verdict.ABOVE), (0, Verdict.BELOW)])
def test_it_decides_at_its_bound_and_not_before(right: int, verdict: Verdict) -> None:
    def verdict_at(*, alpha: float, beta: float) -> Verdict:
        return sprt([right] * 3, BANK, 0.3, 0.5, alpha=alpha, beta=beta).verdict

    ratio = abs(sprt([right] * 3, BANK, 0.3, 0.5).log_ratio)
    rate = 0.9 * math.exp(-ratio)  # with 0.1 for the other, the bound is the ratio itself
    other, own = ("beta", "alpha") if right else ("alpha", "beta")
    assert verdict_at(**{own: rate * 1.0001, other: 0.1}) is verdict
    assert verdict_at(**{own: rate * 0.9999, other: 0.1}) is Verdict.UNCLEAR


def test_each_error_has_its_bound() -> None:
    assert sprt_bounds(0.01, 0.2) == pytest.approx((math.log(0.2 / 0.99), math.log(0.8 / 0.01)))


def test_a_test_that_may_go_on_keeps_its_error_rates() -> None:
    bank = ItemParameters("2pl", np.full(400, 1.2), np.linspace(-1, 1, 400))
    theta = np.repeat([-0.4, 0.4], 300)
    scores = simulate_scores(theta, bank, seed=9)
    low, high = np.log(probability(np.array([-0.4, 0.4]), bank))
    lost, won = np.log(1 - probability(np.array([-0.4, 0.4]), bank))
    path = np.cumsum(np.where(scores == 1, high - low, won - lost), axis=1)
    decided = np.abs(path) >= math.log(19)
    assert decided.any(axis=1).all()
    first = path[np.arange(600), decided.argmax(axis=1)] > 0
    rates = first[:300].mean(), 1 - first[300:].mean()
    assert max(rates) < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 300)
    own = sprt(
        scores[0, : decided[0].argmax() + 1], bank.take(range(decided[0].argmax() + 1)), 0, 0.4
    )
    assert own.verdict is (Verdict.ABOVE if first[0] else Verdict.BELOW)


@pytest.mark.parametrize(
    ("scores", "delta", "alpha", "beta", "argument"),
    [
        ([1, 0, 1], 0.0, 0.05, 0.05, "delta"),
        ([1, 0, 1], np.inf, 0.05, 0.05, "delta"),
        ([1, 0, 1], 0.5, 0.0, 0.05, "alpha"),
        ([1, 0, 1], 0.5, 0.05, 1.0, "beta"),
        ([1, 0, 1], 0.5, 0.6, 0.5, "alpha"),
        ([[1, 0, 1]], 0.5, 0.05, 0.05, "scores"),
        ([1, 0, 2], 0.5, 0.05, 0.05, "scores"),
    ],
)
def test_what_makes_no_sense_is_refused(
    scores: list[int], delta: float, alpha: float, beta: float, argument: str
) -> None:
    with pytest.raises(ValueError, match=f"`{argument}` must be"):
        sprt(scores, BANK, 0.0, delta, alpha=alpha, beta=beta)
