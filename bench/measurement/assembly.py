"""Parallel forms of an examination from a bank of a thousand items."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench.figures import Figure, Finding
from bench.measurement.sizes import Sizes
from bench.measurement.timing import timed
from bench.measurement.worlds import binary_items
from itembank import Assembly, assemble

_SECONDS = 30.0
_AREAS = 10
_FORMS = 5
_PAIRS = 20
"""One item in so many has an enemy."""


def measure(sizes: Sizes) -> Iterator[Finding]:
    """Yield what forms take that share no item, are alike at the cut, and cover ten areas."""
    done = timed(partial(_forms, sizes.assembled))
    if not done.result.is_finished:
        raise RuntimeError("no forms within a hundredth of the best in the time given")
    name = f"{_FORMS} parallel forms of {len(done.result.forms[0])} from {sizes.assembled:,} items"
    yield Figure(name, done.seconds, "s", _SECONDS)


def _forms(n_items: int) -> Assembly:
    per_area = n_items // (4 * _AREAS * _FORMS)
    return assemble(
        binary_items(n_items, guessing=True),
        {f"area-{area}": per_area for area in range(_AREAS)},
        n_forms=_FORMS,
        theta=0.0,
        areas=[f"area-{item % _AREAS}" for item in range(n_items)],
        overlap=0,
        enemies={item: {item + _AREAS} for item in range(0, n_items - _AREAS, _PAIRS)},
    )
