"""Logistic regression: its gradient is 0 where it ends, and what has no end is said."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from itembank.regression import logistic_regression


def test_the_score_is_nothing_where_it_ends() -> None:
    rng = np.random.default_rng(2)
    design = np.column_stack([np.ones(400), rng.normal(size=(400, 2))])
    outcome = rng.random(400) < expit(design @ [0.3, 1.2, -0.7])
    found = logistic_regression(design, outcome)
    p = expit(design @ found.coefficients)
    assert found.converged
    assert design.T @ (outcome - p) == pytest.approx(np.zeros(3), abs=1e-3)
    information = (design * (p * (1 - p))[:, np.newaxis]).T @ design
    assert found.covariance @ information == pytest.approx(np.eye(3), abs=1e-6)
    expected = np.log(np.where(outcome, p, 1 - p)).sum()
    assert found.log_likelihood == pytest.approx(expected, abs=1e-6)


def test_a_table_of_two_by_two_has_its_odds() -> None:
    """Right: 30 of 40 in one group, 10 of 40 in the other; the log odds ratio is log 9."""
    design = np.array([[1.0, 1], [1, 1], [1, 0], [1, 0]])
    outcome = np.array([True, False, True, False])
    found = logistic_regression(design, outcome, np.array([30.0, 10, 10, 30]))
    assert found.coefficients == pytest.approx([np.log(1 / 3), np.log(9)], abs=1e-6)
    assert found.covariance[1, 1] == pytest.approx(2 / 30 + 2 / 10, abs=1e-6)


def test_what_is_told_apart_without_error_has_no_end() -> None:
    design = np.column_stack([np.ones(10), np.arange(10.0)])
    assert not logistic_regression(design, np.arange(10) > 4).converged
