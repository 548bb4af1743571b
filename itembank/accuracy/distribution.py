"""The abilities that a test is judged on: a normal distribution in pieces, or what is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from itembank.arguments import FloatArray, finite, sentence_fault
from itembank.faults import fault
from itembank.linking.weighting import AbilityWeights

_REACH = 6.0
"""Standard deviations of the normal distribution that count."""
_WIDEST = 0.4
"""Of a piece, in standard deviations."""
_POINTS = 8
"""Gauss-Legendre nodes in each piece; none lies where it ends."""
_LOOKED_AT = 481
"""Places between which a curve is taken to reach a level once."""


@dataclass(frozen=True)
class Normal:
    """A normal distribution of ability, in logits."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        finite("mean", self.mean, ndim=0)
        if not 0 < self.sd < np.inf:
            raise fault("sd", "positive and finite", self.sd)

    def crossings(
        self, curve: Callable[[FloatArray], FloatArray], levels: FloatArray
    ) -> FloatArray:
        """Return where a curve of abilities passes through levels, whichever way."""
        places = self.mean + self.sd * np.linspace(-_REACH, _REACH, _LOOKED_AT)
        above = curve(places)[:, np.newaxis] >= levels
        passes = zip(*np.nonzero(above[1:] != above[:-1]), strict=True)
        return np.array(
            [
                brentq(
                    lambda theta, level=levels[which]: float(curve(np.array([theta]))[0] - level),
                    places[left],
                    places[left + 1],
                    xtol=1e-12,
                )
                for left, which in passes
            ]
        )

    def pieces(self, ends: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return nodes and weights for functions that are smooth but at some abilities."""
        inner = (ends - self.mean) / self.sd
        inner = np.sort(inner[np.abs(inner) < _REACH])
        edges = np.concatenate([[-_REACH], inner, [_REACH]])
        counts = np.ceil(np.diff(edges) / _WIDEST).astype(int)
        parts = [
            np.linspace(low, high, count, endpoint=False)
            for low, high, count in zip(edges[:-1], edges[1:], counts.tolist(), strict=True)
        ]
        starts = np.concatenate([*parts, [_REACH]])
        half = np.diff(starts)[:, np.newaxis] / 2
        points, share = leggauss(_POINTS)
        away = (starts[:-1, np.newaxis] + half * (1 + points)).ravel()
        mass = (half * share).ravel() * np.exp(-(away**2) / 2)
        return self.mean + self.sd * away, mass / mass.sum()


def given_abilities(
    nodes: ArrayLike | None, weights: ArrayLike | None, theta: ArrayLike | None
) -> tuple[FloatArray, FloatArray] | None:
    """Return abilities and their weights, which sum to 1; None where none are given."""
    if theta is not None:
        if nodes is not None or weights is not None:
            raise sentence_fault("theta", "given in the stead of `nodes` and `weights`", "both")
        sample = finite("theta", theta, ndim=1, shape="(n_persons,)")
        if not sample.size:
            raise sentence_fault("theta", "of one person or more", "none")
        return sample, np.full(sample.size, 1.0 / sample.size)
    if (nodes is None) != (weights is None):
        got = "`weights` alone" if nodes is None else "`nodes` alone"
        raise sentence_fault("nodes", "given together with `weights`", got)
    if nodes is None:
        return None
    own = AbilityWeights(nodes, weights)
    return own.nodes, own.weights
