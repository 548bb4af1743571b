"""ML, MAP, EAP and Warm's WLE against direct numerical solutions, written from the formulas.

Warm, T. A. (1989). Weighted likelihood estimation of ability in item response theory.
Psychometrika, 54(3), 427-450. The items are those of LSAT section 7 (parameters by mirt 1.47), the
Science items (mirt 1.47), and the same with guessing.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from itembank import ItemParameters, estimate_ability
from itembank.parameters import joined
from tests.published.direct import (
    DirectItem,
    information,
    log_likelihood,
    maximum,
    weighted_likelihood_root,
)
from tests.published.test_lsat7 import DIFFICULTY, SLOPE

LSAT7 = [DirectItem("2pl", float(a), (float(b),)) for a, b in zip(SLOPE, DIFFICULTY, strict=True)]
GUESSED = [DirectItem("3pl", item.slope, item.thresholds, guessing=0.2) for item in LSAT7]
SLIPPED = [DirectItem("4pl", item.slope, item.thresholds, 0.1, 0.95) for item in LSAT7]
GRADED = [
    DirectItem("grm", 1.04064, (-4.67281, -2.53609, 1.40822)),
    DirectItem("grm", 1.22583, (-2.38532, -0.73512, 1.84889)),
    DirectItem("grm", 2.30059, (-2.27992, -0.96438, 0.85521)),
]
STEPPED = [
    DirectItem("gpcm", 0.86115, (-3.27745, -2.89245, 1.53779)),
    DirectItem("gpcm", 2.23732, (-2.08314, -0.97480, 0.83144)),
    DirectItem("gpcm", 0.72038, (-2.90795, -1.10927, 1.63150)),
]
MIXED = [*LSAT7[:3], *GRADED[:2], *STEPPED[:2]]


def parameters_of(items: list[DirectItem]) -> ItemParameters:
    return joined(
        [
            ItemParameters(each.kind, each.slope, [each.thresholds], each.guessing, each.upper)
            for each in items
        ]
    )


CASES = {
    "2pl 00001": (LSAT7, [0, 0, 0, 0, 1]),
    "2pl 10110": (LSAT7, [1, 0, 1, 1, 0]),
    "2pl 11101": (LSAT7, [1, 1, 1, 0, 1]),
    "3pl 11100": (GUESSED, [1, 1, 1, 0, 0]),
    "3pl 11110": (GUESSED, [1, 1, 1, 1, 0]),
    "4pl 11010": (SLIPPED, [1, 1, 0, 1, 0]),
    "grm 212": (GRADED, [2, 1, 2]),
    "grm 332": (GRADED, [3, 3, 2]),
    "gpcm 131": (STEPPED, [1, 3, 1]),
    "mixed": (MIXED, [1, 0, 1, 2, 1, 3, 2]),
}
every_case = pytest.mark.parametrize(("items", "scores"), CASES.values(), ids=CASES)

EXTREME = {
    "2pl none right": (LSAT7, [0] * 5),
    "2pl all right": (LSAT7, [1] * 5),
    "grm lowest": (GRADED, [0] * 3),
    "gpcm highest": (STEPPED, [3] * 3),
}


@every_case
def test_the_greatest_likelihood(items: list[DirectItem], scores: list[int]) -> None:
    found = estimate_ability(scores, parameters_of(items), "ml")
    expected = maximum(lambda theta: log_likelihood(theta, scores, items))
    assert float(found.theta) == pytest.approx(expected, abs=1e-5)
    assert float(found.se) == pytest.approx(information(expected, items) ** -0.5, rel=1e-4)


@every_case
def test_the_weighted_likelihood(items: list[DirectItem], scores: list[int]) -> None:
    found = estimate_ability(scores, parameters_of(items), "wle")
    expected = weighted_likelihood_root(scores, items)
    assert float(found.theta) == pytest.approx(expected, abs=1e-5)
    assert float(found.se) == pytest.approx(information(expected, items) ** -0.5, rel=1e-4)


@pytest.mark.parametrize(("items", "scores"), EXTREME.values(), ids=EXTREME)
def test_the_weighted_likelihood_of_the_extremes_is_finite(
    items: list[DirectItem], scores: list[int]
) -> None:
    found = estimate_ability(scores, parameters_of(items), "wle")
    assert float(found.theta) == pytest.approx(weighted_likelihood_root(scores, items), abs=1e-5)


@pytest.mark.parametrize(("items", "scores"), EXTREME.values(), ids=EXTREME)
def test_the_likelihood_of_the_extremes_has_no_maximum(
    items: list[DirectItem], scores: list[int]
) -> None:
    found = estimate_ability(scores, parameters_of(items), "ml")
    assert float(found.theta) == (np.inf if scores[0] else -np.inf)
    assert float(found.se) == np.inf


@pytest.mark.parametrize(
    ("items", "scores"), [*CASES.values(), *EXTREME.values()], ids=[*CASES, *EXTREME]
)
def test_the_posterior_mean_deviation_and_mode(items: list[DirectItem], scores: list[int]) -> None:
    def density(theta: float) -> float:
        return float(np.exp(log_likelihood(theta, scores, items) - theta**2 / 2))

    def moment(power: int) -> float:
        return float(quad(lambda at: at**power * density(at), -12, 12, epsabs=1e-13, limit=400)[0])

    mean = moment(1) / moment(0)
    found = estimate_ability(scores, parameters_of(items))
    assert float(found.theta) == pytest.approx(mean, abs=1e-6)
    assert float(found.se) == pytest.approx((moment(2) / moment(0) - mean**2) ** 0.5, abs=1e-6)
    mode = maximum(lambda theta: log_likelihood(theta, scores, items) - theta**2 / 2)
    assert float(estimate_ability(scores, parameters_of(items), "map").theta) == pytest.approx(
        mode, abs=1e-5
    )
