"""Answers of simulated examinees, one item at a time, without an array in sight.

An adaptive test asks one item after another of one person: a single curve at a single ability,
which plain arithmetic computes faster than an array of length one.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp

import numpy as np

from itembank.parameters import ItemParameters, Model

Answer = Callable[[float, float], int]
"""The score of an item at an ability, for a uniform draw: how many ``P(score >= k)`` exceed it."""

_STEEP = 700.0  # exp(700) is finite


def answers(parameters: ItemParameters) -> tuple[Answer, ...]:
    """Return for each item what answers it."""
    return tuple(_answer(parameters, item) for item in range(parameters.n_items))


def _answer(parameters: ItemParameters, item: int) -> Answer:
    model, slope = parameters.model[item], float(parameters.slope[item])
    row = parameters.threshold[item]
    thresholds = row[np.isfinite(row)].tolist()
    if model in {Model.PCM, Model.GPCM}:
        return _partial_credit(slope, thresholds)
    if model is Model.GRM:
        return _graded(slope, thresholds)
    floor, ceiling = float(parameters.guessing[item]), float(parameters.upper[item])
    return _dichotomous(slope, thresholds[0], floor, ceiling)


def _dichotomous(slope: float, difficulty: float, floor: float, ceiling: float) -> Answer:
    def answer(theta: float, draw: float) -> int:
        return int(draw < floor + (ceiling - floor) * _logistic(slope * (theta - difficulty)))

    return answer


def _graded(slope: float, thresholds: list[float]) -> Answer:
    def answer(theta: float, draw: float) -> int:
        return sum(draw < _logistic(slope * (theta - each)) for each in thresholds)

    return answer


def _partial_credit(slope: float, thresholds: list[float]) -> Answer:
    def answer(theta: float, draw: float) -> int:
        logs = [0.0]
        for each in thresholds:
            logs.append(logs[-1] + slope * (theta - each))
        top = max(logs)
        weights = [exp(each - top) for each in logs]
        left, score = draw * sum(weights), 0
        while score < len(thresholds) and left < sum(weights[score + 1 :]):
            score += 1
        return score

    return answer


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-x)) if x > -_STEEP else 0.0
