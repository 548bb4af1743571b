"""The E-step: what blocks of persons add to the log-likelihood and to the expected counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

import numpy as np

from itembank.arguments import FloatArray, ScoreArray
from itembank.calibration.layout import Layout

Result = TypeVar("Result")

BLOCK = 1024
"""Persons in a block: its tables stay in a processor's cache."""


@dataclass(frozen=True, eq=False)
class Block:
    """Persons of one group: scores (n_items, n_persons) in the layout's order, -1 for missing."""

    scores: ScoreArray
    weight: FloatArray | None
    group: int


@dataclass(frozen=True, eq=False)
class Tables:
    """What a block is multiplied with: the layout, and weights (n_nodes, n_rows) by group."""

    layout: Layout
    weights: tuple[FloatArray, ...]


@dataclass(frozen=True, eq=False)
class Sums:
    """What a block of persons adds."""

    group: int
    log_likelihood: float
    counts: FloatArray
    """Posterior mass of each row of indicators, (n_nodes, n_rows); the last is of persons."""


class Mapping(Protocol):
    """Anything that applies a function to blocks, as the built-in `map` does."""

    def __call__(
        self, function: Callable[[Block], Result], blocks: Sequence[Block], /
    ) -> Iterable[Result]:
        """Return what the function makes of each block, in any order."""


@dataclass(frozen=True, eq=False)
class Expectation:
    """The sum over all persons."""

    log_likelihood: float
    counts: tuple[FloatArray, ...]
    """By cluster, (n_items, K, n_nodes)."""
    mass: FloatArray
    """Of each group's persons at each node, (n_groups, n_nodes)."""


def tables(layout: Layout, logs: Sequence[FloatArray], log_density: FloatArray) -> Tables:
    """Return the tables from log-probabilities by cluster and log-weights (n_groups, n_nodes)."""
    shared = layout.weights(logs)
    by_group = []
    for each in log_density:
        own = shared.copy()
        own[:, -1] += each
        by_group.append(own)
    return Tables(layout, tuple(by_group))


def block_sums(block: Block, at: Tables) -> Sums:
    """Return a block's log-likelihood and expected counts."""
    rows = at.layout.indicators(block.scores)
    posterior = at.weights[block.group] @ rows
    top = posterior.max(axis=0)
    posterior -= top
    np.exp(posterior, out=posterior)
    total = posterior.sum(axis=0)
    marginal = np.log(total) + top
    weight = 1.0 if block.weight is None else block.weight
    posterior *= weight / total
    return Sums(block.group, float(np.sum(marginal * weight)), posterior @ rows.T)


def expectation(blocks: Sequence[Block], at: Tables, apply: Mapping) -> Expectation:
    """Return the sum of what blocks add, through the one seam `apply(function, blocks)`."""
    n_nodes, n_rows = at.weights[0].shape
    total, mass = np.zeros((n_nodes, n_rows)), np.zeros((len(at.weights), n_nodes))
    log_likelihood = 0.0
    for each in apply(partial(block_sums, at=at), blocks):
        log_likelihood += each.log_likelihood
        total += each.counts
        mass[each.group] += each.counts[:, -1]
    return Expectation(log_likelihood, tuple(at.layout.counts(total)), mass)


def narrowest(block: Block, at: Tables, nodes: FloatArray) -> float:
    """Return the smallest standard deviation of a posterior in a block."""
    posterior = at.weights[block.group] @ at.layout.indicators(block.scores)
    posterior -= posterior.max(axis=0)
    np.exp(posterior, out=posterior)
    moments = np.stack([np.ones_like(nodes), nodes, nodes**2]) @ posterior
    mean = moments[1] / moments[0]
    return float(np.sqrt(np.maximum(moments[2] / moments[0] - mean**2, 0.0).min()))
