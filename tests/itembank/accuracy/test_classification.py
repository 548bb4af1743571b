"""Accuracy and consistency of cuts: against every pattern of answers, and against simulation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

from itembank import (
    ItemParameters,
    Model,
    classification_accuracy,
    expected_score,
    information,
    probability,
    rule_accuracy,
    simulate_abilities,
    simulate_scores,
)
from itembank.accuracy import ClassificationAccuracy, reaching, truly_reaching
from itembank.accuracy.summed import summed_scores
from itembank.curves import category_probability
from tests.itembank.banks import mixed_bank, spread_bank

RASCH = spread_bank(Model.RASCH, 8)
GRADED = spread_bank(Model.GRM, 4)
MIXED = mixed_bank()


def test_sums_of_graded_items_are_those_of_all_patterns() -> None:
    theta = np.array([-1.2, 0.0, 2.0])
    each = category_probability(theta, GRADED)
    expected = np.zeros((13, 3))
    for pattern in product(range(4), repeat=4):
        expected[sum(pattern)] += each[:, range(4), pattern].prod(axis=1)
    np.testing.assert_allclose(summed_scores(theta, GRADED), expected, atol=1e-14)


def test_sums_of_a_mixed_test_have_its_mean_and_its_variance() -> None:
    theta = np.linspace(-3, 3, 300)
    sums = summed_scores(theta, MIXED)
    points = np.arange(len(sums))
    np.testing.assert_allclose(sums.sum(axis=0), 1, atol=1e-12)
    expected = expected_score(theta, MIXED)
    np.testing.assert_allclose(points @ sums, expected.sum(axis=1))
    scores = np.arange(category_probability(theta, MIXED).shape[2])
    squares = category_probability(theta, MIXED) @ scores**2 - expected**2
    np.testing.assert_allclose(points**2 @ sums - (points @ sums) ** 2, squares.sum(axis=1))


ANY_ITEM = st.tuples(st.floats(-3, 3), st.floats(-6, 6), st.floats(0, 0.6))


@settings(max_examples=25)
@given(st.lists(ANY_ITEM, min_size=1, max_size=12), st.floats(-8, 8), st.data())
def test_any_items_in_any_order_give_a_distribution(
    items: list[tuple[float, float, float]], theta: float, data: st.DataObject
) -> None:
    slope, difficulty, guessing = np.transpose(items)
    bank = ItemParameters("3pl", slope, difficulty, guessing)
    order = data.draw(st.permutations(range(bank.n_items)))
    sums = summed_scores(np.array([theta]), bank)
    assert sums.min() >= 0
    assert sums.sum() == pytest.approx(1)
    np.testing.assert_allclose(summed_scores(np.array([theta]), bank.take(order)), sums, atol=1e-13)


def test_one_item_has_a_closed_form() -> None:
    item = ItemParameters("2pl", [1.3], [0.2])
    theta = np.array([-1.0, 0.5, 1.5])
    right = probability(theta, item)[:, 0]
    found = classification_accuracy(item, 1, theta=theta)
    assert found.accuracy == pytest.approx(np.mean(1 - right))  # nobody truly has a whole point
    assert found.consistency == pytest.approx(np.mean(right**2 + (1 - right) ** 2))
    assert found.false_positive == pytest.approx(right.mean())
    assert found.false_negative == 0
    chance = right.mean() ** 2 + (1 - right.mean()) ** 2
    assert found.kappa == pytest.approx((found.consistency - chance) / (1 - chance))


@pytest.mark.parametrize(("method", "cuts"), [("lee", [9, 14]), ("rudner", [-0.4, 0.7])])
def test_simulated_persons_are_classified_as_is_said(method: str, cuts: list[float]) -> None:
    """10,000 persons: a share's standard error is at most 0.005."""
    theta = simulate_abilities(10_000, seed=4)
    found = classification_accuracy(MIXED, cuts, method=method, theta=theta)
    if method == "lee":
        truth = np.searchsorted(cuts, expected_score(theta, MIXED).sum(axis=1), side="right")
        twice = [simulate_scores(theta, MIXED, seed=seed).sum(axis=1) for seed in (5, 6)]
    else:
        truth = np.searchsorted(cuts, theta, side="right")
        rng = np.random.default_rng(7)
        error = 1 / np.sqrt(information(theta, MIXED).sum(axis=1))
        twice = [theta + error * rng.standard_normal(theta.size) for _ in range(2)]
    first, second = (np.searchsorted(cuts, each, side="right") for each in twice)
    assert found.accuracy == pytest.approx(np.mean(first == truth), abs=0.012)
    assert found.consistency == pytest.approx(np.mean(first == second), abs=0.012)
    assert found.false_positive == pytest.approx(np.mean(first > truth), abs=0.01)
    assert found.false_negative == pytest.approx(np.mean(first < truth), abs=0.01)
    assert found.table[1, 2] == pytest.approx(np.mean((truth == 1) & (first == 2)), abs=0.01)
    assert found.by_category[2] == pytest.approx(np.mean(first[truth == 2] == 2), abs=0.02)
    assert found.by_cut[1].accuracy == pytest.approx(
        np.mean((first == 2) == (truth == 2)), abs=0.01
    )


def parts_agree(found: ClassificationAccuracy) -> None:
    assert found.accuracy + found.false_positive + found.false_negative == pytest.approx(1)
    assert found.table.sum() == pytest.approx(1)
    np.testing.assert_allclose(found.repeated, found.repeated.T, atol=1e-15)
    np.testing.assert_allclose(found.table.sum(axis=0), found.repeated.sum(axis=0), atol=1e-15)
    for each in found.by_cut:
        assert each.accuracy >= found.accuracy - 1e-12
        assert each.accuracy + each.false_positive + each.false_negative == pytest.approx(1)


@pytest.mark.parametrize("bank", [RASCH, GRADED, MIXED], ids=["rasch", "graded", "mixed"])
def test_the_parts_agree(bank: ItemParameters) -> None:
    for found in (
        classification_accuracy(bank, [2, 4, 7]),
        classification_accuracy(bank, [-1, 0, 1], method="rudner"),
    ):
        parts_agree(found)
        assert found.n_categories == 4


def test_one_cut_by_itself_is_that_cut_among_others() -> None:
    alone, among = classification_accuracy(RASCH, 5), classification_accuracy(RASCH, [3, 5])
    assert astuple(alone.by_cut[0]) == pytest.approx(astuple(among.by_cut[1]))
    assert alone.accuracy == pytest.approx(alone.by_cut[0].accuracy)
    assert alone.kappa == pytest.approx(alone.by_cut[0].kappa)


def test_a_cut_between_two_sums_is_reached_at_the_next_one() -> None:
    between = classification_accuracy(RASCH, 4.2)
    whole = classification_accuracy(RASCH, 5)
    np.testing.assert_allclose(between.table.sum(axis=0), whole.table.sum(axis=0))
    assert between.table.sum(axis=1)[1] > whole.table.sum(axis=1)[1]
    assert classification_accuracy(RASCH, 5 + 1e-12).accuracy == pytest.approx(whole.accuracy)


def test_who_stands_at_the_cut_has_reached_it() -> None:
    two = ItemParameters("rasch", 1, [0.5, 0.5])
    by_sum = classification_accuracy(two, 1, theta=[0.5])
    assert by_sum.accuracy == pytest.approx(0.75)  # both wrong is the only way below
    by_estimate = classification_accuracy(two, 0.5, theta=[0.5], method="rudner")
    assert by_estimate.table[1].sum() == pytest.approx(1)


def test_the_order_of_items_and_more_of_them() -> None:
    turned = MIXED.take(range(MIXED.n_items - 1, -1, -1))
    one, other = classification_accuracy(MIXED, [6, 12]), classification_accuracy(turned, [6, 12])
    np.testing.assert_allclose(one.table, other.table, atol=1e-14)
    longer = spread_bank(Model.RASCH, 32)
    short, long = classification_accuracy(RASCH, 4.001), classification_accuracy(longer, 16.001)
    assert long.accuracy > short.accuracy + 0.05


def test_weights_need_not_sum_to_1_and_nodes_stand_for_persons() -> None:
    nodes, weights = [-1.0, 0.0, 1.0], [1, 2, 1]
    spread = classification_accuracy(RASCH, 4, nodes=nodes, weights=weights)
    persons = classification_accuracy(RASCH, 4, theta=[-1, 0, 0, 1])
    assert spread.accuracy == pytest.approx(persons.accuracy)
    np.testing.assert_allclose(spread.repeated, persons.repeated)
    assert spread.conditional_accuracy @ [0.25, 0.5, 0.25] == pytest.approx(spread.accuracy)
    assert persons.conditional_consistency.mean() == pytest.approx(persons.consistency)


def test_no_information_decides_by_the_toss_of_a_coin() -> None:
    flat = ItemParameters("2pl", [0.0, 0.0], [0.0, 0.0])
    found = classification_accuracy(flat, 0, method="rudner")
    assert found.consistency == pytest.approx(0.5)
    assert found.kappa == pytest.approx(0, abs=1e-12)


def test_where_all_are_put_into_one_category_kappa_is_not_known() -> None:
    found = classification_accuracy(RASCH, 40, method="rudner")
    assert found.accuracy == pytest.approx(1)
    assert np.isnan(found.kappa)
    assert np.isnan(found.by_category[1])


MISTAKES: dict[str, tuple[str, Callable[[], Any]]] = {
    "an unknown method": ("method", lambda: classification_accuracy(RASCH, 5, method="other")),
    "no cut": ("cuts", lambda: classification_accuracy(RASCH, [])),
    "a cut that is no number": ("cuts", lambda: classification_accuracy(RASCH, np.nan)),
    "falling cuts": ("cuts", lambda: classification_accuracy(RASCH, [5, 3])),
    "one cut twice": ("cuts", lambda: classification_accuracy(RASCH, [5, 5])),
    "a cut of 0": ("cuts", lambda: classification_accuracy(RASCH, 0)),
    "a cut out of reach": ("cuts", lambda: classification_accuracy(RASCH, 9)),
    "cuts within a point": ("cuts", lambda: classification_accuracy(RASCH, [4.2, 4.6])),
    "a table of cuts": ("cuts", lambda: classification_accuracy(RASCH, [[1, 2]])),
    "nodes without weights": ("nodes", lambda: classification_accuracy(RASCH, 5, nodes=[0, 1])),
    "weights without nodes": ("nodes", lambda: classification_accuracy(RASCH, 5, weights=[1])),
    "falling nodes": (
        "nodes",
        lambda: classification_accuracy(RASCH, 5, nodes=[1, 0], weights=[1, 1]),
    ),
    "a negative weight": (
        "weights",
        lambda: classification_accuracy(RASCH, 5, nodes=[0, 1], weights=[1, -1]),
    ),
    "nodes and a sample": (
        "theta",
        lambda: classification_accuracy(RASCH, 5, nodes=[0, 1], weights=[1, 1], theta=[0]),
    ),
    "no spread": ("sd", lambda: classification_accuracy(RASCH, 5, sd=0)),
    "an endless mean": ("mean", lambda: classification_accuracy(RASCH, 5, mean=np.inf)),
    "nobody": ("theta", lambda: classification_accuracy(RASCH, 5, theta=[])),
    "an endless ability": ("theta", lambda: classification_accuracy(RASCH, 5, theta=[np.inf])),
}


@pytest.mark.parametrize(("argument", "run"), MISTAKES.values(), ids=MISTAKES)
def test_what_is_wrong_is_named(argument: str, run: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=rf"^`{argument}` must be .+; got .+\.$"):
        run()


def by_quadrature(
    bank: ItemParameters, method: str, cut: float, mean: float = 0.0, sd: float = 1.0
) -> tuple[float, float]:
    """Return false positives and negatives of dichotomous items, integrated on each side."""

    def pass_chance(theta: float) -> float:
        right = probability(np.array([theta]), bank)[0]
        if method == "rudner":
            told = float(information(np.array([theta]), bank).sum())
            return float(norm.cdf((theta - cut) * np.sqrt(told)))
        sums = np.ones(1)
        for each in right:
            sums = np.convolve(sums, [1 - each, each])
        return float(sums[int(np.ceil(cut)) :].sum())

    def expected(theta: float) -> float:
        return float(probability(np.array([theta]), bank).sum()) - cut

    at = cut if method == "rudner" else brentq(expected, -6, 6, xtol=1e-13)
    density = norm(mean, sd).pdf
    low, high = mean - 6 * sd, mean + 6 * sd
    above = quad(lambda theta: pass_chance(theta) * density(theta), low, at, epsabs=1e-9)[0]
    below = quad(lambda theta: (1 - pass_chance(theta)) * density(theta), at, high, epsabs=1e-9)[0]
    return above, below


EVEN = ItemParameters("rasch", 1, np.linspace(-2, 2, 21))
GUESSED = ItemParameters("3pl", 1.2, np.linspace(-1.5, 1.5, 12), 0.2)


@pytest.mark.parametrize(
    ("bank", "method", "cut"),
    [
        (EVEN, "rudner", 0.0),
        (EVEN, "rudner", 0.5),
        (EVEN, "rudner", -0.233),
        (EVEN, "lee", 10.5),
        (EVEN, "lee", 14),
        (GUESSED, "lee", 7.2),
        (GUESSED, "rudner", 0.025),
    ],
)
def test_the_cut_bounds_what_is_integrated(bank: ItemParameters, method: str, cut: float) -> None:
    found = classification_accuracy(bank, cut, method=method)
    above, below = by_quadrature(bank, method, cut)
    assert found.false_positive == pytest.approx(above, abs=1e-7)
    assert found.false_negative == pytest.approx(below, abs=1e-7)
    assert found.accuracy == pytest.approx(1 - above - below, abs=1e-7)


def test_who_is_truly_above_is_so_by_the_whole_distribution() -> None:
    moved = classification_accuracy(EVEN, 14, mean=0.4, sd=1.3)
    above, below = by_quadrature(EVEN, "lee", 14, 0.4, 1.3)
    assert moved.false_positive == pytest.approx(above, abs=1e-7)
    assert moved.false_negative == pytest.approx(below, abs=1e-7)
    by_estimate = classification_accuracy(EVEN, [-0.5, 0.7], method="rudner", mean=0.4, sd=1.3)
    shares = np.diff(norm(0.4, 1.3).cdf([-np.inf, -0.5, 0.7, np.inf]))
    np.testing.assert_allclose(by_estimate.table.sum(axis=1), shares, atol=1e-8)


@pytest.mark.parametrize("method", ["lee", "rudner"])
def test_errors_either_way_are_alike_where_test_and_cut_are_symmetric(method: str) -> None:
    found = classification_accuracy(EVEN, 10.5 if method == "lee" else 0, method=method)
    assert found.false_positive == pytest.approx(found.false_negative, abs=1e-10)
    assert found.by_category[0] == pytest.approx(found.by_category[1], abs=1e-9)


def test_a_long_test_needs_no_finer_nodes() -> None:
    long = ItemParameters("rasch", 1, np.tile(np.linspace(-2, 2, 21), 20))
    found = classification_accuracy(long, 0, method="rudner")
    assert found.false_positive == pytest.approx(by_quadrature(long, "rudner", 0)[0], abs=1e-7)


def test_a_sum_that_falls_with_ability_and_a_cut_out_of_sight_are_integrated_too() -> None:
    odd = ItemParameters("2pl", [-2.0, 1.5], [0.0, 1.0])  # expected sum falls, then rises
    theta = simulate_abilities(400_000, seed=9)
    found = classification_accuracy(odd, 1)
    is_true = expected_score(theta, odd).sum(axis=1) >= 1
    assert found.table[1].sum() == pytest.approx(is_true.mean(), abs=0.004)
    assert classification_accuracy(EVEN, 9, method="rudner").table[1].sum() == 0
    assert classification_accuracy(EVEN, 0.001).table[1].sum() == pytest.approx(1)


def test_the_methods_agree_with_a_rule_that_is_simulated() -> None:
    """200,000 persons, each tested twice: the error of a share is at most 0.001."""
    bank = ItemParameters("3pl", 1.2, np.linspace(-1.8, 1.8, 20), 0.2)
    exact = classification_accuracy(bank, 12, mean=0.2, sd=1.1)
    drawn = rule_accuracy(
        {"test": bank},
        reaching({"test": 12}),
        truly_reaching({"test": bank}, {"test": 12}),
        mean=0.2,
        sd=1.1,
        n_persons=200_000,
        seed=3,
    )
    for name in ("accuracy", "consistency", "kappa", "false_positive", "false_negative"):
        share = getattr(drawn, name)
        assert abs(getattr(exact, name) - share.value) < 3 * share.se, name
