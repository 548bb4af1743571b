"""Linking finds the change of scale that was made, whatever the model, with honest errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from itembank import (
    Calibration,
    ItemParameters,
    Model,
    calibrate,
    expected_score,
    link,
    probability,
    simulate_abilities,
    simulate_scores,
)
from itembank.linking import (
    AbilityWeights,
    Linking,
    LinkingMethod,
    drift,
    gauss_hermite,
    normal_weights,
    uniform,
)
from itembank.linking.criteria import Common, Criterion, of_items, of_tests
from itembank.linking.transforming import Change, changed
from tests.itembank.banks import mixed_bank, spread_bank

Floats = NDArray[np.float64]
every_method = pytest.mark.parametrize("method", LinkingMethod)
both_ways = pytest.mark.parametrize("symmetric", [False, True])
free = pytest.mark.parametrize(
    "bank",
    [
        spread_bank(model, 6, n_categories=3 if model.is_polytomous else 2)
        for model in Model
        if not model.has_unit_slope
    ]
    + [mixed_bank()],
    ids=lambda bank: bank.model[0],
)


@free
@every_method
@both_ways
def test_a_change_of_scale_is_found_again(
    bank: ItemParameters, method: LinkingMethod, symmetric: bool
) -> None:
    change = Change(1.3, -0.4)
    found = link(
        changed(bank, change.inverse), changed(bank, Change(1.0, 0.0)), method, symmetric=symmetric
    )
    assert (found.slope, found.intercept) == pytest.approx((1.3, -0.4), abs=1e-6)
    assert np.isnan(found.se).all()


@pytest.mark.parametrize("model", [Model.RASCH, Model.PCM])
@every_method
@both_ways
def test_scales_of_one_unit_differ_by_their_origin(
    model: Model, method: LinkingMethod, symmetric: bool
) -> None:
    bank = spread_bank(model, 5, n_categories=3 if model.is_polytomous else 2)
    rng = np.random.default_rng(3)
    moved = ItemParameters(model, 1.0, bank.threshold + 0.7 + rng.normal(0, 0.1, (5, 1)))
    found = link(bank, moved, method, symmetric=symmetric)
    assert found.slope == 1
    assert found.intercept == pytest.approx(0.7, abs=0.15)
    assert found.apply(bank).model == bank.model


def test_curves_are_the_same_after_linking() -> None:
    bank = mixed_bank()
    source = changed(bank, Change(0.8, 0.5).inverse)
    found = link(source, changed(bank, Change(1.0, 0.0)))
    theta = np.array([-1.0, 0.2, 1.4])
    there = probability(found.theta(theta), found.apply(source))
    np.testing.assert_allclose(there, probability(theta, source), atol=1e-12)


def test_a_way_and_its_inverse_are_one_where_both_scales_count() -> None:
    source, target = spread_bank(Model.TWO_PL, 5), spread_bank(Model.TWO_PL, 5)
    rng = np.random.default_rng(5)
    target = ItemParameters(
        "2pl", target.slope * 0.9, target.threshold + rng.normal(0.3, 0.2, (5, 1))
    )
    for method in LinkingMethod:
        there = link(source, target, method, symmetric=True)
        back = link(target, source, method, symmetric=True)
        assert back.slope == pytest.approx(1 / there.slope, rel=1e-6)
        assert back.intercept == pytest.approx(-there.intercept / there.slope, rel=1e-6)


@pytest.mark.parametrize("residuals", [of_items, of_tests])
@both_ways
def test_the_rates_of_a_criterion_are_those_of_its_differences(
    residuals: Any, symmetric: bool
) -> None:
    bank = mixed_bank()
    own = Criterion(
        Common(bank, changed(bank, Change(1.1, 0.2))), uniform(n_nodes=9), residuals, symmetric
    )
    at, step = Change(1.2, -0.3), 1e-6
    rates = own.rates(at)
    for column, (slope, intercept) in enumerate(((step, 0.0), (0.0, step))):
        up = own.differences(Change(at.slope + slope, at.intercept + intercept))
        down = own.differences(Change(at.slope - slope, at.intercept - intercept))
        np.testing.assert_allclose(rates[:, column], (up - down) / (2 * step), atol=1e-8)


def test_common_items_are_found_by_name() -> None:
    one, other = _calibrated(range(8)), _calibrated(range(4, 12))
    found = link(one, other)
    assert found.common == tuple((place + 4, place) for place in range(4))
    assert np.isfinite(found.se).all()
    assert (found.se > 0).all()
    nameless = link(replace(one, item_ids=None), other)
    assert len(nameless.common) == 8


def _calibrated(items: range) -> Calibration:
    bank = spread_bank(Model.TWO_PL, 12).take(items)
    scores = simulate_scores(simulate_abilities(600, seed=2), bank, seed=items.start)
    return calibrate(scores, "2pl", item_ids=[f"item {each}" for each in items], tolerance=1e-3)


@every_method
@pytest.mark.parametrize("model", ["rasch", "1pl", "2pl"])
def test_errors_are_those_of_moved_parameters(model: str, method: LinkingMethod) -> None:
    """The delta method against linking anew with each parameter moved a little."""
    bank = spread_bank(Model(model), 4)
    one, other = (
        calibrate(simulate_scores(simulate_abilities(400, seed=seed), bank, seed=seed + 1), model)
        for seed in (5, 8)
    )
    variance = _variance(one, lambda moved: link(moved, other, method))
    variance += _variance(other, lambda moved: link(one, moved, method))
    found = link(one, other, method)
    np.testing.assert_allclose(found.covariance, variance, atol=1e-5, rtol=1e-3)


def _variance(calibration: Calibration, linked: Callable[[ItemParameters], Linking]) -> Floats:
    """Return the covariance of the constants that comes from one calibration's errors."""
    assert calibration.covariance is not None
    variance, step = np.zeros((2, 2)), 1e-4
    factor = np.linalg.cholesky(calibration.covariance + 1e-14 * np.eye(len(calibration.places)))
    for column in factor.T:
        up, down = (linked(_moved(calibration, sign * step * column)) for sign in (1, -1))
        rise = np.array([up.slope - down.slope, up.intercept - down.intercept]) / (2 * step)
        variance += np.outer(rise, rise)
    return variance


def _moved(calibration: Calibration, by: Any) -> ItemParameters:
    own = calibration.parameters
    arrays = {"slope": own.slope.copy(), "threshold": own.threshold.copy()}
    for place, step in zip(calibration.places, by, strict=True):
        if place.parameter.value == "threshold":
            arrays["threshold"][place.item, place.step] += step
        elif place.parameter.value == "slope":
            arrays["slope"][slice(None) if place.item is None else place.item] += step
    return ItemParameters(own.model, **arrays)


RASCH, TWO = spread_bank(Model.RASCH, 5), spread_bank(Model.TWO_PL, 5)
MISTAKES: dict[str, tuple[str, Callable[[], object]]] = {
    "an unknown method": ("method", lambda: link(TWO, TWO, "guess")),
    "other numbers of items": ("target", lambda: link(TWO, TWO.take([0, 1]))),
    "no common item": ("common", lambda: link(TWO, TWO, common=np.zeros((0, 2)))),
    "one common item": ("common", lambda: link(TWO, TWO, common=[[0, 0]])),
    "three columns": ("common", lambda: link(TWO, TWO, common=[[0, 0, 0]])),
    "a place that is not there": ("common", lambda: link(TWO, TWO, common=[[0, 0], [1, 5]])),
    "half a place": ("common", lambda: link(TWO, TWO, common=np.array([[0, 0], [1, 0.5]]))),
    "an item twice": ("common", lambda: link(TWO, TWO, common=[[0, 0], [0, 1]])),
    "a negative slope": (
        "source",
        lambda: link(ItemParameters("2pl", [-1, 1], [0, 1]), TWO.take([0, 1])),
    ),
    "other categories": (
        "target",
        lambda: link(TWO.take([0, 1]), spread_bank(Model.GRM, 2, n_categories=3)),
    ),
    "falling nodes": ("nodes", lambda: AbilityWeights([1, 0])),
    "one node": ("nodes", lambda: AbilityWeights([1])),
    "no weight": ("weights", lambda: AbilityWeights([0, 1], [0, 0])),
    "a negative weight": ("weights", lambda: AbilityWeights([0, 1], [1, -1])),
    "weights of another shape": ("weights", lambda: AbilityWeights([0, 1], [1])),
    "bounds the wrong way": ("low", lambda: uniform(4, -4)),
    "too many nodes": ("n_nodes", lambda: gauss_hermite(500)),
    "no spread": ("sd", lambda: normal_weights(sd=0)),
    "too few items for drift": ("common", lambda: drift(TWO.take([0, 1]), TWO.take([0, 1]))),
    "a limit of nothing": ("limit", lambda: drift(TWO, TWO, limit=0)),
    "a distance above 1": ("most_rmsd", lambda: drift(TWO, TWO, most_rmsd=2)),
    "no spread of thresholds": (
        "source",
        lambda: link(ItemParameters("2pl", [1, 2], [0, 0]), TWO.take([0, 1]), "mean/sigma"),
    ),
    "no spread of thresholds in the target": (
        "target",
        lambda: link(TWO.take([0, 1]), ItemParameters("2pl", [1, 2], [0, 0]), "mean/sigma"),
    ),
}


@pytest.mark.parametrize(("argument", "run"), MISTAKES.values(), ids=MISTAKES)
def test_what_is_wrong_is_named(argument: str, run: Any) -> None:
    with pytest.raises(ValueError, match=rf"^`{argument}` must be .+; got .+\.$"):
        run()


def test_the_item_that_changed_is_left_out() -> None:
    bank = spread_bank(Model.TWO_PL, 10)
    rng = np.random.default_rng(1)
    threshold = 1.2 * bank.threshold + 0.5 + rng.normal(0, 0.05, (10, 1))
    threshold[3] += 1.0
    found = drift(bank, ItemParameters("2pl", bank.slope / 1.2, threshold))
    assert np.flatnonzero(found.flagged).tolist() == [3]
    assert found.difference[3] == pytest.approx(1.0, abs=0.15)
    assert (found.linking.slope, found.linking.intercept) == pytest.approx((1.2, 0.5), abs=0.06)


def test_drift_is_told_by_its_formulas() -> None:
    bank = spread_bank(Model.GRM, 7, n_categories=4)
    rng = np.random.default_rng(4)
    moved = ItemParameters("grm", bank.slope, bank.threshold + rng.normal(0, 0.3, (7, 1)))
    found = drift(bank, moved, limit=50.0)
    low, middle, high = np.percentile(found.difference, [25, 50, 75])
    normal = norm.ppf(0.75) - norm.ppf(0.25)
    expected = (found.difference - middle) / ((high - low) / normal)
    np.testing.assert_allclose(found.robust_z, expected, rtol=1e-4)
    grid, linked = normal_weights(), found.linking.apply(bank)
    apart = expected_score(grid.nodes, moved) - expected_score(grid.nodes, linked)
    np.testing.assert_allclose(found.rmsd, np.sqrt(grid.weights @ (apart / 3) ** 2), rtol=1e-6)


def test_nothing_is_flagged_where_nothing_changed() -> None:
    bank = spread_bank(Model.TWO_PL, 8)
    found = drift(bank, bank)
    assert not found.flagged.any()
    assert np.allclose(found.robust_z, 0)


def test_a_difficulty_that_moved_by_half_a_logit_is_seen() -> None:
    """At abilities that people have: over a flat grid most of the difference is beyond anybody."""
    bank = ItemParameters("2pl", 1.0, np.linspace(-2, 2, 20))
    threshold = bank.threshold + np.random.default_rng(2).normal(0, 0.05, (20, 1))
    threshold[9] -= 0.5
    found = drift(bank, ItemParameters("2pl", 1.0, threshold))
    assert np.flatnonzero(found.flagged).tolist() == [9]
    assert found.linking.intercept == pytest.approx(0, abs=0.04)


def test_a_slope_that_halved_is_seen_where_the_difficulty_stayed() -> None:
    bank = spread_bank(Model.TWO_PL, 20)
    rng = np.random.default_rng(3)
    slope = bank.slope * rng.lognormal(0, 0.05, 20)
    slope[7] /= 2
    threshold = bank.threshold + rng.normal(0, 0.05, (20, 1))
    found = drift(bank, ItemParameters("2pl", slope, threshold))
    assert np.flatnonzero(found.flagged).tolist() == [7]
    assert found.slope_difference[7] == pytest.approx(-np.log(2), abs=0.15)
    assert abs(found.slope_z[7]) > 2.7 > abs(found.robust_z[7])


def test_slopes_that_are_1_by_their_model_do_not_drift() -> None:
    bank = spread_bank(Model.RASCH, 8)
    moved = ItemParameters("rasch", 1.0, bank.threshold + np.linspace(-0.2, 0.2, 8)[:, np.newaxis])
    found = drift(bank, moved)
    assert not found.slope_z.any()
    assert not found.slope_difference.any()


def test_where_everything_changed_half_of_the_items_stay() -> None:
    rng = np.random.default_rng(7)
    bank = spread_bank(Model.TWO_PL, 12)
    wild = ItemParameters("2pl", bank.slope, bank.threshold + rng.standard_cauchy((12, 1)) * 2)
    found = drift(bank, wild, limit=0.5, most_rmsd=0.0)
    assert found.flagged.sum() <= 6


@pytest.mark.slow
def test_errors_are_as_large_as_the_spread_of_replications() -> None:
    """100 pairs of samples of 1,000: the mean standard error against the standard deviation."""
    bank = spread_bank(Model.TWO_PL, 12)
    found: dict[LinkingMethod, list[tuple[float, ...]]] = {each: [] for each in LinkingMethod}
    for number in range(100):
        one, other = (_sample(bank, 10_000 * way + number) for way in (1, 2))
        for method, each in found.items():
            made = link(one, other, method)
            each.append((made.slope, made.intercept, *made.se))
    for method, each in found.items():
        values = np.array(each)
        spread, said = values[:, :2].std(axis=0, ddof=1), values[:, 2:].mean(axis=0)
        print(f"{method}: spread {spread.round(4)}, standard error {said.round(4)}")
        np.testing.assert_allclose(said, spread, rtol=0.25)


def _sample(bank: ItemParameters, seed: int) -> Calibration:
    theta = simulate_abilities(1_000, seed=seed)
    return calibrate(simulate_scores(theta, bank, seed=seed + 500_000), "2pl")


DRIFTS: dict[str, tuple[float, float]] = {
    "nothing": (0.0, 1.0),
    "harder by 0.3": (0.3, 1.0),
    "harder by 0.5": (0.5, 1.0),
    "harder by 0.8": (0.8, 1.0),
    "half as steep": (0.0, 0.5),
}
LEAST = {"harder by 0.3": 0.2, "harder by 0.5": 0.6, "harder by 0.8": 0.9, "half as steep": 0.8}
"""How often the item that drifted has to be seen."""


@pytest.mark.slow
@pytest.mark.parametrize("what", DRIFTS)
def test_how_often_drift_is_seen_among_twenty_items(what: str) -> None:
    """100 pairs of samples of 1,000, half a logit apart; each item drifts five times."""
    slope = np.tile([1.1, 1.6, 0.9, 1.8, 1.4, 0.8, 1.7, 1.0, 1.5, 1.2], 2)
    place = np.random.default_rng(3).permutation(np.linspace(-2, 2, 20))
    before = ItemParameters("2pl", slope, place)
    harder, steeper = DRIFTS[what]
    flagged = np.zeros((100, 20), dtype=bool)
    for number in range(100):
        own = np.arange(20) == number % 20
        after = ItemParameters("2pl", np.where(own, slope * steeper, slope), place + harder * own)
        one, other = _fitted(before, 0.0, 2 * number), _fitted(after, 0.5, 2 * number + 1)
        flagged[number] = np.roll(drift(one, other).flagged, -(number % 20))
    seen, wrongly = flagged[:, 0].mean(), flagged[:, 1:].mean()
    print(f"\n{what}: flagged {seen:.0%}, the others {wrongly:.1%}")
    assert wrongly <= 0.035
    assert seen >= LEAST.get(what, 0.0)


def _fitted(bank: ItemParameters, mean: float, seed: int) -> ItemParameters:
    theta = simulate_abilities(1_000, mean=mean, seed=2 * seed)
    scores = simulate_scores(theta, bank, seed=2 * seed + 1)
    return calibrate(scores, "2pl", standard_errors=False).parameters
