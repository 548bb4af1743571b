"""Groups of persons by ability, and what was observed in each, with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from itembank.arguments import FloatArray, IntArray
from itembank.curves import category_probability, log_probability
from itembank.parameters import ItemParameters

CONFIDENCE = 0.95
GROUPS = 10
_NODES = np.linspace(-6.0, 6.0, 121)
_EDGES = np.linspace(-2.0, 2.0, GROUPS - 1)
"""Standard deviations from the mean, where groups end."""
_SAMPLE = 4_096
"""So many persons show where they lie and how wide, and are worked through at once."""


@dataclass(frozen=True, eq=False)
class Interval:
    """The ends of intervals, each of the shape of what they are about."""

    lowest: FloatArray
    highest: FloatArray


@dataclass(frozen=True, eq=False)
class Groups:
    """Shares of persons in groups of rising ability.

    `weight` says how much of each person lies in each group, shape (n_persons, n_groups). Each
    column of `mass` says how a group's persons are spread over `points` of ability, and adds up
    to 1, shape (n_points, n_groups).
    """

    weight: FloatArray
    points: FloatArray
    mass: FloatArray

    @property
    def ability(self) -> FloatArray:
        """The mean ability of each group, in logits."""
        return np.asarray(self.points @ self.mass)

    @property
    def size(self) -> FloatArray:
        """How many persons each group is as exact as: ``(sum w)^2 / sum w^2``."""
        return np.asarray(self.weight.sum(axis=0) ** 2 / (self.weight**2).sum(axis=0))

    def share(self, holds: FloatArray) -> FloatArray:
        """Return the weighted share, in each group, of persons of whom something holds (1)."""
        return np.asarray(holds @ self.weight / self.weight.sum(axis=0))

    def expected(self, own: ItemParameters) -> FloatArray:
        """Return what one item's model says of each group, shape (n_groups, n_categories)."""
        return np.asarray(self.mass.T @ category_probability(self.points, own)[:, 0])


def groups_by(theta: FloatArray) -> Groups:
    """Return groups of about as many persons each, in order of their abilities.

    Persons of one ability stay together; there are at most ten groups.
    """
    edges = np.unique(np.quantile(theta, np.arange(1, GROUPS) / GROUPS))
    place = np.searchsorted(edges, theta, side="right")
    weight = (place[:, np.newaxis] == np.unique(place)).astype(np.float64)
    return Groups(weight, theta, weight / weight.sum(axis=0))


def groups_within(scores: IntArray, parameters: ItemParameters) -> Groups:
    """Return ten groups in which each person counts as much as the posterior says.

    Groups formed by a point estimate make curves look steeper than they are, the more so the
    shorter the test; the posterior's shares do not: where the model holds, the observed share is on
    average the model's own. The prior is normal with the mean and SD that the persons show; groups
    are half of that SD wide, and the outermost take what lies beyond two.
    """
    logs = np.maximum(log_probability(_NODES, parameters), np.log(np.finfo(np.float64).tiny))
    blocks = np.array_split(scores, -(-len(scores) // _SAMPLE))
    prior = _fitted(_likelihood(scores[:: len(blocks)], logs))
    mean = float(_NODES @ prior)
    deviation = float(np.sqrt(prior @ (_NODES - mean) ** 2))
    place = np.searchsorted(mean + deviation * _EDGES, _NODES)
    member = (place[:, np.newaxis] == np.unique(place)).astype(np.float64)
    mass, weights = np.zeros((len(_NODES), 1)), []
    for block in blocks:
        posterior = _posterior(block, logs, prior)
        mass += posterior.sum(axis=0)[:, np.newaxis]
        weights.append(posterior @ member)
    spread = mass * member
    return Groups(np.concatenate(weights), _NODES, spread / spread.sum(axis=0))


def _likelihood(scores: IntArray, logs: FloatArray) -> FloatArray:
    """Return the likelihood of each person's scores at each node, up to a factor for each."""
    total = np.zeros((len(scores), len(_NODES)))
    for score in range(logs.shape[2]):
        total += (scores == score).astype(np.float64) @ logs[:, :, score].T
    return np.asarray(np.exp(total - total.max(axis=1, keepdims=True)))


def _posterior(scores: IntArray, logs: FloatArray, prior: FloatArray) -> FloatArray:
    mass = _likelihood(scores, logs) * prior
    return np.asarray(mass / mass.sum(axis=1, keepdims=True))


def _fitted(likelihood: FloatArray, rounds: int = 25) -> FloatArray:
    """Return weights of the nodes, normal, with the persons' own mean and SD, found by EM."""
    prior = _normal(0.0, 1.0)
    for _ in range(rounds):
        share = (likelihood / (likelihood @ prior)[:, np.newaxis]).sum(axis=0) * prior
        mean = float(share @ _NODES / share.sum())
        prior = _normal(mean, float(np.sqrt(share @ (_NODES - mean) ** 2 / share.sum())))
    return prior


def _normal(mean: float, deviation: float) -> FloatArray:
    """Return the normal distribution on the nodes, adding up to 1."""
    height = np.exp(-0.5 * ((_NODES - mean) / deviation) ** 2)
    return np.asarray(height / height.sum())


def interval(share: FloatArray, size: FloatArray) -> Interval:
    """Return the 95 % intervals of shares seen in groups of these sizes.

    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association, 22(158), 209-212.
    """
    z2 = float(ndtri(0.5 + CONFIDENCE / 2)) ** 2
    middle = (share + z2 / (2 * size)) / (1 + z2 / size)
    half = np.sqrt(z2 * (share * (1 - share) / size + z2 / (4 * size**2))) / (1 + z2 / size)
    return Interval(np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1))
