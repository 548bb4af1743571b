"""What is flagged of a calibrated item, on each side of the limit that flags it."""

from __future__ import annotations

import numpy as np
import pytest

from itembank import ItemParameters
from itembank.calibration import Concern, Latent, StandardErrors
from itembank.calibration.reporting import flags

GROUPS = (Latent(0.0, 1.0), Latent(1.0, 0.5))
"""From 4 SDs below the lower to 4 SDs above the higher: -4 to 4 logits."""


def concerns(
    *,
    slope: float = 1.0,
    threshold: float = 0.0,
    slope_se: float = 0.1,
    threshold_se: float = 0.1,
) -> list[Concern]:
    none = np.array([np.nan])
    spread = StandardErrors(np.array([slope_se]), np.array([[threshold_se]]), none, none)
    item = ItemParameters("2pl", slope, [threshold])
    return [flag.concern for flag in flags(item, spread, GROUPS, (0,))]


@pytest.mark.parametrize(
    ("name", "sound", "not_sound", "concern"),
    [
        ("slope", 0.2, 0.199, Concern.SLOPE_NEAR_ZERO),
        ("slope", 0.2, -0.5, Concern.SLOPE_NEGATIVE),
        ("slope", 8.0, 8.01, Concern.SLOPE_VERY_STEEP),
        ("threshold", 4.0, 4.01, Concern.OUTSIDE_DATA),
        ("threshold", -4.0, -4.01, Concern.OUTSIDE_DATA),
        ("slope_se", 0.30, 0.301, Concern.IMPRECISE),
        ("threshold_se", 0.35, 0.351, Concern.IMPRECISE),
        ("threshold_se", 0.35, np.nan, Concern.NO_STANDARD_ERROR),
    ],
)
def test_an_item_is_flagged_beyond_its_limit_and_not_at_it(
    name: str, sound: float, not_sound: float, concern: Concern
) -> None:
    assert concerns(**{name: sound}) == []
    assert concerns(**{name: not_sound}) == [concern]
