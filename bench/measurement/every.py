"""All that is measured of the measurement engine, in order."""

from __future__ import annotations

from collections.abc import Iterator

from bench.figures import Finding
from bench.measurement import (
    ability,
    accuracy,
    adaptive,
    assembly,
    calibrating,
    differential,
    fit,
    peers,
)
from bench.measurement.sizes import Sizes


def every(sizes: Sizes) -> Iterator[Finding]:
    """Yield every finding, the quick ones first."""
    for part in (adaptive, ability, accuracy, assembly, fit, differential, calibrating, peers):
        yield from part.measure(sizes)
