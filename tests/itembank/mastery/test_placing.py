"""A cut lies where the expected score is the share, with the error that its causes give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank import (
    Calibration,
    ItemParameters,
    Model,
    StandardErrors,
    calibrate,
    expected_score,
    simulate_abilities,
    simulate_scores,
    theta_cut,
)
from itembank.mastery.gradients import score_gradient
from tests.itembank.banks import mixed_bank, spread_bank

BANKS = {model.value: spread_bank(model) for model in Model} | {"mixed": mixed_bank()}
every_bank = pytest.mark.parametrize("bank", BANKS.values(), ids=BANKS)
STEP = 1e-6


def expected_share(theta: float, bank: ItemParameters, weights: Any) -> float:
    shares = expected_score(theta, bank) / (bank.n_categories - 1)
    return float(np.average(shares, weights=weights))


@every_bank
@pytest.mark.parametrize("share", [0.3, 0.5, 0.85])
def test_the_expected_share_at_the_cut_is_the_share(bank: ItemParameters, share: float) -> None:
    weights = np.linspace(0, 2, bank.n_items)
    found = theta_cut(bank, share, weights=weights)
    assert expected_share(found.theta, bank, weights) == pytest.approx(share, abs=1e-10)
    assert found.se == 0


def test_a_cut_on_the_sum_of_scores_is_a_share_with_the_highest_scores_as_weights() -> None:
    bank = mixed_bank()
    highest = bank.n_categories - 1
    found = theta_cut(bank, 17.5 / highest.sum(), weights=highest)
    assert expected_score(found.theta, bank).sum() == pytest.approx(17.5, abs=1e-9)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_a_higher_share_has_a_higher_cut(one: float, other: float) -> None:
    bank = spread_bank(Model.GRM)
    low, high = sorted((one, other))
    assert theta_cut(bank, low).theta <= theta_cut(bank, high).theta


@pytest.mark.parametrize("share", [1e-9, 1e-6, 1 - 1e-6, 1 - 1e-9])
def test_shares_near_the_ends_have_cuts_far_out(share: float) -> None:
    bank = ItemParameters("2pl", [0.05, 2.0], [0.0, 3.0])
    found = theta_cut(bank, share)
    assert np.isfinite(found.theta)
    assert expected_share(found.theta, bank, None) == pytest.approx(share, rel=1e-6)


def test_a_curve_with_a_plateau_is_climbed() -> None:
    bank = ItemParameters("2pl", 4.0, [-12.0, 12.0])
    for share, theta in ((0.25, -12.0), (0.75, 12.0)):
        assert theta_cut(bank, share).theta == pytest.approx(theta, abs=1e-9)


def test_one_rasch_item_in_closed_form() -> None:
    found = theta_cut(ItemParameters("rasch", 1.0, [0.4]), 0.8, share_se=0.02)
    assert found.theta == pytest.approx(0.4 + np.log(4), abs=1e-10)
    assert found.se == pytest.approx(0.02 / 0.16, rel=1e-9)


def moved(bank: ItemParameters, name: str, item: int, step: int, by: float) -> ItemParameters:
    parts = {
        each: getattr(bank, each).copy() for each in ("slope", "threshold", "guessing", "upper")
    }
    place = (item, step) if name == "threshold" else item
    parts[name][place] += by
    free = {"rasch": "2pl", "1pl": "2pl", "pcm": "gpcm", "2pl": "4pl", "3pl": "4pl"}
    models = [
        free.get(each.value, each.value) if name == "slope" else each.value for each in bank.model
    ]
    if name in {"guessing", "upper"}:
        models = ["4pl" if not each.is_polytomous else each.value for each in bank.model]
    return ItemParameters(models, **parts)


@every_bank
def test_the_gradient_is_that_of_the_expected_score(bank: ItemParameters) -> None:
    theta = 0.37
    own = score_gradient(theta, bank)
    for item in range(bank.n_items):
        names = ["slope", "threshold"]
        names += [] if bank.model[item].is_polytomous else ["guessing"]
        for name in names:
            for step in range(int(bank.n_categories[item]) - 1 if name == "threshold" else 1):
                low = expected_score(theta, moved(bank, name, item, step, 0.0))[item]
                high = expected_score(theta, moved(bank, name, item, step, STEP))[item]
                found = np.atleast_1d(getattr(own, name)[item])[step]
                assert found == pytest.approx((high - low) / STEP, abs=1e-5)


def test_the_gradient_in_the_upper_asymptote_is_the_curve() -> None:
    bank = ItemParameters("4pl", [1.5], [0.2], 0.1, 0.9)
    high = expected_score(0.5, moved(bank, "upper", 0, 0, STEP)) - expected_score(0.5, bank)
    assert score_gradient(0.5, bank).upper[0] == pytest.approx(float(high[0]) / STEP, abs=1e-6)


def errors_of(bank: ItemParameters, size: float) -> StandardErrors:
    shape = np.where(np.isfinite(bank.threshold), size, np.nan)
    fixed = np.full(bank.n_items, np.nan)
    return StandardErrors(np.full(bank.n_items, size), shape, fixed, fixed)


@pytest.mark.parametrize("model", [Model.TWO_PL, Model.GRM, Model.GPCM])
def test_independent_errors_of_the_parameters_spread_the_cut_as_stated(model: Model) -> None:
    bank, rng = spread_bank(model), np.random.default_rng(4)
    stated = theta_cut(bank, 0.6, standard_errors=errors_of(bank, 0.05), share_se=0.01)
    cuts = []
    for _ in range(300):
        slope = bank.slope + rng.normal(0, 0.05, bank.n_items)
        threshold = bank.threshold + rng.normal(0, 0.05, bank.threshold.shape)
        drawn = ItemParameters(model, slope, threshold)
        cuts.append(theta_cut(drawn, 0.6 + rng.normal(0, 0.01)).theta)
    assert stated.se == pytest.approx(np.std(cuts), rel=4 / np.sqrt(600))


@pytest.fixture(scope="module")
def calibrations() -> list[Calibration]:
    bank = spread_bank(Model.TWO_PL, 10)
    return [
        calibrate(simulate_scores(simulate_abilities(500, seed=n), bank, seed=n + 99), "2pl")
        for n in range(40)
    ]


def test_a_calibrations_covariances_give_the_spread_of_cuts(
    calibrations: list[Calibration],
) -> None:
    cuts = [theta_cut(each.parameters, 0.6, calibration=each) for each in calibrations]
    spread = np.std([each.theta for each in cuts], ddof=1)
    stated = np.mean([each.se for each in cuts])
    assert stated == pytest.approx(spread, rel=3.5 / np.sqrt(2 * (len(cuts) - 1)))
    alone = theta_cut(
        calibrations[0].parameters, 0.6, standard_errors=calibrations[0].standard_errors
    )
    assert alone.se < cuts[0].se


def test_a_common_slope_and_a_groups_spread_have_their_part(
    calibrations: list[Calibration],
) -> None:
    bank = spread_bank(Model.RASCH, 8)
    scores = simulate_scores(simulate_abilities(400, seed=5), bank, seed=6)
    rasch, common = (calibrate(scores, model) for model in ("rasch", "1pl"))
    by = [theta_cut(each.parameters, 0.5, calibration=each) for each in (rasch, common)]
    assert by[0].se == pytest.approx(by[1].se, rel=0.1)


@pytest.mark.parametrize(("model", "share"), [("2pl", 0.8), ("2pl", 0.5), ("rasch", 0.7)])
def test_the_number_of_persons_stands_in_for_the_covariances(model: str, share: float) -> None:
    bank = spread_bank(Model(model), 40)
    found = calibrate(
        simulate_scores(simulate_abilities(800, seed=11), bank, seed=12), model, minimum=None
    )
    own = found.parameters
    joint = theta_cut(own, share, calibration=found)
    plain = theta_cut(own, share, standard_errors=found.standard_errors, persons=800)
    assert plain.theta == joint.theta
    assert plain.se == pytest.approx(joint.se, rel=0.15)
    assert theta_cut(own, share, standard_errors=found.standard_errors).se < 0.7 * joint.se


def test_a_calibration_of_other_items_or_without_errors_is_refused(
    calibrations: list[Calibration],
) -> None:
    own = calibrations[0]
    with pytest.raises(ValueError, match="`calibration` must be of 9 items; got 10"):
        theta_cut(own.parameters.take(range(9)), 0.6, calibration=own)
    bare = replace(own, covariance=None)
    with pytest.raises(ValueError, match="`calibration` must be one with standard errors"):
        theta_cut(own.parameters, 0.6, calibration=bare)


TWO = ItemParameters("3pl", [1.0, 2.0], [0.0, 1.0], 0.25)


@pytest.mark.parametrize(
    ("share", "arguments", "message"),
    [
        (0.25, {}, r"`share` must be above 0\.25 and below 1, which these items reach; got 0\.25"),
        (0.1, {}, "`share` must be above"),
        (1.0, {}, "`share` must be above"),
        (70.0, {}, "`share` must be above"),
        (np.nan, {}, "`share` must be above"),
        (0.5, {"share_se": -1.0}, "`share_se` must be 0 or more"),
        (0.5, {"standard_errors": errors_of(TWO, 0.1), "persons": 0}, "`persons` must be positive"),
        (0.5, {"weights": [1.0]}, r"`weights` must be of shape \(2,\)"),
        (0.5, {"weights": [1.0, -1.0]}, r"`weights` must be 0 or more; got -1 at 1\."),
        (0.5, {"weights": [0.0, 0.0]}, "`weights` must be positive for one item or more"),
    ],
)
def test_what_makes_no_sense_is_refused(
    share: float, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        theta_cut(TWO, share, **arguments)


@pytest.mark.parametrize("n_items", [3, 7, 10, 49])
def test_the_ends_are_out_of_reach_however_the_weights_add_up(n_items: int) -> None:
    bank = ItemParameters("3pl", 1.0, np.zeros(n_items), 0.2)
    weights = np.full(n_items, 0.1)
    for share in (0.2, 1.0):
        with pytest.raises(ValueError, match="`share` must be above"):
            theta_cut(bank, share, weights=weights)


def test_errors_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"`standard_errors\.slope` must be of shape \(2,\)"):
        theta_cut(TWO, 0.5, standard_errors=errors_of(spread_bank(Model.THREE_PL), 0.1))


def test_an_item_that_falls_with_ability_cannot_count() -> None:
    bank = ItemParameters("2pl", [1.0, -0.5], [0.0, 0.0])
    with pytest.raises(ValueError, match="`slope` must be positive for every item that counts"):
        theta_cut(bank, 0.5)
    assert theta_cut(bank, 0.5, weights=[1.0, 0.0]).theta == pytest.approx(0.0, abs=1e-10)
