"""Mastery of a domain from a sample of its items, against the integral and a simple case."""

from __future__ import annotations

import pytest
from scipy.integrate import quad

from itembank import mastery_by_sampling


@pytest.mark.parametrize(
    ("points", "possible", "share"), [(8, 10, 0.7), (0, 5, 0.2), (40, 40, 0.95), (2.5, 6, 0.5)]
)
def test_it_is_the_posteriors_mass_above_the_share(
    points: float, possible: float, share: float
) -> None:
    def density(p: float) -> float:
        return float(p ** (points - 0.5) * (1 - p) ** (possible - points - 0.5))

    whole, above = (quad(density, low, 1, limit=500, points=[share])[0] for low in (0, share))
    assert mastery_by_sampling(points, possible, share) == pytest.approx(above / whole, abs=1e-7)


def test_with_nothing_asked_half_the_learners_are_above_a_half() -> None:
    assert mastery_by_sampling(0, 0, 0.5) == pytest.approx(0.5)


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1.0), (1.0, 0.0)])
def test_everything_is_above_nothing_and_nothing_above_everything(
    share: float, expected: float
) -> None:
    assert mastery_by_sampling(3, 5, share) == expected


@pytest.mark.parametrize(
    ("points", "possible", "share", "argument"),
    [
        (6, 5, 0.5, "points"),
        (-1, 5, 0.5, "points"),
        (float("nan"), 5, 0.5, "points"),
        (1, float("inf"), 0.5, "possible"),
        (1, 5, 70.0, "share"),
    ],
)
def test_what_makes_no_sense_is_refused(
    points: float, possible: float, share: float, argument: str
) -> None:
    with pytest.raises(ValueError, match=f"`{argument}` must be"):
        mastery_by_sampling(points, possible, share)
