"""Differential functioning by each method: below a second, or thirty for likelihood ratios."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bench.figures import Figure, Finding
from bench.measurement.sizes import Sizes
from bench.measurement.timing import Work, timed
from bench.measurement.worlds import Scores, binary_items, graded_items, scores_of
from itembank import dif, simulate_abilities

_SECONDS = 1.0
_RATIO_SECONDS = 30.0


def measure(sizes: Sizes) -> Iterator[Finding]:
    """Yield what each method takes for all items."""
    for name, work in _works(sizes):
        yield Figure(f"{name} {sizes.binary}", timed(work, sizes.repeats).seconds, "s", _SECONDS)
    ratio = timed(partial(dif, *_people(sizes), "likelihood-ratio")).seconds
    name = f"differential functioning, likelihood ratios {sizes.binary}"
    yield Figure(name, ratio, "s", _RATIO_SECONDS)


def _works(sizes: Sizes) -> Iterator[tuple[str, Work]]:
    scores, groups = _people(sizes)
    grades = scores_of(sizes.binary, graded_items(sizes.binary.items))
    abilities = simulate_abilities(len(groups), seed=10)
    for method in ("mantel-haenszel", "logistic"):
        own = f"differential functioning, {method}"
        yield own, partial(dif, scores, groups, method)
        yield f"{own}, purified", partial(dif, scores, groups, method, purify=True)
        yield f"{own} on abilities", partial(dif, scores, groups, method, matching=abilities)
    name = "differential functioning, mantel-haenszel of five categories"
    yield name, partial(dif, grades, groups)


def _people(sizes: Sizes) -> tuple[Scores, NDArray[np.int64]]:
    scores = scores_of(sizes.binary, binary_items(sizes.binary.items))
    return scores, np.arange(len(scores)) % 2
