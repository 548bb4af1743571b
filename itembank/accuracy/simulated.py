"""Shares of simulated persons, each with the error that comes of simulating so many only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import BoolArray, FloatArray


@dataclass(frozen=True)
class Share:
    """A share, and its Monte-Carlo standard error: simulating four times as many halves it."""

    value: float
    se: float


@dataclass(frozen=True)
class RuleAccuracy:
    """How well a whole rule decides; shares of all persons, each with its Monte-Carlo error.

    Attributes
    ----------
    accuracy, consistency : Share
        Decided as is true; decided alike twice, on new scores of the same persons.
    kappa : Share
        Consistency beyond chance; NaN where everybody is decided alike.
    false_positive, false_negative : Share
        Granted though not true; refused though true.
    granted, true : Share
        To whom the rule grants, and for whom it is true.
    n_persons : int
        How many were simulated.
    """

    accuracy: Share
    consistency: Share
    kappa: Share
    false_positive: Share
    false_negative: Share
    granted: Share
    true: Share
    n_persons: int


def rule_accuracy_of(first: BoolArray, second: BoolArray, truth: BoolArray) -> RuleAccuracy:
    """Return what two decisions on each person, and what is true of them, make; (n_persons,)."""
    return RuleAccuracy(
        accuracy=_mean((first == truth), (second == truth)),
        consistency=_mean(first == second),
        kappa=_kappa(first, second),
        false_positive=_mean(first & ~truth, second & ~truth),
        false_negative=_mean(~first & truth, ~second & truth),
        granted=_mean(first, second),
        true=_mean(truth),
        n_persons=truth.size,
    )


def _mean(*each: BoolArray) -> Share:
    """Return the mean over decisions and persons; a person's two decisions are one draw."""
    return _share(np.mean(each, axis=0))


def _share(values: FloatArray) -> Share:
    return Share(float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size)))


def _kappa(first: BoolArray, second: BoolArray) -> Share:
    """Return kappa with its error by the delta method, from what each person adds to it."""
    same, granted = (first == second).astype(np.float64), np.mean([first, second], axis=0)
    observed, rate = float(same.mean()), float(granted.mean())
    by_chance = rate**2 + (1 - rate) ** 2
    if by_chance >= 1:
        return Share(float("nan"), float("nan"))
    room = 1 - by_chance
    by_rate = -(1 - observed) / room**2 * (4 * rate - 2)
    adds = (same - observed) / room + by_rate * (granted - rate)
    return Share((observed - by_chance) / room, _share(adds).se)
