"""What each rating was expected to be, and how far it is from that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from itembank.arguments import FloatArray, IntArray
from rubrics.facets.clouds import Clouds, Meetings
from rubrics.facets.layout import Layout

BLOCK = 16_384
"""Ratings that are looked at together; those of one person always are."""
_LEAST_VARIANCE = 1e-10


@dataclass(frozen=True, eq=False)
class Moments:
    """Of each rating, over where its person may be: expectations under the model.

    A person drawn from the posterior and the ratings are together as the model has them, so the
    squares have the expectation that they would have if persons were known.
    """

    expected: FloatArray
    variance: FloatArray
    squared: FloatArray
    """The square of the residual."""
    standardised: FloatArray
    """The square of the residual over its variance."""


@dataclass(frozen=True, eq=False)
class Looked:
    """The moments of all ratings, and the information on each pair of levels asked for."""

    moments: Moments
    information: FloatArray


def looked_at(
    meetings: Meetings, clouds: Clouds, layout: Layout, point: FloatArray, pair: IntArray
) -> Looked:
    """Return the moments of ratings, and what they tell of an effect of each `pair`.

    What is not known of persons is taken off the information, as Louis' identity has it.
    """
    found = np.empty((4, meetings.person.size))
    information = np.zeros(int(pair.max()) + 1)
    for rows in _blocks(meetings.person):
        own = meetings.part(rows)
        at = own.reached(clouds, layout, point)
        weights = clouds.weights[own.person]
        found[:, rows] = _moments(own.score, at.mean, at.variance, weights)
        information += np.bincount(pair[rows], found[1, rows], information.size)
        information -= _unknown(own.person, pair[rows], at.mean, weights, information.size)
    return Looked(Moments(*found), information)


def _moments(
    score: FloatArray, mean: FloatArray, variance: FloatArray, weights: FloatArray
) -> FloatArray:
    squares = (score[:, np.newaxis] - mean) ** 2
    each = mean, variance, squares, squares / np.maximum(variance, _LEAST_VARIANCE)
    return np.array([np.einsum("rq,rq->r", own, weights) for own in each])


def _unknown(
    person: IntArray, pair: IntArray, mean: FloatArray, weights: FloatArray, size: int
) -> FloatArray:
    """The variance over persons' posteriors of what is expected in each pair."""
    keys, first, entry = np.unique(person * size + pair, return_index=True, return_inverse=True)
    within = csr_array((np.ones(entry.size), (entry, np.arange(entry.size))))
    total, own = within @ mean, weights[first]
    average = np.einsum("eq,eq->e", total, own)
    spread = np.einsum("eq,eq->e", (total - average[:, np.newaxis]) ** 2, own)
    return np.asarray(np.bincount(keys % size, spread, size))


def _blocks(person: IntArray) -> Iterator[IntArray]:
    """Yield rows of whole persons, about `BLOCK` at a time."""
    order = np.argsort(person, kind="stable")
    ends = np.flatnonzero(np.diff(person[order], append=-1)) + 1
    first = 0
    while first < order.size:
        enough = int(np.searchsorted(ends, first + BLOCK))
        last = int(ends[min(enough, ends.size - 1)])
        yield order[first:last]
        first = last
