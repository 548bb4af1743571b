"""Linking constants of Kolen and Brennan's forms, and of the example of equateIRT.

Constants are what is reproduced. equateIRT prints standard errors too; they rest on covariances
that are not among its files, so that ours are proven by simulation: see the slow test in
`tests/itembank/linking/test_linking.py`, whose figures are in the guide.
"""

from __future__ import annotations

import csv
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import ItemParameters, link
from itembank.linking import AbilityWeights, Linking, gauss_hermite, normal_weights, uniform
from tests.published.responses import RESPONSES

KOLEN_BRENNAN = [
    ("mean/mean", None, 1.21727, -0.55716, 1e-5),
    ("mean/sigma", None, 1.16889, -0.51554, 1e-5),
    ("haebara", lambda: uniform(n_nodes=40), 1.092919, -0.457488, 1e-6),
    ("stocking-lord", lambda: uniform(n_nodes=40), 1.101547, -0.476496, 1e-6),
    ("haebara", lambda: uniform(n_nodes=161), 1.09360, -0.45829, 1e-5),
    ("stocking-lord", lambda: uniform(n_nodes=161), 1.10195, -0.47702, 1e-5),
    ("haebara", lambda: normal_weights(n_nodes=41), 1.06935, -0.47554, 1e-5),
    ("stocking-lord", lambda: normal_weights(n_nodes=41), 1.09082, -0.49629, 1e-5),
]
"""plink's default is 40 equally weighted nodes from -4 to 4."""

EQUATE_IRT = [
    ("mean/mean", 1.21004, -0.14199),
    ("mean/sigma", 1.19021, -0.14049),
    ("haebara", 1.21021, -0.14582),
    ("stocking-lord", 1.21057, -0.14519),
]
"""It compares curves at 30 Gauss-Hermite nodes."""


@pytest.mark.parametrize(("method", "weights", "slope", "intercept", "within"), KOLEN_BRENNAN)
def test_kolen_and_brennan(
    method: str,
    weights: Callable[[], AbilityWeights] | None,
    slope: float,
    intercept: float,
    within: float,
) -> None:
    """Kolen & Brennan (2014), Table 6.5: form X to form Y, with D = 1.7."""
    pairs = np.array(_rows("KB04_common.csv"), dtype=np.int64) - 1
    found = link(
        _three_pl("KB04_formX.csv"),
        _three_pl("KB04_formY.csv"),
        method,
        common=pairs,
        weights=weights and weights(),
    )
    assert_constants(found, slope, intercept, within)


@pytest.mark.parametrize(("method", "slope", "intercept"), EQUATE_IRT)
def test_equate_irt(method: str, slope: float, intercept: float) -> None:
    """Battauz (2015): test T1 to test T2, ten common items."""
    (ones, one), (others, other) = (
        _two_pl(f"equateIRT_est2pl_{test}.csv") for test in ("T1", "T2")
    )
    pairs = [(ones.index(name), others.index(name)) for name in ones if name in others]
    found = link(one, other, method, common=pairs, weights=gauss_hermite(30))
    assert_constants(found, slope, intercept, 1e-5)


def assert_constants(found: Linking, slope: float, intercept: float, within: float) -> None:
    assert found.slope == pytest.approx(slope, abs=within)
    assert found.intercept == pytest.approx(intercept, abs=within)


def _three_pl(name: str) -> ItemParameters:
    slope, difficulty, guessing = np.array(_rows(name))[:, 2:].astype(np.float64).T
    return ItemParameters("3pl", 1.7 * slope, difficulty, guessing)


def _two_pl(name: str) -> tuple[list[str], ItemParameters]:
    rows = _rows(name)
    intercept, slope = _numbers(rows)
    return [row[0] for row in rows], ItemParameters("2pl", slope, -intercept / slope)


def _numbers(rows: list[list[str]]) -> NDArray[np.float64]:
    return np.array([row[1:] for row in rows], dtype=np.float64).T


def _rows(name: str) -> list[list[str]]:
    path = RESPONSES / name
    if not path.exists():
        pytest.skip(f"the published table {name} is not in {RESPONSES}")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]
