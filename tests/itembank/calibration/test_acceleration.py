"""Anderson's acceleration solves a linear iteration in as many steps as it has dimensions."""

from __future__ import annotations

import numpy as np
import pytest

from itembank.calibration.acceleration import Anderson

RATE = np.array([[0.95, 0.02, 0.0], [0.01, 0.9, 0.03], [0.0, 0.02, 0.7]])
GOAL = np.array([1.0, -2.0, 0.5])


def plain(point: np.ndarray) -> np.ndarray:
    return GOAL + RATE @ (point - GOAL)


def test_a_slow_linear_iteration_ends_at_once() -> None:
    memory, point = Anderson(), np.zeros(3)
    for _ in range(5):
        point = memory.propose(point, plain(point) - point)
    assert point == pytest.approx(GOAL, abs=1e-6)
    slow = np.zeros(3)
    for _ in range(5):
        slow = plain(slow)
    assert np.abs(slow - GOAL).max() > 0.5


def test_forgetting_takes_a_plain_step() -> None:
    memory, point = Anderson(), np.zeros(3)
    memory.propose(point, plain(point) - point)
    memory.forget()
    here = np.ones(3)
    assert memory.propose(here, plain(here) - here) == pytest.approx(plain(here))
