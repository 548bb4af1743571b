"""Whole adaptive tests of simulated examinees: what a design does before anyone takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from itembank.adaptive.choices import Stop
from itembank.adaptive.content import OUTSIDE
from itembank.adaptive.delivery import AdaptiveTest
from itembank.adaptive.design import AdaptiveDesign
from itembank.adaptive.responding import Answer, answers
from itembank.arguments import BoolArray, FloatArray, IntArray, finite, sentence_fault
from itembank.faults import fault
from itembank.parameters import ItemParameters

_SEEDS = 2**63
_REPORTED = 100  # tests between two reports of progress

Progress = Callable[[int, int], None]
"""What is told how many tests are done, of how many."""


@dataclass(frozen=True, eq=False)
class AdaptiveSimulation:
    """Adaptive tests of simulated examinees, one row each.

    Attributes
    ----------
    design : AdaptiveDesign
    theta : ndarray, shape (n_persons,)
        The true abilities, in logits.
    items, scores : ndarray, shape (n_persons, most items)
        What was given, in order, and its score; -1 after the end of a test.
    estimate, se : ndarray, shape (n_persons,)
        Ability at the end, with its standard error.
    above : ndarray, shape (n_persons,)
        The probability of an ability above the cut; NaN without a cut.
    passed : ndarray of truths, shape (n_persons,)
        The decision: by the likelihood ratio in a sequential test, at its sign where the test was
        cut short; else whether `above` is a half or more.
    stops : tuple of Stop, shape (n_persons,)
    """

    design: AdaptiveDesign
    theta: FloatArray
    items: IntArray
    scores: NDArray[np.int8]
    estimate: FloatArray
    se: FloatArray
    above: FloatArray
    passed: BoolArray
    stops: tuple[Stop, ...]

    @cached_property
    def lengths(self) -> IntArray:
        """How many items each test had, shape (n_persons,)."""
        return np.asarray((self.items >= 0).sum(axis=1))

    @cached_property
    def given(self) -> IntArray:
        """How many tests each item was in, shape (n_items,)."""
        flat = self.items[self.items >= 0]
        return np.bincount(flat, minlength=self.design.parameters.n_items)

    @property
    def exposure(self) -> FloatArray:
        """The share of tests that each item was in, shape (n_items,)."""
        return self.given / len(self.theta)

    @property
    def overlap(self) -> float:
        """The share of a test that it has in common with another, on average over all pairs."""
        pairs = len(self.theta) * (len(self.theta) - 1)
        shared = float((self.given * (self.given - 1)).sum())
        return shared / pairs / float(self.lengths.mean()) if pairs else float("nan")

    @property
    def bias(self) -> float:
        """The mean error of the estimates, in logits."""
        return float((self.estimate - self.theta).mean())

    @property
    def rmse(self) -> float:
        """The root mean square error of the estimates, in logits."""
        return float(np.sqrt(((self.estimate - self.theta) ** 2).mean()))

    @property
    def accuracy(self) -> float:
        """The share of decisions that agree with the true ability; NaN without a cut."""
        return _share(self.passed == self._is_above, self._is_above | self._is_below)

    @property
    def false_positive(self) -> float:
        """The share that pass among those below the cut; NaN where there are none."""
        return _share(self.passed, self._is_below)

    @property
    def false_negative(self) -> float:
        """The share that do not pass among those at or above the cut; NaN where there are none."""
        return _share(~self.passed, self._is_above)

    @cached_property
    def area_counts(self) -> IntArray:
        """How many items of each area each test had, shape (n_persons, n_areas)."""
        of_item = np.array([*self.design.content.area_of, OUTSIDE])
        areas = of_item[self.items]
        return np.stack([(areas == at).sum(axis=1) for at in range(self._n_areas)], axis=1)

    @cached_property
    def violations(self) -> int:
        """How many tests break the blueprint, a minimum, or have enemies or a repeat: 0, always."""
        content = self.design.content
        full = self.lengths == content.total
        wrong = np.where(
            full[:, np.newaxis],
            self.area_counts != np.array(content.counts),
            (self.area_counts < np.array(content.least))
            | (self.area_counts > np.array(content.counts)),
        ).any(axis=1)
        wrong |= self.lengths < self.design.fewest_items
        for person, row in enumerate(self.items):
            wrong[person] |= _clash(set(row[row >= 0].tolist()), self, person)
        return int(wrong.sum())

    @property
    def _n_areas(self) -> int:
        return len(self.design.content.names)

    @property
    def _cut(self) -> float:
        return float("nan") if self.design.cut is None else self.design.cut

    @property
    def _is_above(self) -> BoolArray:
        return np.asarray(self.theta >= self._cut)

    @property
    def _is_below(self) -> BoolArray:
        return np.asarray(self.theta < self._cut)


def simulate_adaptive(
    design: AdaptiveDesign,
    theta: ArrayLike,
    *,
    seed: int,
    truth: ItemParameters | None = None,
    on_progress: Progress | None = None,
) -> AdaptiveSimulation:
    """Return whole tests of examinees of given abilities.

    Parameters
    ----------
    design : AdaptiveDesign
    theta : array_like, shape (n_persons,)
        True abilities, in logits.
    seed : int
        Of the answers and of each examinee's seed.
    truth : ItemParameters, optional
        What answers are drawn from; by default the design's own parameters. With others it shows
        what errors of calibration cost.
    on_progress : callable, optional
        Told the number of tests done, and of all.

    Raises
    ------
    ValueError
        Where an argument is not as said here.
    """
    abilities = finite("theta", theta, ndim=1, shape="(n_persons,)")
    if not abilities.size:
        raise sentence_fault("theta", "of one person or more", "none")
    respond = answers(_truth(truth, design))
    rng = np.random.default_rng(seed)
    seeds = rng.integers(_SEEDS, size=abilities.size).tolist()
    tests = []
    for at, (ability, own) in enumerate(zip(abilities.tolist(), seeds, strict=True)):
        draws = rng.random(design.most_items).tolist()
        tests.append(taken(AdaptiveTest(design, seed=own), ability, respond, draws))
        done = at + 1
        if on_progress is not None and (done % _REPORTED == 0 or done == abilities.size):
            on_progress(done, abilities.size)
    return _simulation(design, abilities, tests)


def taken(
    test: AdaptiveTest, theta: float, respond: tuple[Answer, ...], draws: list[float]
) -> AdaptiveTest:
    """Return a test taken to its end; `draws` are uniform, one for each item."""
    item = test.next_item()
    for draw in draws:
        if item is None:
            break
        test.record(item, respond[item](theta, draw))
        item = test.next_item()
    return test


def _truth(truth: ItemParameters | None, design: AdaptiveDesign) -> ItemParameters:
    if truth is None:
        return design.parameters
    if not np.array_equal(truth.n_categories, design.parameters.n_categories):
        raise sentence_fault("truth", "of the design's items", "other items or categories")
    return truth


def _simulation(
    design: AdaptiveDesign, theta: FloatArray, tests: list[AdaptiveTest]
) -> AdaptiveSimulation:
    items = np.full((len(tests), design.most_items), -1, dtype=np.int64)
    scores = np.full(items.shape, -1, dtype=np.int8)
    for at, test in enumerate(tests):
        pairs = test.responses
        items[at, : len(pairs)] = [item for item, _ in pairs]
        scores[at, : len(pairs)] = [score for _, score in pairs]
    return AdaptiveSimulation(
        design,
        theta,
        items,
        scores,
        np.array([test.theta for test in tests]),
        np.array([test.se for test in tests]),
        np.array([_above(test) for test in tests]),
        np.array([_passes(test) for test in tests]),
        tuple(test.stopped or Stop.EXHAUSTED for test in tests),
    )


def _above(test: AdaptiveTest) -> float:
    chances = test.chances
    return float("nan") if chances is None else chances.above


def _passes(test: AdaptiveTest) -> bool:
    return test.log_ratio > 0 if test.design.sprt is not None else _above(test) >= 0.5


def _share(holds: BoolArray, among: BoolArray) -> float:
    return float(holds[among].mean()) if among.any() else float("nan")


def _clash(given: set[int], simulation: AdaptiveSimulation, person: int) -> bool:
    """Return whether an item came twice, or two enemies met."""
    enemies = simulation.design.content.enemies
    together = any(not enemies[item].isdisjoint(given) for item in given if item in enemies)
    return together or len(given) < simulation.lengths[person]


@dataclass(frozen=True, slots=True)
class SprtErrors:
    """What a greatest length makes of a sequential test's error rates, found by simulation.

    `false_positive` is the share that pass at ``cut - delta``, `false_negative` the share that do
    not at ``cut + delta``, each of `n_each` tests; `truncated` is the share of all that ended by
    length before the ratio left its bounds; `mean_length` is in items.
    """

    false_positive: float
    false_negative: float
    truncated: float
    mean_length: float
    n_each: int


def sprt_errors(
    design: AdaptiveDesign,
    *,
    n_each: int = 1_000,
    seed: int = 0,
    on_progress: Progress | None = None,
) -> SprtErrors:
    """Return the error rates of a sequential test at the two abilities that it compares.

    Parameters
    ----------
    design : AdaptiveDesign
        With `sprt` and a cut.
    n_each : int
        How many tests to simulate at each of the two abilities, 1 or more.
    seed : int
        Of the answers and of each examinee's seed.
    on_progress : callable, optional
        Told the number of tests done, and of all.

    Raises
    ------
    ValueError
        Where the design has no sequential test, or `n_each` is not positive.

    References
    ----------
    Spray, J. A., & Reckase, M. D. (1996). Comparison of SPRT and sequential Bayes procedures for
    classifying examinees into two categories using a computerized test. Journal of Educational and
    Behavioral Statistics, 21(4), 405-414.
    """
    if design.sprt is None or design.cut is None:
        raise sentence_fault("design", "one with `sprt`", "none")
    if type(n_each) is not int or n_each < 1:
        raise fault("n_each", "a whole number, 1 or more", n_each)
    delta = design.sprt.delta
    theta = np.repeat([design.cut - delta, design.cut + delta], n_each)
    found = simulate_adaptive(design, theta, seed=seed, on_progress=on_progress)
    below, above = found.passed[:n_each], found.passed[n_each:]
    return SprtErrors(
        float(below.mean()),
        float(1 - above.mean()),
        float(np.mean([stop is Stop.LENGTH for stop in found.stops])),
        float(found.lengths.mean()),
        n_each,
    )
