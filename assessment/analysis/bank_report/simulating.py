"""Simulated sittings of a test as it is delivered: what is answered, and what is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import itembank
from assessment.analysis.bank_report.delivering import Delivered
from assessment.analysis.bank_report.forms import SEED
from itembank.accuracy import RuleAccuracy

PERSONS = 1_000
"""Learners that are simulated, each of whom takes a test twice."""
DECIMALS = 6
RIGHT, ASKED, LIKELY, LOWEST, HIGHEST = range(5)


@dataclass(frozen=True, eq=False)
class Taking:
    """What simulated learners make of a test, as its scoring sees it: rows of five numbers.

    How many questions were right, and asked; the probability that ability is above the mark, and
    what it would be, had less or more been expected beforehand.
    """

    of: Delivered
    mark: itembank.Cut

    def __call__(self, theta: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
        """Return a row for each learner."""
        design = self.of.design
        if design is None:
            scores = self._linear(theta, seed)
        else:
            scores = self._adaptive(design, theta, seed)
        prior = itembank.Prior(self.of.passing.theta)
        ability = itembank.estimate_ability(scores, self.of.parameters, prior=prior)
        found = itembank.classify(ability, self.mark)
        chances = np.column_stack([found.probability, found.lowest, found.highest])
        counts = np.column_stack([(scores == 1).sum(axis=1), (scores >= 0).sum(axis=1)])
        return np.column_stack([counts, np.round(chances, DECIMALS)])

    def _linear(self, theta: NDArray[np.float64], seed: int) -> NDArray[np.int8]:
        """Return answers to forms that are given as often as they were."""
        forms = self.of.forms
        rng = np.random.default_rng(seed)
        given = rng.choice(len(forms), theta.size, p=forms.times / forms.times.sum())
        answers = itembank.simulate_scores(theta, self.of.parameters, seed=seed)
        return np.where(forms.asked[given], answers, -1).astype(np.int8)

    def _adaptive(
        self, design: itembank.AdaptiveDesign, theta: NDArray[np.float64], seed: int
    ) -> NDArray[np.int8]:
        """Return answers to the questions that the design chose for each."""
        done = itembank.simulate_adaptive(design, theta, seed=seed)
        scores = np.full((theta.size, self.of.parameters.n_items), -1, dtype=np.int8)
        person, place = np.nonzero(done.items >= 0)
        scores[person, done.items[person, place]] = done.scores[person, place]
        return scores


def mark_accuracy(of: Delivered, mark: itembank.Cut, needed: float) -> RuleAccuracy:
    """Return how often a mark is decided rightly where mastery needs such a probability.

    It needs it also where less had been expected beforehand, as decisions do.
    """

    def decide(taken: Mapping[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
        (rows,) = taken.values()
        return np.asarray(rows[:, [LIKELY, LOWEST]].min(axis=1) >= needed)

    def truth(abilities: Mapping[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
        (theta,) = abilities.values()
        return np.asarray(theta >= mark.theta)

    key = of.test.key
    return itembank.rule_accuracy(
        {key: Taking(of, mark)},
        decide,
        truth,
        mean=of.people.mean,
        sd=of.people.sd,
        n_persons=PERSONS,
        seed=SEED,
    )
