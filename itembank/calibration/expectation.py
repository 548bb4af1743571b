"""The E-step: what blocks of persons add to the log-likelihood and to the expected counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

import numpy as np

from itembank.arguments import FloatArray, ScoreArray
from itembank.calibration.layout import Booklet

Result = TypeVar("Result")

BLOCK = 1_024
"""Persons in a block: its tables stay in a processor's cache."""
_SMALLEST = -600.0
"""A logarithm whose exponential is far from the smallest float."""


@dataclass(frozen=True, eq=False)
class Block:
    """Persons of one group and booklet: scores (n_items, n_persons), -1 for not administered.

    The scores are those of all items, in the order of the clusters.
    """

    scores: ScoreArray
    weight: FloatArray | None
    group: int
    booklet: int


@dataclass(frozen=True, eq=False)
class Tables:
    """What a block is multiplied with: weights (n_nodes, n_rows) of each booklet's rows."""

    booklets: tuple[Booklet, ...]
    weights: tuple[FloatArray, ...]
    log_density: FloatArray
    """(n_groups, n_nodes)."""
    may_vanish: bool
    """Whether some pattern's likelihood may be too small for a float at every node."""

    def rows(self, block: Block) -> FloatArray:
        """Return a block's indicators, (n_rows, n_persons)."""
        own = self.booklets[block.booklet]
        return own.layout.indicators(own.scores(block.scores))

    def log_posterior(self, block: Block, rows: FloatArray) -> FloatArray:
        """Return the logarithm of likelihood times density, (n_nodes, n_persons)."""
        weights = self.weights[block.booklet].copy()
        weights[:, -1] += self.log_density[block.group]
        return np.asarray(weights @ rows)


@dataclass(frozen=True, eq=False)
class Sums:
    """What a block of persons adds."""

    group: int
    booklet: int
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


def tables(
    booklets: tuple[Booklet, ...], logs: Sequence[FloatArray], log_density: FloatArray
) -> Tables:
    """Return the tables from log-probabilities by cluster and log-weights (n_groups, n_nodes)."""
    weights = tuple(each.layout.weights(each.take(logs)) for each in booklets)
    worst = np.sum([log.min(axis=1).sum(axis=0) for log in logs], axis=0)
    smallest = (worst + log_density).max(axis=1).min()
    return Tables(booklets, weights, log_density, bool(smallest < _SMALLEST))


def block_sums(block: Block, at: Tables) -> Sums:
    """Return a block's log-likelihood and expected counts."""
    rows = at.rows(block)
    posterior = at.log_posterior(block, rows)
    top = posterior.max(axis=0) if at.may_vanish else np.zeros(1)
    if at.may_vanish:
        posterior -= top
    np.exp(posterior, out=posterior)
    total = posterior.sum(axis=0)
    marginal = np.log(total) + top
    weight = 1.0 if block.weight is None else block.weight
    posterior *= weight / total
    reached = float(np.sum(marginal * weight))
    return Sums(block.group, block.booklet, reached, posterior @ rows.T)


def expectation(blocks: Sequence[Block], at: Tables, apply: Mapping) -> Expectation:
    """Return the sum of what blocks add, through the one seam `apply(function, blocks)`."""
    mass = np.zeros_like(at.log_density)
    totals = [np.zeros_like(weights) for weights in at.weights]
    log_likelihood = 0.0
    for each in apply(partial(block_sums, at=at), blocks):
        log_likelihood += each.log_likelihood
        totals[each.booklet] += each.counts
        mass[each.group] += each.counts[:, -1]
    return Expectation(log_likelihood, _all_counts(at.booklets, totals), mass)


def _all_counts(
    booklets: Sequence[Booklet], totals: Sequence[FloatArray]
) -> tuple[FloatArray, ...]:
    if booklets[0].rows is None and len(booklets) == 1:
        return tuple(booklets[0].layout.counts(totals[0]))
    found = [
        np.zeros((len(chosen), cluster.n_steps + 1, len(totals[0])))
        for chosen, cluster in zip(booklets[0].chosen, booklets[0].layout.clusters, strict=True)
    ]
    for booklet, total in zip(booklets, totals, strict=True):
        own = booklet.layout.counts(total)
        for each, chosen, counts in zip(found, booklet.chosen, own, strict=True):
            each[chosen] += counts
    return tuple(found)


def posterior(block: Block, at: Tables, rows: FloatArray) -> FloatArray:
    """Return each person's posterior, (n_nodes, n_persons)."""
    found = at.log_posterior(block, rows)
    found -= found.max(axis=0)
    np.exp(found, out=found)
    found /= found.sum(axis=0)
    return found


def narrowest(block: Block, at: Tables, nodes: FloatArray) -> float:
    """Return the smallest standard deviation of a posterior in a block."""
    mass = posterior(block, at, at.rows(block))
    mean, square = np.stack([nodes, nodes**2]) @ mass
    return float(np.sqrt(np.maximum(square - mean**2, 0.0).min()))
