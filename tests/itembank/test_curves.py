"""Response curves against their formulas, their limits, and their own numerical derivatives."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank import (
    ItemParameters,
    Model,
    category_probability,
    expected_score,
    information,
    probability,
)
from itembank.arguments import FloatArray
from itembank.curves import derivatives, log_probability
from tests.itembank.banks import DICHOTOMOUS, mixed_bank, spread_bank

THETA = np.linspace(-6.0, 6.0, 49)
EXTREMES = np.array([-800.0, -40.0, 40.0, 800.0])
BANKS = {model.value: spread_bank(model) for model in Model} | {"mixed": mixed_bank()}
every_bank = pytest.mark.parametrize("bank", BANKS.values(), ids=BANKS)


def logistic(x: float) -> float:
    return 1 / (1 + np.exp(-x))


def by_formula(theta: float, item: ItemParameters) -> list[float]:
    """Return one item's category probabilities as the textbook writes them."""
    slope, thresholds = item.slope[0], item.threshold[0, : item.n_categories[0] - 1]
    if item.model[0] is Model.GRM:
        above = [1.0, *(logistic(slope * (theta - each)) for each in thresholds), 0.0]
        return [one - other for one, other in pairwise(above)]
    if item.is_polytomous[0]:
        terms = np.exp([sum(slope * (theta - thresholds[:k])) for k in range(len(thresholds) + 1)])
        return list(terms / terms.sum())
    low, high = item.guessing[0], item.upper[0]
    right = low + (high - low) * logistic(slope * (theta - thresholds[0]))
    return [1 - right, right]


@every_bank
@pytest.mark.parametrize("theta", [-2.5, 0.0, 0.7])
def test_probabilities_are_those_of_the_formula(bank: ItemParameters, theta: float) -> None:
    found = category_probability(theta, bank)
    for place in range(bank.n_items):
        expected = by_formula(theta, bank.take([place]))
        assert found[place, : len(expected)] == pytest.approx(expected, rel=1e-12)
        assert not found[place, len(expected) :].any()


@every_bank
def test_the_shape_is_that_of_the_abilities_and_the_items(bank: ItemParameters) -> None:
    n_categories = int(bank.n_categories.max())
    assert category_probability(THETA, bank).shape == (49, bank.n_items, n_categories)
    assert category_probability(0.0, bank).shape == (bank.n_items, n_categories)
    assert category_probability([], bank).shape == (0, bank.n_items, n_categories)
    assert information(THETA, bank).shape == expected_score(THETA, bank).shape == (49, bank.n_items)
    assert information(0.0, bank).shape == expected_score(0.0, bank).shape == (bank.n_items,)
    assert derivatives(0.0, bank).second.shape == (bank.n_items, n_categories)


@every_bank
def test_one_ability_gets_what_it_gets_among_others(bank: ItemParameters) -> None:
    together, alone = information(THETA, bank), [information(each, bank) for each in THETA]
    assert np.array_equal(together, np.stack(alone))


@pytest.mark.parametrize("model", DICHOTOMOUS)
def test_dichotomous_items_have_one_probability_that_of_a_right_answer(model: Model) -> None:
    bank = spread_bank(model)
    right = probability(THETA, bank)
    assert right.shape == (49, 6)
    assert np.array_equal(right, category_probability(THETA, bank)[..., 1])
    assert np.array_equal(right, expected_score(THETA, bank))


def test_with_graded_items_there_is_one_probability_for_each_score() -> None:
    bank = mixed_bank()
    assert np.array_equal(probability(THETA, bank), category_probability(THETA, bank))


@every_bank
def test_the_expected_score_is_the_sum_of_scores_by_their_probability(bank: ItemParameters) -> None:
    each = category_probability(THETA, bank)
    sums = sum(k * each[..., k] for k in range(each.shape[-1]))
    assert expected_score(THETA, bank) == pytest.approx(sums, rel=1e-13)


@every_bank
def test_categories_sum_to_one_at_any_ability(bank: ItemParameters) -> None:
    total = category_probability(np.concatenate([THETA, EXTREMES]), bank).sum(axis=-1)
    assert np.abs(total - 1).max() < 1e-14


@every_bank
def test_logarithms_are_those_of_the_probabilities(bank: ItemParameters) -> None:
    each, logs = category_probability(THETA, bank), log_probability(THETA, bank)
    np.testing.assert_allclose(np.exp(logs), each, rtol=1e-13, atol=0)
    missing = np.arange(each.shape[-1]) >= bank.n_categories[:, np.newaxis]
    assert np.array_equal(np.isneginf(logs), np.broadcast_to(missing, logs.shape))


@pytest.mark.parametrize(
    ("bank", "lowest", "highest"),
    [
        (ItemParameters("2pl", 2.0, [0.5]), -1601.0, -1599.0),
        (ItemParameters("3pl", 2.0, [0.5], 0.2), np.log(0.2), np.log(0.8) - 1599.0),
        (ItemParameters("4pl", 2.0, [0.5], 0.2, 0.9), np.log(0.2), np.log(0.1)),
        (ItemParameters("grm", 2.0, [[0.5, 1.0]]), -1602.0, -1599.0),
        (ItemParameters("gpcm", 2.0, [[0.5, 1.0]]), -3203.0, -3197.0),
    ],
    ids=lambda each: each.model[0] if isinstance(each, ItemParameters) else None,
)
def test_logarithms_far_from_an_item_are_those_of_the_limit(
    bank: ItemParameters, lowest: float, highest: float
) -> None:
    """Of the best score at -800, and of the worst at 800, where the probability itself is 0."""
    at_foot, at_top = log_probability([-800.0, 800.0], bank)[:, 0]
    assert at_foot[-1] == pytest.approx(lowest, rel=1e-12)
    assert at_top[0] == pytest.approx(highest, rel=1e-12)
    assert at_foot[0] == pytest.approx(np.log(1 - bank.guessing[0]), abs=1e-15)
    assert at_top[-1] == pytest.approx(np.log(bank.upper[0]), abs=1e-15)


@every_bank
def test_small_probabilities_keep_their_digits_in_both_tails(bank: ItemParameters) -> None:
    """At 40 logits a category's probability is near 1e-17 or smaller; its logarithm is exact."""
    each, logs = category_probability([-40.0, 40.0], bank), log_probability([-40.0, 40.0], bank)
    np.testing.assert_allclose(each, np.exp(logs), rtol=1e-12, atol=0)


@every_bank
def test_nothing_is_undefined_at_the_extremes(bank: ItemParameters) -> None:
    found = derivatives(EXTREMES, bank)
    assert not np.isnan(log_probability(EXTREMES, bank)).any()
    for part in (found.probability, found.first, found.second, information(EXTREMES, bank)):
        assert np.isfinite(part).all()


@every_bank
def test_information_vanishes_far_from_every_item(bank: ItemParameters) -> None:
    assert information([-800.0, 800.0], bank) == pytest.approx(0.0, abs=1e-250)
    assert (information(EXTREMES, bank) >= 0).all()


@every_bank
def test_first_derivatives_are_the_slope_of_the_probabilities(bank: ItemParameters) -> None:
    step = 1e-5
    ahead, behind = (category_probability(THETA + each, bank) for each in (step, -step))
    numerical = (ahead - behind) / (2 * step)
    assert derivatives(THETA, bank).first == pytest.approx(numerical, abs=1e-9)


@every_bank
def test_second_derivatives_are_the_slope_of_the_first(bank: ItemParameters) -> None:
    step = 1e-5
    ahead, behind = (derivatives(THETA + each, bank).first for each in (step, -step))
    numerical = (ahead - behind) / (2 * step)
    assert derivatives(THETA, bank).second == pytest.approx(numerical, abs=1e-9)


@every_bank
def test_derivatives_of_all_categories_sum_to_nothing(bank: ItemParameters) -> None:
    found = derivatives(THETA, bank)
    assert np.abs(found.first.sum(axis=-1)).max() < 1e-15
    assert np.abs(found.second.sum(axis=-1)).max() < 1e-14
    assert np.array_equal(found.probability, category_probability(THETA, bank))


@every_bank
def test_information_is_the_expected_square_of_the_score_function(bank: ItemParameters) -> None:
    found = derivatives(THETA, bank)
    share = np.zeros_like(found.first)
    np.divide(found.first**2, found.probability, out=share, where=found.probability > 0)
    np.testing.assert_allclose(information(THETA, bank), share.sum(axis=-1), rtol=1e-9, atol=0)


@every_bank
def test_information_is_minus_the_expected_curvature_of_the_logarithm(bank: ItemParameters) -> None:
    found = derivatives(THETA, bank)
    each, score = found.probability, np.zeros_like(found.first)
    np.divide(found.first, each, out=score, where=each > 0)
    curvature = (found.second - score * found.first).sum(axis=-1)
    assert information(THETA, bank) == pytest.approx(-curvature, abs=1e-13)


@pytest.mark.parametrize(
    ("bank", "expected"),
    [
        (ItemParameters("rasch", 1.0, [0.0]), 0.25),
        (ItemParameters("2pl", 2.0, [0.0]), 1.0),
        (ItemParameters("3pl", 1.0, [0.0], 0.2), 0.25 * 0.8 * 0.5 / 0.6),
        (ItemParameters("4pl", 1.0, [0.0], 0.2, 0.8), (0.6 * 0.25) ** 2 / (0.5 * 0.5)),
        (ItemParameters("pcm", 1.0, [[0.0, 0.0]]), 2 / 3),
        (ItemParameters("grm", 1.0, [[-np.log(3), np.log(3)]]), 2 * (3 / 16) ** 2 / (1 / 4)),
    ],
    ids=lambda each: each.model[0] if isinstance(each, ItemParameters) else None,
)
def test_information_at_the_middle_has_a_closed_form(bank: ItemParameters, expected: float) -> None:
    assert information(0.0, bank)[0] == pytest.approx(expected, rel=1e-14)


def test_a_slope_of_nothing_tells_nothing() -> None:
    flat = ItemParameters("2pl", 0.0, [1.0, -1.0])
    assert probability([-3.0, 3.0], flat).tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert not information([-3.0, 3.0], flat).any()


def test_a_negative_slope_turns_the_curve_round() -> None:
    thresholds = np.array([[-1.0, 0.0, 1.0]])
    steep = ItemParameters("grm", 1.3, thresholds)
    turned = ItemParameters("grm", -1.3, -thresholds)
    assert category_probability(THETA, turned) == pytest.approx(
        category_probability(-THETA, steep), rel=1e-13
    )
    assert information(THETA, turned) == pytest.approx(information(-THETA, steep), rel=1e-13)


def test_boundaries_that_nearly_meet_leave_a_category_that_is_nearly_empty() -> None:
    bank = ItemParameters("grm", 1.0, [[0.0, 1e-12]])
    assert category_probability(0.0, bank)[0, 1] == pytest.approx(0.25e-12, rel=1e-9, abs=0)
    assert np.isfinite(derivatives(THETA, bank).second).all()
    two_categories = ItemParameters("2pl", 1.0, [0.0])
    assert information(THETA, bank) == pytest.approx(information(THETA, two_categories), rel=1e-9)


def test_a_graded_item_of_two_categories_is_a_dichotomous_one() -> None:
    single = ItemParameters("2pl", 1.4, [0.3])
    for model in ("grm", "gpcm"):
        graded = ItemParameters(model, 1.4, [[0.3]])
        assert log_probability(THETA, graded) == pytest.approx(
            log_probability(THETA, single), rel=1e-12
        )
        assert information(THETA, graded) == pytest.approx(information(THETA, single), rel=1e-12)


@pytest.mark.parametrize("padded", [1, 4])
def test_columns_of_nothing_but_padding_make_no_category(padded: int) -> None:
    bank = spread_bank(Model.GRM)
    wide = np.pad(bank.threshold, ((0, 0), (0, padded)), constant_values=np.nan)
    same = ItemParameters("grm", bank.slope, wide)
    assert np.array_equal(category_probability(THETA, same), category_probability(THETA, bank))


slopes = st.floats(0.05, 5.0)
places = st.floats(-6.0, 6.0)
abilities = st.floats(-900.0, 900.0)


@st.composite
def any_item(draw: st.DrawFn) -> ItemParameters:
    """Return any one item with a positive slope."""
    model = draw(st.sampled_from(list(Model)))
    slope = 1.0 if model.has_unit_slope else draw(slopes)
    n_thresholds = draw(st.integers(1, 6)) if model.is_polytomous else 1
    thresholds = draw(st.lists(places, min_size=n_thresholds, max_size=n_thresholds, unique=True))
    if model is Model.GRM:
        thresholds = list(np.cumsum(np.abs(thresholds) + 1e-3))
    guessing = draw(st.floats(0.0, 0.5)) if model.has_guessing else 0.0
    upper = draw(st.floats(0.6, 1.0)) if model.has_upper else 1.0
    return ItemParameters(model, slope, [thresholds], guessing, upper)


@given(any_item(), abilities)
def test_any_item_at_any_ability_has_probabilities_and_information(
    item: ItemParameters, theta: float
) -> None:
    each = category_probability(theta, item)
    assert (each >= 0).all()
    assert (each <= 1 + 1e-15).all()
    assert abs(each.sum() - 1) < 1e-14
    assert 0 <= information(theta, item)[0] <= 9 * item.slope[0] ** 2
    assert (log_probability(theta, item) <= 1e-15).all()


@given(any_item(), abilities, st.floats(1e-6, 100.0))
def test_a_higher_ability_never_expects_a_lower_score(
    item: ItemParameters, theta: float, more: float
) -> None:
    """Nor does it make any score or better less likely."""
    lower, higher = (_at_least(each, item) for each in (theta, theta + more))
    assert (higher >= lower - 1e-14).all()
    scores = expected_score([theta, theta + more], item)[:, 0]
    assert scores[1] >= scores[0] - 1e-14


def _at_least(theta: float, item: ItemParameters) -> FloatArray:
    return np.cumsum(category_probability(theta, item)[0, ::-1])


@given(any_item(), st.floats(-8.0, 8.0), st.floats(-5.0, 5.0))
def test_a_shift_of_ability_and_item_together_changes_nothing(
    item: ItemParameters, theta: float, shift: float
) -> None:
    moved = ItemParameters(
        item.model, item.slope, item.threshold + shift, item.guessing, item.upper
    )
    assert log_probability(theta + shift, moved) == pytest.approx(
        log_probability(theta, item), rel=1e-9, abs=1e-11
    )


FUNCTIONS = [
    probability,
    category_probability,
    log_probability,
    expected_score,
    information,
    derivatives,
]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("theta", "message"),
    [
        (np.nan, r"`theta` must be finite; got nan\."),
        ([0.0, np.inf], r"`theta` must be finite; got inf at 1\."),
        ([[0.0]], r"`theta` must be a number or of shape \(n_theta,\); got shape \(1, 1\)\."),
        ("high", r"`theta` must be numbers; got 'high'\."),
        (None, r"`theta` must be finite; got nan\."),
    ],
)
def test_an_ability_that_is_none_is_refused(function: Any, theta: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        function(theta, mixed_bank())
