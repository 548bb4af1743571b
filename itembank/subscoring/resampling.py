"""How far what is found of areas would differ with other persons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray, generator_of
from itembank.subscoring.counting import Counted
from itembank.subscoring.covariances import covariances
from itembank.subscoring.reduction import Reductions, reductions, reportings
from itembank.subscoring.results import Augmentation, Forms


@dataclass(frozen=True, eq=False)
class Spread:
    """The error of each area's advantage, and how often its reporting stays: (n_areas,) each."""

    error: FloatArray
    stability: FloatArray


def spread(
    of: Counted, forms: Forms, augmentation: Augmentation, gain: float, *, draws: int, seed: int
) -> Spread:
    """Return the spread over resamples of persons; NaN where none is drawn."""
    if not draws:
        unknown = np.full(len(of.names), np.nan)
        return Spread(unknown, unknown)
    here = reportings(reductions(covariances(of.sums, of.lengths, forms), augmentation), gain)
    again = _again(of, forms, augmentation, draws, seed)
    advantages = np.array([each.subscore - each.total for each in again])
    stays = [[a is b for a, b in zip(reportings(each, gain), here, strict=True)] for each in again]
    return Spread(np.std(advantages, axis=0, ddof=1), np.mean(stays, axis=0))


def _again(
    of: Counted, forms: Forms, augmentation: Augmentation, draws: int, seed: int
) -> list[Reductions]:
    rng = generator_of(seed)
    n = of.n_persons
    each = (np.bincount(rng.integers(n, size=n), minlength=n) for _ in range(draws))
    return [
        reductions(covariances(of.sums, of.lengths, forms, times.astype(float)), augmentation)
        for times in each
    ]
