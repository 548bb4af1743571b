"""Scores of an item among persons of each total score: seen, and expected under the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from itembank.ability.posterior import Precision, grid_for
from itembank.arguments import FloatArray, IntArray
from itembank.curves import category_probability
from itembank.fit.subject import Subject

_FINE = Precision(fineness=1.0, reach=6.0)


@dataclass(frozen=True, eq=False)
class ScoreGroups:
    """What persons of each total score had for one item, and what they were expected to.

    The total is of the whole test. Only totals that somebody had, and that do not by themselves say
    what the item's score was, are here.

    Attributes
    ----------
    total : ndarray of int, shape (n_groups,)
    n : ndarray, shape (n_groups,)
        Persons with that total, counted with their weights.
    observed, expected : ndarray, shape (n_groups, n_categories)
        How many of them had each score of the item; `expected` adds up to `n` as `observed` does.
    """

    total: IntArray
    n: FloatArray
    observed: FloatArray
    expected: FloatArray


def score_groups(of: Subject, complete: IntArray) -> Iterator[ScoreGroups]:
    """Return the groups of each item in turn, of the persons of some rows, who answered all.

    The expected shares are ``P_k(theta) S(total - k | theta)`` over the same for all k, integrated
    over ability, S being the distribution of the total of the other items (Lord & Wingersky, 1984).

    References
    ----------
    Lord, F. M., & Wingersky, M. S. (1984). Comparison of IRT true-score and equipercentile
    observed-score "equatings". Applied Psychological Measurement, 8(4), 453-461.
    """
    scores = of.matrix.values[complete].T.astype(np.int64)
    weight = of.weights[complete]
    total = scores.sum(axis=0)
    density, curves = _curves(of)
    tops = of.parameters.n_categories - 1
    for item, others in enumerate(_in_order(curves, tops)):
        joint = _joint(density, curves[:, item, : tops[item] + 1], others)
        yield _groups(_table(total, scores[item], weight, joint.shape), joint)


def _curves(of: Subject) -> tuple[FloatArray, FloatArray]:
    """Return weights of nodes of ability, and every item's curves there."""
    grid = grid_for(of.parameters, of.prior, _FINE)
    density = np.exp(-0.5 * of.prior.precision * grid.offsets**2)
    return density / density.sum(), category_probability(grid.nodes, of.parameters)


def _in_order(curves: FloatArray, tops: IntArray) -> list[FloatArray]:
    """Return the distribution of the other items' total, for each item in order."""
    nothing = np.ones((len(curves), 1))
    found = dict(_without_each(nothing, range(len(tops)), curves, tops))
    return [found[item] for item in range(len(tops))]


def _without_each(
    others: FloatArray, items: Sequence[int], curves: FloatArray, tops: IntArray
) -> Iterator[tuple[int, FloatArray]]:
    """Return, of each of some items, the distribution of the total of all but that one.

    `others` is that of the items that are not among them. Halving needs as many additions as there
    are items, times the logarithm of that; nothing is ever taken out again, which would not be
    exact.
    """
    if len(items) == 1:
        yield items[0], others
        return
    half = len(items) // 2
    for mine, rest in ((items[:half], items[half:]), (items[half:], items[:half])):
        with_rest = others
        for item in rest:
            with_rest = _added(with_rest, curves[:, item, : tops[item] + 1])
        yield from _without_each(with_rest, mine, curves, tops)


def _added(totals: FloatArray, curve: FloatArray) -> FloatArray:
    """Return the distribution of a total, (n_nodes, n_totals), with one more item in it."""
    width = totals.shape[1]
    found = np.zeros((len(totals), width + curve.shape[1] - 1))
    for score in range(curve.shape[1]):
        found[:, score : score + width] += totals * curve[:, score, np.newaxis]
    return found


def _joint(density: FloatArray, curve: FloatArray, others: FloatArray) -> FloatArray:
    """Return the probability of each total with each score of the item, (n_totals, n_scores)."""
    width, n_scores = others.shape[1], curve.shape[1]
    found = np.zeros((width + n_scores - 1, n_scores))
    for score, weighted in enumerate((density[:, np.newaxis] * curve).T):
        found[score : score + width, score] = weighted @ others
    return found


def _table(
    total: IntArray, score: IntArray, weight: FloatArray, shape: tuple[int, ...]
) -> FloatArray:
    cells = np.bincount(total * shape[1] + score, weights=weight, minlength=shape[0] * shape[1])
    return cells.reshape(shape).astype(np.float64)


def _groups(observed: FloatArray, joint: FloatArray) -> ScoreGroups:
    n = observed.sum(axis=1)
    tells = (joint > 0).sum(axis=1) > 1
    total = np.flatnonzero((n > 0) & tells)
    share = joint[total] / joint[total].sum(axis=1, keepdims=True)
    return ScoreGroups(total, n[total], observed[total], share * n[total, np.newaxis])
