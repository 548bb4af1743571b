"""Agreement of raters, against figures that others published.

Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428, table 2: four judges, six targets.
Krippendorff (2011), Computing Krippendorff's alpha-reliability: four observers, twelve units, with
gaps. The synthetic Angoff ratings (six judges, twelve items) carry intraclass correlations computed
elsewhere.
"""

from __future__ import annotations

import csv

import numpy as np
import pytest

from rubrics import agreement
from tests.published.responses import RESPONSES

JUDGES = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)

_ = np.nan
OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ]
)


def test_intraclass_correlations_are_those_of_shrout_and_fleiss() -> None:
    found = agreement(JUDGES)
    assert found.icc_1.value == pytest.approx(0.17, abs=0.005)
    assert found.icc_a1.value == pytest.approx(0.29, abs=0.005)
    assert found.icc_ak.value == pytest.approx(0.62, abs=0.005)


@pytest.mark.parametrize(
    ("metric", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_is_that_of_krippendorff(metric: str, alpha: float) -> None:
    found = agreement(OBSERVERS.T, metric=metric)
    assert found.alpha.value == pytest.approx(alpha, abs=0.0005)
    assert (found.n_performances, found.n_ratings) == (11, 40)  # one unit was observed once


def test_the_panels_correlations_are_those_computed_elsewhere() -> None:
    path = RESPONSES / "angoff_synthetic.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not in {RESPONSES}")
    with path.open(encoding="utf-8", newline="") as file:
        judges = np.array(list(csv.reader(file))[1:], dtype=float)
    found = agreement(judges.T)
    assert (found.n_performances, found.n_raters) == (12, 6)
    assert found.icc_a1.value == pytest.approx(0.6313, abs=0.00005)
    assert found.icc_ak.value == pytest.approx(0.9113, abs=0.00005)
