"""Ratings simulated from the model, and what they were simulated from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rubrics.facets import LongRatings

Floats = NDArray[np.float64]
STEPS = np.array([-1.2, -0.4, 0.4, 1.2])


@dataclass(frozen=True, eq=False)
class World:
    """Who is how able, how severe and how hard; and the ratings."""

    ability: Floats
    severity: Floats
    difficulty: Floats
    ratings: LongRatings


def world(
    seed: int,
    *,
    n_persons: int = 600,
    n_raters: int = 20,
    n_criteria: int = 4,
    per_person: int = 2,
    sd: float = 1.2,
) -> World:
    """Return ratings of every person by some raters, drawn at random, on all criteria."""
    draw = np.random.default_rng(seed)
    ability = draw.normal(0, sd, n_persons)
    severity = draw.normal(0, 0.5, n_raters)
    severity -= severity.mean()
    difficulty = np.linspace(-0.6, 0.6, n_criteria)
    chosen = np.argsort(draw.random((n_persons, n_raters)), axis=1)[:, :per_person]
    person = np.repeat(np.arange(n_persons), per_person * n_criteria)
    rater = np.repeat(chosen.ravel(), n_criteria)
    criterion = np.tile(np.arange(n_criteria), n_persons * per_person)
    eta = ability[person] - severity[rater] - difficulty[criterion]
    category = drawn(eta, draw)
    return World(ability, severity, difficulty, LongRatings(person, rater, criterion, category))


def drawn(eta: Floats, draw: np.random.Generator, steps: Floats = STEPS) -> NDArray[np.int64]:
    """Return a category for each place on the scale."""
    sums = np.concatenate([[0.0], np.cumsum(steps)])
    terms = np.exp(np.outer(eta, np.arange(sums.size)) - sums)
    reached = np.cumsum(terms, axis=1) / terms.sum(axis=1, keepdims=True)
    return np.asarray((draw.random(eta.size)[:, np.newaxis] > reached).sum(axis=1))
