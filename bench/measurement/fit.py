"""Fit of items and persons, dependence of pairs, and classical analysis."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench.figures import Figure, Finding
from bench.measurement.sizes import Sizes
from bench.measurement.timing import Work, timed
from bench.measurement.worlds import binary_items, graded_items, scores_of
from itembank import item_analysis, item_fit, local_dependence, person_fit

_SECONDS = 1.0


def measure(sizes: Sizes) -> Iterator[Finding]:
    """Yield what each takes, of right and wrong answers and of graded ones."""
    for name, work in _works(sizes):
        yield Figure(f"{name} {sizes.binary}", timed(work, sizes.repeats).seconds, "s", _SECONDS)


def _works(sizes: Sizes) -> Iterator[tuple[str, Work]]:
    items, graded = binary_items(sizes.binary.items), graded_items(sizes.binary.items)
    scores, grades = scores_of(sizes.binary, items), scores_of(sizes.binary, graded)
    yield "item fit", partial(item_fit, scores, items)
    yield "item fit of five categories", partial(item_fit, grades, graded)
    yield "person fit", partial(person_fit, scores, items)
    yield "person fit of five categories", partial(person_fit, grades, graded)
    yield "local dependence", partial(local_dependence, scores, items)
    yield "classical item analysis", partial(item_analysis, scores)
