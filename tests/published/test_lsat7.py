"""LSAT section 7 (Bock & Lieberman, 1970, Psychometrika 35, 179-197): 5 items, 1,000 persons.

Computed by others: mirt 1.47 (tolerance 1e-7, 61 nodes), in 2026. Metric: logistic, D = 1.
"""

from __future__ import annotations

import numpy as np
import pytest

from itembank import Calibration, ItemParameters, calibrate, estimate_ability
from tests.published.marginal import (
    intercept_covariance,
    intercept_errors,
    threshold_errors,
    two_parameter_log_likelihood,
)
from tests.published.responses import Table, patterns

TWO_PL_LOG_LIKELIHOOD = -2658.80511
SLOPE = np.array([0.98755, 1.08084, 1.70748, 0.76499, 0.73567])
DIFFICULTY = np.array([-1.87926, -0.74754, -1.05724, -0.63530, -2.52076])
SLOPE_SE = np.array([0.17719, 0.16876, 0.32108, 0.13412, 0.15113])
INTERCEPT_SE = np.array([0.13145, 0.09125, 0.20482, 0.07491, 0.11441])

RASCH_LOG_LIKELIHOOD = -2664.90089
RASCH_DIFFICULTY = [-1.86826, -0.79100, -1.46098, -0.52150, -1.99297]
RASCH_VARIANCE = 1.02265
RASCH_VARIANCE_SE = 0.13135

# pattern, ability, standard error
EAP = [
    ("00000", -1.86978, 0.69270),
    ("00001", -1.52726, 0.67363),
    ("11111", 0.72718, 0.80093),
]
MAP = [("00000", -1.81639, 0.67499)]

PUBLISHED = ItemParameters("2pl", SLOPE, DIFFICULTY)


@pytest.fixture(scope="module")
def table() -> Table:
    return patterns("LSAT7.csv")


@pytest.fixture(scope="module")
def two_pl(table: Table) -> Calibration:
    return calibrate(table.persons, "2pl")


def test_the_two_parameter_model_has_the_published_likelihood(two_pl: Calibration) -> None:
    assert two_pl.converged
    assert two_pl.log_likelihood == pytest.approx(TWO_PL_LOG_LIKELIHOOD, abs=0.001)


def test_its_slopes_and_difficulties_are_the_published_ones(two_pl: Calibration) -> None:
    assert two_pl.parameters.slope == pytest.approx(SLOPE, abs=0.003)
    assert two_pl.parameters.threshold[:, 0] == pytest.approx(DIFFICULTY, abs=0.003)


def test_its_standard_errors_are_the_published_ones(two_pl: Calibration) -> None:
    assert two_pl.standard_errors is not None
    assert two_pl.standard_errors.slope == pytest.approx(SLOPE_SE, abs=0.003)
    assert intercept_errors(two_pl) == pytest.approx(INTERCEPT_SE, abs=0.003)


def test_the_plain_likelihood_agrees_with_what_was_published(table: Table) -> None:
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


def test_rasch_with_a_free_variance(table: Table) -> None:
    found = calibrate(table.persons, "rasch")
    latent = found.latent[0]
    assert found.log_likelihood == pytest.approx(RASCH_LOG_LIKELIHOOD, abs=0.001)
    assert found.parameters.threshold[:, 0] == pytest.approx(RASCH_DIFFICULTY, abs=0.003)
    assert latent.sd**2 == pytest.approx(RASCH_VARIANCE, abs=0.003)
    assert 2 * latent.sd * latent.sd_se == pytest.approx(RASCH_VARIANCE_SE, abs=0.003)


def answers(pattern: str) -> list[int]:
    return [int(each) for each in pattern]


@pytest.mark.parametrize(("pattern", "theta", "se"), EAP)
def test_the_posterior_mean_and_its_deviation(pattern: str, theta: float, se: float) -> None:
    found = estimate_ability(answers(pattern), PUBLISHED)
    assert float(found.theta) == pytest.approx(theta, abs=1e-4)
    assert float(found.se) == pytest.approx(se, abs=1e-4)


@pytest.mark.parametrize(("pattern", "theta", "se"), MAP)
def test_the_posterior_mode_and_its_error(pattern: str, theta: float, se: float) -> None:
    found = estimate_ability(answers(pattern), PUBLISHED, "map")
    assert float(found.theta) == pytest.approx(theta, abs=1e-4)
    assert float(found.se) == pytest.approx(se, abs=1e-4)


@pytest.mark.parametrize(("pattern", "theta", "se"), EAP)
def test_from_the_answers_to_the_ability(
    two_pl: Calibration, pattern: str, theta: float, se: float
) -> None:
    found = estimate_ability(answers(pattern), two_pl.parameters)
    assert float(found.theta) == pytest.approx(theta, abs=0.001)
    assert float(found.se) == pytest.approx(se, abs=0.001)
