"""The grid: its weights, its reach, its spacing."""

from __future__ import annotations

import numpy as np
import pytest

from itembank.calibration.quadrature import standard_grid

TWO = np.array([[0.0, 0.0], [1.5, np.log(1.4)]])


def test_weights_have_the_moments_of_each_group() -> None:
    grid = standard_grid(61).serving(TWO)
    weight = np.exp(grid.log_density(TWO))
    assert weight.sum(axis=1) == pytest.approx([1, 1])
    mean = weight @ grid.nodes
    assert mean == pytest.approx([0, 1.5], abs=1e-6)
    assert np.sqrt(weight @ grid.nodes**2 - mean**2) == pytest.approx([1, 1.4], abs=1e-6)


def test_a_grid_serves_or_is_widened_at_its_spacing() -> None:
    grid = standard_grid(61)
    assert grid.serves(TWO[:1])
    assert not grid.serves(TWO)
    wide = grid.serving(TWO)
    assert wide.serves(TWO)
    assert wide.spacing <= grid.spacing
    assert wide.nodes[0] <= grid.nodes[0]


def test_a_grid_is_no_coarser_than_the_narrowest_group() -> None:
    narrow = np.array([[0.0, np.log(0.1)]])
    grid = standard_grid(61)
    assert not grid.serves(narrow)
    assert grid.serving(narrow).serves(narrow)
    weight = np.exp(grid.serving(narrow).log_density(narrow))[0]
    spread = np.sqrt(weight @ grid.serving(narrow).nodes ** 2)
    assert spread == pytest.approx(0.1, rel=1e-6)


@pytest.mark.parametrize("spacing", [0.2, 0.1, 0.07, 0.033])
def test_a_finer_grid_has_at_most_the_spacing(spacing: float) -> None:
    finer = standard_grid(61).finer(spacing)
    assert finer.spacing <= spacing + 1e-12
    assert (finer.nodes[0], finer.nodes[-1]) == (-6, 6)
    assert finer.nodes.size % 2 == 1
