"""Attitudes to science (Eurobarometer, 1992, as in ltm and mirt): 4 items x 4 categories, N = 392.

Computed by others: mirt 1.47 (tolerance 1e-7, 61 nodes), in 2026. Metric: logistic, D = 1; GRM:
boundaries; GPCM and PCM: steps. Items: Comfort, Work, Future, Benefit.
"""

from __future__ import annotations

import numpy as np
import pytest

from itembank import Calibration, calibrate
from tests.published.responses import Table, persons

LOG_LIKELIHOOD = {"grm": -1608.86941, "gpcm": -1612.68160, "pcm": -1619.27410}
SLOPE = {
    "grm": [1.04064, 1.22583, 2.30059, 1.09380],
    "gpcm": [0.86115, 0.83997, 2.23732, 0.72038],
    "pcm": [1.0, 1.0, 1.0, 1.0],
}
THRESHOLD = {
    "grm": [
        [-4.67281, -2.53609, 1.40822],
        [-2.38532, -0.73512, 1.84889],
        [-2.27992, -0.96438, 0.85521],
        [-3.05987, -0.90640, 1.54281],
    ],
    "gpcm": [
        [-3.27745, -2.89245, 1.53779],
        [-2.03569, -1.03310, 2.05893],
        [-2.08314, -0.97480, 0.83144],
        [-2.90795, -1.10927, 1.63150],
    ],
    "pcm": [
        [-3.08796, -2.59532, 1.38880],
        [-1.89637, -0.91092, 1.85876],
        [-2.64760, -1.42122, 1.13521],
        [-2.44917, -0.89976, 1.35803],
    ],
}
N_FREE = {"grm": 16, "gpcm": 16, "pcm": 13}
"""Slopes and thresholds; for PCM the thresholds and the variance of ability."""

every_model = pytest.mark.parametrize("model", LOG_LIKELIHOOD)


@pytest.fixture(scope="module")
def table() -> Table:
    return persons("Science.csv", first_category=1)


@pytest.fixture(scope="module")
def calibrations(table: Table) -> dict[str, Calibration]:
    return {model: calibrate(table.persons, model) for model in LOG_LIKELIHOOD}


@every_model
def test_the_likelihood(calibrations: dict[str, Calibration], model: str) -> None:
    found = calibrations[model]
    assert found.converged
    assert found.n_parameters == N_FREE[model]
    assert found.log_likelihood == pytest.approx(LOG_LIKELIHOOD[model], abs=0.001)


@every_model
def test_the_slopes(calibrations: dict[str, Calibration], model: str) -> None:
    assert calibrations[model].parameters.slope == pytest.approx(np.array(SLOPE[model]), abs=0.005)


@every_model
def test_the_thresholds(calibrations: dict[str, Calibration], model: str) -> None:
    found = calibrations[model].parameters.threshold
    assert found == pytest.approx(np.array(THRESHOLD[model]), abs=0.005)


def test_models_mixed_item_by_item_stand_between_those_of_all(
    table: Table, calibrations: dict[str, Calibration]
) -> None:
    """Each item under the better of two models fits no worse than the worse of them for all."""
    mixed = calibrate(table.persons, ["grm", "grm", "gpcm", "grm"])
    assert mixed.converged
    assert mixed.log_likelihood > calibrations["gpcm"].log_likelihood
    assert mixed.parameters.threshold.shape == (4, 3)
