"""Exposure control: with what probability each item is given when it is chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from itembank.adaptive.content import Content
from itembank.adaptive.delivery import AdaptiveTest
from itembank.adaptive.design import AdaptiveDesign
from itembank.adaptive.responding import answers
from itembank.adaptive.simulation import Progress, taken
from itembank.arguments import FloatArray, sentence_fault
from itembank.faults import fault

LEAST = 0.001  # no parameter is below this, so that each item can come
_SLACK = 3.5  # standard errors by which a simulated rate may exceed the cap by chance
_NEWEST = 0.15  # the least weight of the newest round in the average
_AIM = 0.98  # of the cap, because the average is known with some error only
_CHECKED = 2  # rounds' worth of tests in the final check


@dataclass(frozen=True, eq=False)
class ExposureControl:
    """Exposure parameters of a design, with the rates that they lead to.

    Attributes
    ----------
    design : AdaptiveDesign
        The design with the parameters in force.
    parameters : ndarray, shape (n_items,)
        The probability that an item is given when it is chosen.
    rates : ndarray, shape (n_items,)
        The share of simulated tests that each item was in, in tests that were not used to find the
        parameters.
    rate : float
        The cap.
    n_tests : int
        How many tests the rates are from.
    n_rounds : int
        How many rounds of simulation found the parameters.
    """

    design: AdaptiveDesign
    parameters: FloatArray
    rates: FloatArray
    rate: float
    n_tests: int
    n_rounds: int

    @property
    def bound(self) -> float:
        """What a rate may be by chance: ``r + 3.5 sqrt(r (1 - r) / n)``."""
        return _bound(self.rate, self.n_tests)


def sympson_hetter(
    design: AdaptiveDesign,
    rate: float,
    *,
    seed: int,
    n_tests: int = 1_000,
    n_rounds: int = 10,
    on_progress: Progress | None = None,
) -> ExposureControl:
    """Return exposure parameters that keep every item's rate of use at or below a cap.

    Rounds of tests are simulated with abilities from the design's prior. After each, the parameter
    of an item is the cap divided by how often the item was chosen, at most 1 (Sympson & Hetter,
    1985). The search begins at the cap itself for every item, which no item can exceed, and so
    comes to its end from the safe side; how often an item was chosen is averaged over rounds, so
    that chance does not move the end. The result is then checked on tests of its own.

    Parameters
    ----------
    design : AdaptiveDesign
        Its own exposure parameters, if it has any, are replaced.
    rate : float
        The cap: the greatest share of tests that an item may be in.
    seed : int
    n_tests, n_rounds : int
        Tests in a round (half as many in the first half of the rounds), and rounds.
    on_progress : callable, optional
        Told the number of rounds done, and of all.

    Raises
    ------
    ValueError
        Where an argument is not as said here, or the items cannot honour the cap: an area gives
        `k` of its items to each test, and has fewer than ``k / rate`` of them; or the simulated
        rates stay above what chance explains.

    References
    ----------
    van der Linden, W. J. (2003). Some alternatives to Sympson-Hetter item-exposure control in
    computerized adaptive testing. Journal of Educational and Behavioral Statistics, 28(3), 249-265.
    """
    _check(design, rate, n_tests, n_rounds)
    rng = np.random.default_rng(seed)
    exposure = np.full(design.parameters.n_items, rate)
    rates: FloatArray | None = None
    for at in range(n_rounds):
        some = n_tests if 2 * at >= n_rounds else n_tests // 2 + 1
        chosen = _chosen_rates(design.with_exposure(exposure), some, rng)
        weight = max(1 / (1 + at / 2), _NEWEST)
        rates = chosen if rates is None else rates + weight * (chosen - rates)
        exposure = _parameters(rates, _AIM * rate)
        if on_progress is not None:
            on_progress(at + 1, n_rounds)
    return _checked(design.with_exposure(exposure), rate, _CHECKED * n_tests, n_rounds, rng)


def _parameters(chosen: FloatArray, rate: float) -> FloatArray:
    return np.asarray(np.clip(rate / np.maximum(chosen, rate), LEAST, 1.0))


def _tests(design: AdaptiveDesign, n_tests: int, rng: np.random.Generator) -> list[AdaptiveTest]:
    respond = answers(design.parameters)
    theta = rng.normal(design.prior.mean, design.prior.sd, n_tests).tolist()
    seeds = rng.integers(2**63, size=n_tests).tolist()
    draws = rng.random((n_tests, design.most_items)).tolist()
    return [
        taken(AdaptiveTest(design, seed=seed), each, respond, row)
        for each, seed, row in zip(theta, seeds, draws, strict=True)
    ]


def _chosen_rates(design: AdaptiveDesign, n_tests: int, rng: np.random.Generator) -> FloatArray:
    """Return the share of tests in which each item was chosen, given or not."""
    count = np.zeros(design.parameters.n_items)
    for test in _tests(design, n_tests, rng):
        count[[*test.tried]] += 1
    return count / n_tests


def _checked(
    design: AdaptiveDesign, rate: float, n_tests: int, n_rounds: int, rng: np.random.Generator
) -> ExposureControl:
    count = np.zeros(design.parameters.n_items)
    for test in _tests(design, n_tests, rng):
        count[[item for item, _ in test.responses]] += 1
    rates = count / n_tests
    if rates.max() > _bound(rate, n_tests):
        allowed = f"a cap that the items can honour (after {n_rounds} rounds)"
        got = f"{rate:g}, where an item is in {rates.max():.3f} of tests"
        raise sentence_fault("rate", allowed, got, f"item {int(rates.argmax())}")
    parameters = np.asarray(design.exposure, dtype=np.float64)
    return ExposureControl(design, parameters, rates, rate, n_tests, n_rounds)


def _bound(rate: float, n_tests: int) -> float:
    return rate + _SLACK * math.sqrt(rate * (1 - rate) / n_tests)


def _check(design: AdaptiveDesign, rate: float, n_tests: int, n_rounds: int) -> None:
    if not 0 < rate <= 1:
        raise fault("rate", "above 0, at most 1", rate)
    for name, value in (("n_tests", n_tests), ("n_rounds", n_rounds)):
        if type(value) is not int or value < 1:
            raise fault(name, "a whole number, 1 or more", value)
    _check_capacity(design.content, rate)


def _check_capacity(content: Content, rate: float) -> None:
    """Refuse a cap at which an area's items together cannot fill its places."""
    for area, own in enumerate(content.members):
        count = content.counts[area]
        if rate * len(own) < count:
            allowed = f"at least {count / len(own):.3g}, for {count} items come from {len(own)}"
            raise fault("rate", allowed, rate, content.names[area] or "the whole test")
