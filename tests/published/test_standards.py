"""The reference tables of standard setting: a made-up panel, and bookmarks in ten Rasch items."""

from __future__ import annotations

import numpy as np
import pytest

from itembank import ItemParameters, angoff, bookmark
from itembank.standards import place_by_panel
from tests.published.responses import RESPONSES


def _panel() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    path = RESPONSES / "angoff_synthetic.csv"
    if not path.exists():
        pytest.skip(f"the table {path.name} is not in {RESPONSES}")
    return np.loadtxt(path, delimiter=",", skiprows=1)


def test_the_panel_s_cut_spread_and_agreement() -> None:
    found = angoff(_panel())
    assert found.judge_cuts == pytest.approx([7.45, 7.60, 8.25, 6.90, 7.10, 7.80])
    assert (found.cut, found.sd, found.se) == pytest.approx((7.5167, 0.4865, 0.1986), abs=5e-5)
    agreement = found.agreement
    assert agreement.single == pytest.approx(0.6313, abs=5e-5)
    assert agreement.average == pytest.approx(0.9113, abs=5e-5)
    assert agreement.consistency == pytest.approx(0.9251, abs=5e-5)
    assert agreement.judges == pytest.approx(0.001164, abs=5e-7)
    assert agreement.residual == pytest.approx(0.005753, abs=5e-7)


def test_the_panel_places_items_so_that_the_curve_at_0_is_its_cut() -> None:
    placed = place_by_panel(_panel())
    right = 1 / (1 + np.exp(placed.parameters.threshold[:, 0]))
    assert right.sum() == pytest.approx(placed.panel.cut)
    assert placed.cut.theta == pytest.approx(0, abs=1e-9)
    assert placed.cut.se == pytest.approx(placed.panel.se / (right * (1 - right)).sum())
    in_logits = placed.panel.item_ses / (right * (1 - right))
    assert placed.prior.sd**2 == pytest.approx(in_logits**2 + 0.8**2)


def test_bookmarks() -> None:
    difficulties = [-1.6, -1.1, -0.7, -0.3, 0, 0.2, 0.5, 0.9, 1.3, 1.8]
    found = bookmark(ItemParameters("rasch", 1, difficulties), [5, 6, 6, 7, 5])
    assert found.cut == pytest.approx(0.8931, abs=5e-5)
    assert (found.mean, found.se) == pytest.approx((0.8731, 0.0917), abs=5e-5)
