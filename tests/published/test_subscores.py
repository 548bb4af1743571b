"""Subscores of the SAPA project's ability test: 1,248 complete cases, four kinds of four items.

The values are checked against the covariance matrix of the four scores, by the formulas of Haberman
(2008, Journal of Educational and Behavioral Statistics 33, 204-229) as they stand.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import Reporting, Subscores, subscores
from tests.published.responses import RESPONSES

KINDS = ("reason", "letter", "matrix", "rotate")
VALUES = {
    "reason": (0.6481, 0.6834, 0.7493),
    "letter": (0.6727, 0.6801, 0.7552),
    "matrix": (0.5333, 0.6650, 0.6985),
    "rotate": (0.7607, 0.5025, 0.7805),
}


@pytest.fixture(scope="module")
def scores() -> NDArray[np.float64]:
    path = RESPONSES / "sapa_iq" / "ability_scored.csv"
    if not path.exists():
        pytest.skip(f"the table {path.name} is not in {RESPONSES}")
    return np.genfromtxt(path, delimiter=",", skip_header=1)


@pytest.fixture(scope="module")
def told(scores: NDArray[np.float64]) -> Subscores:
    return subscores(scores, np.repeat(KINDS, 4).tolist())


def test_turning_bodies_alone_is_shown(told: Subscores) -> None:
    assert told.n_persons == 1_248
    assert told.reported(Reporting.SHOWN) == ("rotate",)
    assert told.reported(Reporting.AUGMENTED) == ("reason", "letter", "matrix")
    assert told.reliability == pytest.approx(0.8484, abs=5e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_values(told: Subscores, kind: str) -> None:
    area = told[kind]
    found = (area.prmse_subscore, area.prmse_total, area.prmse_augmented)
    assert found == pytest.approx(VALUES[kind], abs=5e-5)


def test_haberman_s_formulas(scores: NDArray[np.float64], told: Subscores) -> None:
    """With r the correlation of subscore and total, and t that of true subscore and total."""
    complete = scores[~np.isnan(scores).any(axis=1)]
    total = complete.sum(axis=1)
    for place, area in enumerate(told.areas):
        items = complete[:, 4 * place : 4 * place + 4]
        own = items.sum(axis=1)
        alpha = 4 / 3 * (1 - items.var(axis=0, ddof=1).sum() / own.var(ddof=1))
        shared = np.cov(own, total)[0, 1] - (1 - alpha) * own.var(ddof=1)
        true = shared**2 / (alpha * own.var(ddof=1) * total.var(ddof=1))
        r, t = np.corrcoef(own, total)[0, 1], np.sqrt(true)
        both = alpha + (t - np.sqrt(alpha) * r) ** 2 / (1 - r**2)
        assert area.prmse_subscore == pytest.approx(alpha)
        assert area.prmse_total == pytest.approx(true)
        assert area.prmse_augmented == pytest.approx(both)
