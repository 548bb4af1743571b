"""LSAT section 6 (Bock & Lieberman, 1970, Psychometrika 35, 179-197): 5 items, 1,000 persons.

Computed by others: mirt 1.47 (tolerance 1e-7, 61 nodes, standard errors by Oakes' identity) and
ltm 1.2-0, in 2026. Metric: logistic, D = 1.
"""

from __future__ import annotations

import numpy as np
import pytest

from itembank import Calibration, calibrate
from tests.published.marginal import (
    intercept_covariance,
    intercept_errors,
    threshold_errors,
    two_parameter_log_likelihood,
)
from tests.published.responses import Table, patterns

TWO_PL_LOG_LIKELIHOOD = -2466.65338
SLOPE = np.array([0.82566, 0.72274, 0.89087, 0.68837, 0.65686])
DIFFICULTY = np.array([-3.35881, -1.37006, -0.27967, -1.86638, -3.12591])
SLOPE_SE = np.array([0.25811, 0.18668, 0.23276, 0.18514, 0.20991])
INTERCEPT_SE = np.array([0.20574, 0.09002, 0.07627, 0.09904, 0.13536])

RASCH_LOG_LIKELIHOOD = -2466.93760
RASCH_DIFFICULTY = [-2.73002, -0.99861, -0.23985, -1.30645, -2.09941]
RASCH_VARIANCE = 0.57024
RASCH_VARIANCE_SE = 0.10486

COMMON_SLOPE = 0.75513
COMMON_SLOPE_DIFFICULTY = [-3.61527, -1.32242, -0.31763, -1.73009, -2.78017]

FIXED_LOG_LIKELIHOOD = -2473.0538
FIXED_DIFFICULTY = [-2.87197, -1.06303, -0.25761, -1.38806, -2.21878]


@pytest.fixture(scope="module")
def table() -> Table:
    return patterns("LSAT6.csv")


@pytest.fixture(scope="module")
def two_pl(table: Table) -> Calibration:
    return calibrate(table.persons, "2pl")


def test_the_two_parameter_model_has_the_published_likelihood(two_pl: Calibration) -> None:
    assert two_pl.converged
    assert two_pl.log_likelihood == pytest.approx(TWO_PL_LOG_LIKELIHOOD, abs=0.001)
    assert two_pl.aic == pytest.approx(2 * 10 - 2 * TWO_PL_LOG_LIKELIHOOD, abs=0.002)
    assert two_pl.bic == pytest.approx(10 * np.log(1000) - 2 * TWO_PL_LOG_LIKELIHOOD, abs=0.002)


def test_its_slopes_and_difficulties_are_the_published_ones(two_pl: Calibration) -> None:
    assert two_pl.parameters.slope == pytest.approx(SLOPE, abs=0.003)
    assert two_pl.parameters.threshold[:, 0] == pytest.approx(DIFFICULTY, abs=0.003)


def test_its_standard_errors_are_the_published_ones(two_pl: Calibration) -> None:
    assert two_pl.standard_errors is not None
    assert two_pl.standard_errors.slope == pytest.approx(SLOPE_SE, abs=0.003)
    assert intercept_errors(two_pl) == pytest.approx(INTERCEPT_SE, abs=0.003)


def test_the_plain_likelihood_agrees_with_what_was_published(table: Table) -> None:
    """So that its curvature may stand for what was not published: the thresholds' errors."""
    intercept = -SLOPE * DIFFICULTY
    covariance = intercept_covariance(SLOPE, intercept, table)
    published = np.concatenate([SLOPE_SE, INTERCEPT_SE])
    reached = two_parameter_log_likelihood(SLOPE, intercept, table)
    assert reached == pytest.approx(TWO_PL_LOG_LIKELIHOOD, abs=1e-4)
    assert np.sqrt(np.diag(covariance)) == pytest.approx(published, abs=1e-4)


def test_the_errors_of_thresholds_follow_by_the_delta_method(
    table: Table, two_pl: Calibration
) -> None:
    covariance = intercept_covariance(SLOPE, -SLOPE * DIFFICULTY, table)
    expected = threshold_errors(SLOPE, DIFFICULTY, covariance)
    assert two_pl.standard_errors is not None
    assert two_pl.standard_errors.threshold[:, 0] == pytest.approx(expected, abs=0.003)


def test_patterns_with_frequencies_give_what_persons_give(
    table: Table, two_pl: Calibration
) -> None:
    weighted = calibrate(table.scores, "2pl", weights=table.weights)
    assert weighted.log_likelihood == pytest.approx(two_pl.log_likelihood, abs=1e-6)
    assert weighted.parameters.slope == pytest.approx(two_pl.parameters.slope, abs=1e-5)


def test_rasch_with_a_free_variance(table: Table) -> None:
    found = calibrate(table.persons, "rasch")
    latent = found.latent[0]
    assert found.log_likelihood == pytest.approx(RASCH_LOG_LIKELIHOOD, abs=0.001)
    assert found.parameters.threshold[:, 0] == pytest.approx(RASCH_DIFFICULTY, abs=0.003)
    assert latent.mean == 0
    assert latent.sd**2 == pytest.approx(RASCH_VARIANCE, abs=0.003)
    assert 2 * latent.sd * latent.sd_se == pytest.approx(RASCH_VARIANCE_SE, abs=0.003)


def test_rasch_with_one_slope_for_all_is_the_same_model_on_another_scale(table: Table) -> None:
    found = calibrate(table.persons, "1pl")
    assert found.log_likelihood == pytest.approx(RASCH_LOG_LIKELIHOOD, abs=0.001)
    assert found.parameters.slope == pytest.approx(np.full(5, COMMON_SLOPE), abs=0.003)
    assert found.parameters.threshold[:, 0] == pytest.approx(COMMON_SLOPE_DIFFICULTY, abs=0.003)


def test_rasch_with_a_slope_of_one_and_a_standard_normal_ability(table: Table) -> None:
    found = calibrate(table.persons, "rasch", latent="fixed")
    assert found.log_likelihood == pytest.approx(FIXED_LOG_LIKELIHOOD, abs=0.001)
    assert found.parameters.threshold[:, 0] == pytest.approx(FIXED_DIFFICULTY, abs=0.003)
    assert (found.latent[0].mean, found.latent[0].sd) == (0.0, 1.0)
