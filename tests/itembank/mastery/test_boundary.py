"""The weights of nodes beyond a cut are sine integrals, blurred by the cut's error."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, sici

from itembank.mastery.boundary import beyond

DISTANCE = np.linspace(-150.3, 149.7, 301)


def test_without_error_the_weights_are_sine_integrals() -> None:
    expected = 0.5 + sici(np.pi * DISTANCE)[0] / np.pi
    np.testing.assert_allclose(beyond(DISTANCE), expected, atol=1e-13)


@pytest.mark.parametrize("error", [3.0, 12.0, 400.0])
def test_with_a_large_error_the_weights_are_normal_probabilities(error: float) -> None:
    np.testing.assert_allclose(beyond(DISTANCE, error), ndtr(DISTANCE / error), atol=1e-11)


def test_a_vanishing_error_is_none() -> None:
    np.testing.assert_allclose(beyond(DISTANCE, 1e-8), beyond(DISTANCE), atol=1e-12)


@pytest.mark.parametrize("sd", [2.5, 4.0, 9.0])
def test_a_sum_is_the_normal_mass_beyond_wherever_the_cut_lies(sd: float) -> None:
    nodes = np.arange(-100.0, 101.0)
    density = np.exp(-0.5 * (nodes / sd) ** 2)
    for cut in (-3.0, -0.5, 0.0, 0.123, 2.777):
        for error in (0.0, 0.3, 5.0):
            found = density @ beyond(nodes - cut, error) / density.sum()
            assert found == pytest.approx(ndtr(-cut / np.hypot(sd, error)), abs=1e-12)
