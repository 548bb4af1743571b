"""How accurately tests and rules decide, and what areas tell: on a sample of abilities."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench.figures import Figure, Finding
from bench.measurement.sizes import Sizes
from bench.measurement.timing import Work, timed
from bench.measurement.worlds import binary_items, graded_items, scores_of
from itembank import (
    classification_accuracy,
    rule_accuracy,
    simulate_abilities,
    subscores,
)
from itembank.accuracy import reaching, truly_reaching

_SECONDS = 1.0
_DRAWS = 200


def measure(sizes: Sizes) -> Iterator[Finding]:
    """Yield what each takes, for a sample of abilities as large as that of persons."""
    for name, work in _works(sizes):
        yield Figure(name.format(sizes.binary), timed(work, sizes.repeats).seconds, "s", _SECONDS)


def _works(sizes: Sizes) -> Iterator[tuple[str, Work]]:
    persons, n_items = sizes.binary.persons, sizes.binary.items
    items, graded = binary_items(n_items), graded_items(n_items)
    theta = simulate_abilities(persons, seed=5)
    classify = partial(classification_accuracy, theta=theta)
    yield "classification by sums {}", partial(classify, items, [n_items // 2])
    yield "classification by sums of five categories {}", partial(classify, graded, [2 * n_items])
    yield "classification by estimates {}", partial(classify, items, [0.0], method="rudner")
    measures, cuts = {"test": items}, {"test": n_items / 2}
    decide, truth = reaching(cuts), truly_reaching(measures, cuts)
    yield "a rule, simulated {}", partial(rule_accuracy, measures, decide, truth, n_persons=persons)
    scores = scores_of(sizes.binary, items)
    areas = [f"area {item % 5}" for item in range(n_items)]
    yield "subscores of 5 areas {}", partial(subscores, scores, areas)
    yield (
        f"subscores of 5 areas {{}}, {_DRAWS} resamples",
        partial(subscores, scores, areas, draws=_DRAWS),
    )
