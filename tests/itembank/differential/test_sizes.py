"""The limits between classes of size are those that were published, to their last digit."""

from __future__ import annotations

import numpy as np
import pytest

from itembank.differential import DifSize, likelihood_ratio, logistic, mantel
from itembank.differential.mantel import sizes

NONE, SOME, MUCH = DifSize.NEGLIGIBLE, DifSize.MODERATE, DifSize.LARGE


def test_the_classes_of_the_educational_testing_service() -> None:
    """Zwick (2012): B beyond 1 delta and significant; C beyond 1.5, and above 1 beyond chance."""
    effect = np.array([0.99, -1.0, 1.49, -1.5, 1.5, 1.8, 1.8])
    error = np.array([0.1, 0.1, 0.1, 0.303, 0.305, 0.48, 0.49])
    found = mantel._classes(np.full(7, 3.85), effect, error, np.zeros(7, dtype=bool))
    assert found == (NONE, SOME, SOME, MUCH, SOME, MUCH, SOME)
    unsure = mantel._classes(np.full(7, 3.84), effect, error, np.zeros(7, dtype=bool))
    assert set(unsure) == {NONE}


def test_graded_items_have_limits_of_their_own() -> None:
    effect = np.array([0.169, -0.17, 0.249, -0.25])
    found = mantel._classes(np.full(4, 9.0), effect, np.full(4, np.nan), np.ones(4, dtype=bool))
    assert found == (NONE, SOME, SOME, MUCH)


@pytest.mark.parametrize(
    ("limits", "values"),
    [
        (logistic._JODOIN_GIERL, (0.0349, 0.035, 0.0699, 0.070)),
        (logistic._ZUMBO_THOMAS, (0.129, 0.13, 0.259, 0.26)),
    ],
)
def test_the_limits_of_a_change_of_r_squared(
    limits: tuple[float, float], values: tuple[float, ...]
) -> None:
    change = np.array(values)
    assert sizes(*logistic._beyond(change, change > 0, limits)) == (NONE, SOME, SOME, MUCH)
    assert set(sizes(*logistic._beyond(change, change > 1, limits))) == {NONE}


def test_the_limits_of_a_difference_of_curves() -> None:
    """Dorans and Holland (1993), of the standardised difference."""
    assert (likelihood_ratio._MODERATE, likelihood_ratio._LARGE) == (0.05, 0.10)
