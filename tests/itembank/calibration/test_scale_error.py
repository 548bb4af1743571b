"""A scale that a prior places: its own error is in no item, and in no cut beside the people."""

from __future__ import annotations

import numpy as np
import pytest

from itembank import (
    ItemParameters,
    Model,
    calibrate,
    simulate_abilities,
    simulate_scores,
    theta_cut,
)
from itembank.calibration import (
    AROUND_ONE,
    Anchors,
    Calibration,
    Concern,
    LatentChoice,
    LogNormal,
    Normals,
    Priors,
    Standing,
)
from tests.itembank.banks import spread_bank

RATED, ITEMS = 4, 12


def some_rated(n_items: int = ITEMS, *, sd: float = 0.81) -> Normals:
    """Return what a panel believes of the first few of a bank's items, and of no other."""
    means = np.full(n_items, np.nan)
    means[:RATED] = np.linspace(-1.0, 1.0, RATED)
    return Normals(means, sd)


def scores_of(model: Model, n_persons: int = 2_000) -> np.ndarray[tuple[int, ...], np.dtype]:
    """Return the scores of people who are 0.6 logits above where a panel sees the bar."""
    bank = spread_bank(model, ITEMS)
    return simulate_scores(simulate_abilities(n_persons, seed=1, mean=0.6), bank, seed=2)


@pytest.fixture(scope="module", params=[Model.RASCH, Model.ONE_PL, Model.TWO_PL, Model.GRM])
def both(request: pytest.FixtureRequest) -> tuple[Calibration, Calibration]:
    """Return calibrations of the same scores with a panel's prior and without it."""
    model = request.param
    if model is Model.GRM:  # believed of two dichotomous items, two others being graded
        return _mixed()
    scores = scores_of(model)
    judged = calibrate(scores, model, priors=Priors(threshold=some_rated()))
    return judged, calibrate(scores, model)


def _mixed() -> tuple[Calibration, Calibration]:
    graded = spread_bank(Model.GRM, 2, n_categories=3).threshold
    plain = np.column_stack([np.linspace(-1.2, 1.2, 8), np.full(8, np.nan)])
    models = [*["2pl"] * 8, *["grm"] * 2]
    bank = ItemParameters(models, 1.2, np.vstack([plain, graded]))
    scores = simulate_scores(simulate_abilities(2_000, seed=3, mean=-0.4), bank, seed=4)
    judged = calibrate(scores, models, priors=Priors(threshold=some_rated(10)))
    return judged, calibrate(scores, models)


def unit_of(judged: Calibration, alone: Calibration) -> float:
    """Return how long the one's logit is in the other's."""
    return judged.latent[0].sd / alone.latent[0].sd


def test_items_are_known_as_well_as_without_the_panel(
    both: tuple[Calibration, Calibration],
) -> None:
    """The people say how far items lie apart: thousands of them, whoever says where 0 is."""
    judged, alone = both
    here, there = judged.errors_on_scale, alone.standard_errors
    assert here is not None
    assert there is not None
    unit = unit_of(judged, alone)
    assert here.threshold == pytest.approx(there.threshold * unit, rel=0.08, nan_ok=True)
    assert here.slope == pytest.approx(there.slope / unit, rel=0.08, nan_ok=True)
    assert judged.standard_errors is not None
    assert np.nanmin(judged.standard_errors.threshold) > 0.35


def test_more_responses_are_enough_in_the_end(both: tuple[Calibration, Calibration]) -> None:
    """Of a few rated items the origin is never known to 0.35 logits; items are publishable."""
    judged, alone = both
    assert judged.standing == alone.standing
    assert Standing.PUBLISHABLE in judged.standing
    assert Concern.IMPRECISE not in {flag.concern for flag in judged.flags}


def test_a_cut_is_known_as_well_as_without_the_panel(
    both: tuple[Calibration, Calibration],
) -> None:
    judged, alone = both
    for share in (0.4, 0.6, 0.75):
        cut = theta_cut(judged.parameters, share, calibration=judged)
        other = theta_cut(alone.parameters, share, calibration=alone)
        assert cut.se == pytest.approx(other.se * unit_of(judged, alone), rel=0.02)
        apart = (cut.theta - judged.latent[0].mean) / unit_of(judged, alone)
        assert apart == pytest.approx(other.theta, abs=0.01)


@pytest.mark.parametrize("share", [0.4, 0.6, 0.75])
def test_persons_stand_in_for_the_covariances_here_too(share: float) -> None:
    judged = calibrate(scores_of(Model.TWO_PL), "2pl", priors=Priors(threshold=some_rated()))
    joint = theta_cut(judged.parameters, share, calibration=judged)
    plain = theta_cut(
        judged.parameters,
        share,
        standard_errors=judged.errors_on_scale,
        persons=2_000,
        latent=judged.latent[0],
    )
    assert plain.se == pytest.approx(joint.se, rel=0.3)
    assert plain.se < 0.1


def test_the_first_group_has_no_error_beside_itself() -> None:
    judged = calibrate(scores_of(Model.TWO_PL), "2pl", priors=Priors(threshold=some_rated()))
    assert judged.covariance_on_scale is not None
    assert judged.scale_error is not None
    rows = list(judged.scale_error.carriers)
    assert judged.covariance_on_scale[rows] == pytest.approx(0, abs=1e-12)
    assert judged.covariance_on_scale == pytest.approx(judged.covariance_on_scale.T)


def test_a_scale_that_no_prior_places_has_no_error_of_its_own() -> None:
    scores, prior = scores_of(Model.TWO_PL), some_rated()
    bank = spread_bank(Model.TWO_PL, ITEMS)
    held = Anchors((0, 1), bank.take([0, 1]))
    for each in (
        calibrate(scores, "2pl"),
        calibrate(scores, "2pl", anchors=held, priors=Priors(threshold=prior)),
        calibrate(scores, "2pl", latent=LatentChoice.FIXED, priors=Priors(threshold=prior)),
    ):
        assert each.scale_error is None
        assert each.errors_on_scale is each.standard_errors
        assert each.covariance_on_scale is each.covariance


def test_without_errors_there_are_none_on_the_scale() -> None:
    prior = Priors(threshold=some_rated())
    found = calibrate(scores_of(Model.RASCH), "rasch", priors=prior, standard_errors=False)
    assert found.errors_on_scale is None
    assert found.covariance_on_scale is None


# The prior of slopes that goes with it


def test_a_panels_scale_is_not_stretched() -> None:
    """Slopes of 1 stay at 1, and a spread of 1 at 1; pulled to 0.78 the logit would grow."""
    spreads: dict[LogNormal, list[float]] = {AROUND_ONE: [], LogNormal(): []}
    for seed in range(6):
        seen = np.random.default_rng(seed).normal(-0.5, 0.7, ITEMS)
        true = ItemParameters(
            "2pl", 1.0, seen + np.random.default_rng(seed + 50).normal(0, 0.5, 12)
        )
        scores = simulate_scores(simulate_abilities(250, seed=seed, mean=0.6), true, seed=seed + 9)
        for slope, found in spreads.items():
            wanted = None if slope is AROUND_ONE else slope
            priors = Priors(slope=wanted, threshold=Normals(seen, 0.81))
            made = calibrate(scores, "2pl", priors=priors, standard_errors=False)
            assert made.prior.slope == slope
            found.append(made.latent[0].sd)
    assert np.mean(spreads[AROUND_ONE]) == pytest.approx(1, abs=0.07)
    assert np.mean(spreads[LogNormal()]) > 1.1


@pytest.mark.parametrize(("prior", "mode"), [(LogNormal(), 0.7788), (AROUND_ONE, 1.0)])
def test_the_mode_of_a_slope_is_where_it_is_said_to_be(prior: LogNormal, mode: float) -> None:
    slopes = np.linspace(0.2, 3, 28_001)
    assert slopes[np.argmax(prior.log_density(slopes))] == pytest.approx(mode, abs=1e-4)
    assert np.exp(prior.mean - prior.sd**2) == pytest.approx(mode, abs=1e-4)
