"""Measures drawn towards their mean by as much as their errors make of their spread."""

from __future__ import annotations

import numpy as np
import pytest

from rubrics.facets.shrinking import shrunken

ALL = np.ones(4, dtype=bool)


def test_equal_errors_shrink_everything_alike() -> None:
    """In closed form: the variance between is the sample's less that of the errors."""
    measure, se = np.array([-1.0, 0.0, 0.5, 1.5]), np.full(4, 0.3)
    between = measure.var(ddof=1) - 0.09
    kept = between / (between + 0.09)
    found = shrunken(measure, se, ALL)
    assert found.spread == pytest.approx(np.sqrt(between))
    assert found.measure == pytest.approx(0.25 + kept * (measure - 0.25))
    assert found.se == pytest.approx(np.full(4, 0.3 * np.sqrt(kept)))


def test_who_is_measured_worse_is_drawn_further() -> None:
    found = shrunken(np.array([-1.0, 1.0, -1.0, 1.0]), np.array([0.1, 0.1, 0.6, 0.6]), ALL)
    assert abs(found.measure[2]) < abs(found.measure[0])
    assert found.se[2] > found.se[0]


def test_a_spread_that_errors_explain_is_none() -> None:
    found = shrunken(np.array([-0.1, 0.1, 0.05, 0.0]), np.full(4, 0.5), ALL)
    assert found.spread == 0
    assert found.measure == pytest.approx(np.full(4, 0.0125))
    assert found.se == pytest.approx(np.zeros(4))


def test_too_few_or_extreme_levels_are_not_shrunken() -> None:
    usable = np.array([True, True, True, False])
    found = shrunken(np.array([-1.0, 0.0, 1.0, 4.0]), np.full(4, 0.3), usable)
    assert np.isnan(found.measure).tolist() == [False, False, False, True]
    nothing = shrunken(np.array([-1.0, 1.0]), np.full(2, 0.3), np.array([True, True]))
    assert np.isnan(nothing.spread)
    assert np.isnan(nothing.measure).all()
