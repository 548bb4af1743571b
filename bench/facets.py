"""The severity of very many raters, measured in a process of its own, on one thread."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from bench.figures import Figure, Finding, Skipped
from bench.measurement import ONE_THREAD
from bench.measurement.lines import finding_of, line_of
from bench.measurement.memory import can_be_measured, peak_growth
from bench.measurement.timing import timed
from bench.places import Places
from rubrics import LongRatings, many_facet

_LIMITS = {"marginal": 30.0, "joint": 5.0}
"""CPU seconds."""
_MEGABYTES = 1_000.0
_STEPS = np.array([-1.2, -0.4, 0.4, 1.2])
_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Design:
    """Performances, each rated by two of the raters on every criterion."""

    performances: int = 36_000
    raters: int = 11_000
    criteria: int = 5

    def __str__(self) -> str:
        return f"{self.performances:,} performances, {self.raters:,} raters"


def measure(_places: Places) -> Iterator[Finding]:
    """Yield what severities take, in seconds and in memory."""
    yield from findings(Design())


def findings(design: Design) -> Iterator[Finding]:
    """Yield what another process finds, as soon as it does."""
    command = [sys.executable, "-m", "bench.facets", json.dumps(asdict(design))]
    with subprocess.Popen(  # noqa: S603 - our own module, no shell
        command, cwd=_ROOT, env=os.environ | ONE_THREAD, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None  # noqa: S101 - a pipe was asked for
        yield from map(finding_of, child.stdout)
    if child.returncode:
        raise RuntimeError(f"measuring ended with {child.returncode}")


def every(design: Design) -> Iterator[Finding]:
    """Yield every figure, measured in this process."""
    ratings = ratings_of(design)
    name = f"many facets, {design}, memory beyond the ratings"
    if can_be_measured():
        yield Figure(name, peak_growth(lambda: many_facet(ratings)), "MB", _MEGABYTES)
    else:
        yield Skipped(name, "this system does not tell")
    for method, limit in _LIMITS.items():
        taken = timed(partial(many_facet, ratings, method=method)).seconds
        yield Figure(f"many facets, {design}, {method}", taken, "s", limit)


def ratings_of(design: Design) -> LongRatings:
    """Return ratings drawn from the model, the same in every run; every rater has some."""
    draw = np.random.default_rng(1)
    first = np.arange(design.performances) % design.raters
    second = (first + draw.integers(1, design.raters, design.performances)) % design.raters
    n_each = 2 * design.criteria
    person = np.repeat(np.arange(design.performances), n_each)
    rater = np.repeat(np.column_stack([first, second]).ravel(), design.criteria)
    criterion = np.tile(np.arange(design.criteria), 2 * design.performances)
    ability = draw.normal(0, 1.2, design.performances)[person]
    severity = draw.normal(0, 0.5, design.raters)[rater]
    eta = ability - severity - np.linspace(-0.6, 0.6, design.criteria)[criterion]
    terms = np.exp(np.outer(eta, np.arange(5)) - np.cumsum([0.0, *_STEPS]))
    reached = np.cumsum(terms, axis=1) / terms.sum(axis=1, keepdims=True)
    category = (draw.random(eta.size)[:, np.newaxis] > reached).sum(axis=1)
    return LongRatings(person, rater, criterion, category)


if __name__ == "__main__":
    for finding in every(Design(**json.loads(sys.argv[1]))):
        sys.stdout.write(line_of(finding))
        sys.stdout.flush()
