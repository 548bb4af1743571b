"""The grid: its weights, its reach, its spacing."""

from __future__ import annotations

import numpy as np
import pytest

from itembank.calibration.quadrature import standard_grid

TWO = np.array([[0.0, 0.0], [1.5, np.log(1.4)]])


def test_weights_have_the_moments_of_each_group() -> None:
    grid = standard_grid(61).wide_enough(TWO)
    weight = np.exp(grid.log_density(TWO))
    assert weight.sum(axis=1) == pytest.approx([1, 1])
    mean = weight @ grid.nodes
    assert mean == pytest.approx([0, 1.5], abs=1e-6)
    assert np.sqrt(weight @ grid.nodes**2 - mean**2) == pytest.approx([1, 1.4], abs=1e-6)


def test_a_grid_reaches_or_is_widened_at_its_spacing() -> None:
    grid = standard_grid(61)
    assert grid.reaches(TWO[:1])
    assert not grid.reaches(TWO)
    wide = grid.wide_enough(TWO)
    assert wide.reaches(TWO)
    assert wide.spacing <= grid.spacing
    assert wide.nodes[0] <= grid.nodes[0]


@pytest.mark.parametrize("spacing", [0.2, 0.1, 0.07, 0.033])
def test_a_finer_grid_has_at_most_the_spacing(spacing: float) -> None:
    finer = standard_grid(61).finer(spacing)
    assert finer.spacing <= spacing + 1e-12
    assert (finer.nodes[0], finer.nodes[-1]) == (-6, 6)
    assert finer.nodes.size % 2 == 1
