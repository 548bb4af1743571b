"""Calibration beside the products that it cannot do without, and over very many persons."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench.figures import Figure, Finding, Skipped
from bench.measurement import memory
from bench.measurement.products import blocks_of, e_step_products, information_products
from bench.measurement.sizes import Size, Sizes
from bench.measurement.timing import Timed, Work, seconds_in_turn, timed
from bench.measurement.worlds import Scores, binary_items, in_booklets, scores_of
from itembank import calibrate
from itembank.calibration import Calibration

_OF_E_STEPS = 1.5
_OF_OWN_PRODUCTS = 2.0
_THREE_PL_SECONDS = 0.6
_UNEVEN = 1.2
"""How much dearer a person may be among ten times as many, before that is not called linear."""
_BLOCKS_MB = 32
"""What blocks of persons may take, however many persons there are."""
_MIRT = {"2pl": 4.4, "errors": 36.0, "many": 128.0, "3pl": 6.1}
"""CPU seconds of mirt 1.47 at the same sizes, measured elsewhere on two cores."""


def measure(sizes: Sizes) -> Iterator[Finding]:
    """Yield what calibration takes, beside its limits."""
    scores = scores_of(sizes.binary, binary_items(sizes.binary.items))
    yield from _against_products("2PL", scores, sizes)
    yield from _standard_errors(scores, sizes)
    yield from _against_products("2PL by booklets", in_booklets(scores), sizes)
    yield from _guessing(sizes)
    yield from _very_many(sizes)


def _fit(scores: Scores, model: str = "2pl", *, errors: bool = False) -> Calibration:
    """Return a calibration, which must have converged to be timed."""
    found = calibrate(scores, model, standard_errors=errors, minimum=None)
    if not found.converged:
        raise RuntimeError(found.message)
    return found


def _against_products(name: str, scores: Scores, sizes: Sizes) -> Iterator[Finding]:
    first, blocks = _fit(scores), blocks_of(scores)
    nodes, steps = first.grid.nodes.size, first.n_evaluations
    works: list[Work] = [partial(_fit, scores), partial(e_step_products, blocks, nodes)]
    fit, products = seconds_in_turn(works, 2 * sizes.repeats)
    full = f"{name} {sizes.binary}; {steps} E-steps' products of {nodes} nodes"
    yield Figure(full, fit, "s", _OF_E_STEPS * steps * products)


def _standard_errors(scores: Scores, sizes: Sizes) -> Iterator[Finding]:
    blocks, nodes = blocks_of(scores), _fit(scores).grid.nodes.size
    with_errors = partial(_fit, scores, errors=True)
    products_of = partial(information_products, blocks, nodes)
    works: list[Work] = [partial(_fit, scores), with_errors, products_of]
    plain, full, products = seconds_in_turn(works, 2 * sizes.repeats)
    name = f"2PL {sizes.binary}, standard errors; their products"
    yield Figure(name, max(full - plain, 0.0), "s", _OF_OWN_PRODUCTS * products)
    yield Figure(f"2PL {sizes.binary}; mirt, elsewhere", plain, "s", _MIRT["2pl"])
    name = f"2PL {sizes.binary} with standard errors; mirt, elsewhere"
    yield Figure(name, full, "s", _MIRT["errors"])


def _guessing(sizes: Sizes) -> Iterator[Finding]:
    scores = scores_of(sizes.guessing, binary_items(sizes.guessing.items, guessing=True))
    fitted = timed(partial(_fit, scores, "3pl"), sizes.repeats)
    yield Figure(f"3PL {sizes.guessing}", fitted.seconds, "s", _THREE_PL_SECONDS)
    yield Figure(f"3PL {sizes.guessing}; mirt, elsewhere", fitted.seconds, "s", _MIRT["3pl"])


def _very_many(sizes: Sizes) -> Iterator[Finding]:
    fewer = scores_of(sizes.many, binary_items(sizes.many.items))
    few = timed(partial(_fit, fewer), sizes.repeats)
    yield Figure(f"2PL {sizes.many}; mirt, elsewhere", few.seconds, "s", _MIRT["many"])
    scores = scores_of(sizes.most, binary_items(sizes.most.items))
    most: list[Timed[Calibration]] = []
    if memory.can_be_measured():
        grown = memory.peak_growth(lambda: most.append(timed(partial(_fit, scores))))
        name = f"2PL {sizes.most}, memory beyond the scores; one copy and {_BLOCKS_MB} MB"
        yield Figure(name, grown, "MB", scores.nbytes / 1024**2 + _BLOCKS_MB)
    else:
        most.append(timed(partial(_fit, scores)))
        yield Skipped(f"2PL {sizes.most}, memory", "this system does not tell a process its peak")
    yield Figure(f"2PL {sizes.most}", most[0].seconds, "s")
    cost = _nanoseconds(most[0], sizes.most)
    limit = _UNEVEN * _nanoseconds(few, sizes.many)
    name = f"2PL {sizes.most}, an E-step, a person; among {sizes.many.persons:,}"
    yield Figure(name, cost, "ns", limit)


def _nanoseconds(fitted: Timed[Calibration], size: Size) -> float:
    """Return the cost of one person in one E-step."""
    return fitted.seconds / fitted.result.n_evaluations / size.persons * 1e9
