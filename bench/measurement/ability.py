"""Estimates of very many abilities."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from bench.figures import Figure, Finding
from bench.measurement.sizes import Sizes
from bench.measurement.timing import timed
from bench.measurement.worlds import binary_items, scores_of
from itembank import estimate_ability

_SECONDS = 0.06
_MIRT_SECONDS = 10.6
"""CPU seconds of mirt 1.47 at the same size, measured elsewhere on two cores."""


def measure(sizes: Sizes) -> Iterator[Finding]:
    """Yield what EAP takes, from small integers and from floats."""
    parameters = binary_items(sizes.ability.items)
    scores = scores_of(sizes.ability, parameters)
    repeats = 2 * sizes.repeats
    taken = timed(partial(estimate_ability, scores, parameters), repeats).seconds
    yield Figure(f"EAP {sizes.ability}", taken, "s", _SECONDS)
    floats = scores.astype(np.float64)
    taken = timed(partial(estimate_ability, floats, parameters), repeats).seconds
    yield Figure(f"EAP {sizes.ability}, from floats", taken, "s", _SECONDS)
    yield Figure(f"EAP {sizes.ability}; mirt, elsewhere", taken, "s", _MIRT_SECONDS)
