"""A bank of which two tests, or two forms, ask different questions: made up from a known model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

import itembank
from assessment.analysis.responses import AskedItem, RecordedScores

ITEMS = 20
FIRST, SECOND = range(12), range(8, ITEMS)
"""What two forms ask: four questions are in both."""


def truth() -> itembank.ItemParameters:
    """Return the items of the bank."""
    rng = np.random.default_rng(11)
    return itembank.ItemParameters("2pl", rng.uniform(0.8, 1.8, ITEMS), rng.normal(size=ITEMS))


def answered(tests: Sequence[str], seed: int = 1) -> RecordedScores:
    """Return what as many learners answered, each to all items of the bank."""
    theta = itembank.simulate_abilities(len(tests), seed=seed)
    scores = itembank.simulate_scores(theta, truth(), seed=seed).astype(np.int8)
    items = tuple(AskedItem(f"q-{n:02d}", "a", f"version-{n}") for n in range(ITEMS))
    learners = tuple(f"learner-{n:04d}" for n in range(len(tests)))
    return RecordedScores(scores, items, tuple(tests), learners=learners)


def asking(recorded: RecordedScores, given: NDArray[np.bool_]) -> RecordedScores:
    """Return the same where each learner was asked some items alone."""
    return replace(recorded, scores=np.where(given, recorded.scores, -1).astype(np.int8))


def two_forms(of_first: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what each is asked: the first form, or the second."""
    given = np.zeros((len(of_first), ITEMS), dtype=bool)
    given[np.ix_(of_first, list(FIRST))] = True
    given[np.ix_(~of_first, list(SECOND))] = True
    return given


def two_tests(persons: int) -> RecordedScores:
    """Return sittings of a pre-test and of a post-test of one bank, of so many learners each."""
    first = np.repeat([True, False], persons)
    return asking(answered(["pre"] * persons + ["post"] * persons), two_forms(first))


def drawn(persons: int, length: int = 10, seed: int = 3) -> RecordedScores:
    """Return sittings of a test whose questions are drawn for each learner."""
    order = np.random.default_rng(seed).random((persons, ITEMS)).argsort(axis=1)
    return asking(answered(["drawn"] * persons), order < length)
