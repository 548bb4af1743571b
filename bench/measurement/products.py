"""The least that a calibration must compute: its products and exponentials, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from bench.measurement.worlds import Scores

Floats = NDArray[np.float64]
BLOCK = 512
"""Persons at once: what stays in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """Scores in blocks of persons, as floats; masks say what was given, where not everything was.

    They are made before anything is timed: a limit is what cannot be done without.
    """

    right: tuple[Floats, ...]
    masks: tuple[Floats, ...]


def blocks_of(scores: Scores) -> Blocks:
    """Return scores in blocks, with masks where something is missing."""
    parts = np.array_split(scores, -(-len(scores) // BLOCK))
    right = tuple((part > 0).astype(np.float64) for part in parts)
    given = tuple((part >= 0).astype(np.float64) for part in parts)
    return Blocks(right, given if (scores < 0).any() else ())


def e_step_products(blocks: Blocks, n_nodes: int) -> Floats:
    """Return sums that cost what the products and exponentials of one E-step cost.

    Of a block of persons: scores by log odds, `exp`, and scores by posterior; where there are
    masks, a product with the mask each way as well.
    """
    n_items = blocks.right[0].shape[1]
    weights = np.random.default_rng(3).normal(0, 0.01, (2, n_items, n_nodes))
    counts = np.zeros((2, n_items, n_nodes))
    for right, mask in zip_longest(blocks.right, blocks.masks):
        table = right @ weights[0]
        if mask is not None:
            table += mask @ weights[1]
        np.exp(table, out=table)
        counts[0] += right.T @ table
        if mask is not None:
            counts[1] += mask.T @ table
    return counts


def information_products(blocks: Blocks, n_nodes: int) -> Floats:
    """Return a sum that costs what the products of the observed information of a 2PL cost.

    Each person's posterior; of their scores, the products with themselves weighted by 1, by the
    posterior's first moment and by its second; the posterior means of their derivatives in slopes
    and thresholds, and the product of those with themselves (Louis, 1982).
    """
    n_items = blocks.right[0].shape[1]
    weights = np.random.default_rng(3).normal(0, 0.01, (n_items, n_nodes))
    curves, powers = np.vstack([weights, weights]), np.vander(np.linspace(-1, 1, n_nodes), 3)
    squares, means = np.zeros((n_items, n_items)), np.zeros((2 * n_items, 2 * n_items))
    for right in blocks.right:
        posterior = np.exp(right @ weights)
        for moment in (posterior @ powers).T:
            squares += (right * moment[:, np.newaxis]).T @ right
        expected = posterior @ curves.T
        means += expected.T @ expected
    return squares + means[:n_items, :n_items]
