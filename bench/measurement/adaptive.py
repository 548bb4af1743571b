"""The next item of an adaptive test, with everything that a test observes, beside catsim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from bench.figures import Figure, Finding, Skipped
from bench.measurement.sizes import Sizes
from bench.measurement.timing import timed
from bench.measurement.worlds import Scores, binary_items
from itembank import (
    AdaptiveDesign,
    AdaptiveTest,
    ItemParameters,
    simulate_abilities,
    simulate_scores,
)

_MICROSECONDS = 20.0
_AREAS = 10
_PER_AREA = 3
_PAIRS = 20
"""One item in so many has an enemy."""


@dataclass(frozen=True, eq=False)
class World:
    """A bank, the design of a test from it, and what each examinee answers to every item."""

    parameters: ItemParameters
    design: AdaptiveDesign
    answers: list[list[int]]


def measure(sizes: Sizes) -> Iterator[Finding]:
    """Yield what the next item takes, with the ability updated and the log kept."""
    world = _world(sizes)
    _examine(world)  # what is computed once for a design is not timed
    done = timed(partial(_examine, world), sizes.repeats)
    ours = done.seconds / done.result * 1e6
    name = f"next adaptive item, bank of {sizes.bank:,}, content, exposure, enemies"
    yield Figure(name, ours, "µs", _MICROSECONDS)
    name = f"next adaptive item, bank of {sizes.bank:,}; catsim without content or enemies"
    if find_spec("catsim") is None:
        yield Skipped(name, "catsim is not installed (extra: bench)")
        return
    theirs = timed(partial(_examine_with_catsim, world, sizes.catsim_examinees))
    yield Figure(name, ours, "µs", theirs.seconds / theirs.result * 1e6)


def _world(sizes: Sizes) -> World:
    parameters = binary_items(sizes.bank, guessing=True)
    areas = [f"area-{item % _AREAS}" for item in range(sizes.bank)]
    pairs = {item: {item + _AREAS} for item in range(0, sizes.bank - _AREAS, _PAIRS)}
    exposure = np.random.default_rng(5).uniform(0.4, 1.0, sizes.bank)
    blueprint = {f"area-{area}": _PER_AREA for area in range(_AREAS)}
    design = AdaptiveDesign(
        parameters, areas=areas, blueprint=blueprint, enemies=pairs, exposure=exposure
    )
    theta = simulate_abilities(sizes.examinees, seed=6)
    answers: Scores = simulate_scores(theta, parameters, seed=7)
    return World(parameters, design, answers.tolist())


def _examine(world: World) -> int:
    """Return how many items were given in a test of everybody."""
    given = 0
    for seed, answers in enumerate(world.answers):
        test = AdaptiveTest(world.design, seed=seed)
        while (item := test.next_item()) is not None:
            test.record(item, answers[item])
            given += 1
    return given


def _examine_with_catsim(world: World, examinees: int) -> int:
    """Return how many items catsim gave, in tests as long as ours."""
    from catsim import ItemBank  # noqa: PLC0415 - only where it is installed
    from catsim.estimation import NumericalSearchEstimator  # noqa: PLC0415 - likewise
    from catsim.selection import MaxInfoSelector  # noqa: PLC0415 - likewise

    bank, length = ItemBank(_catsim_items(world.parameters)), _AREAS * _PER_AREA
    selector, estimator = MaxInfoSelector(), NumericalSearchEstimator()
    for answers in world.answers[:examinees]:
        theta = 0.0
        given: list[int] = []
        for _ in range(length):
            item = selector.select(None, bank, given, theta)
            if item is None:
                raise RuntimeError("catsim found no next item")
            given.append(item)
            right = [answers[item] == 1 for item in given]
            theta = float(estimator.estimate(None, bank, given, right, theta))
    return examinees * length


def _catsim_items(parameters: ItemParameters) -> NDArray[np.float64]:
    """Return a row an item, as catsim has them: a, b, c, d."""
    columns = (parameters.slope, parameters.difficulty, parameters.guessing, parameters.upper)
    return np.column_stack(columns)
