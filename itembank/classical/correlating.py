"""Correlations of what persons have on one item with what they have on the others."""

from __future__ import annotations

import math

import numpy as np

from itembank.arguments import FloatArray


def correlation(one: FloatArray, other: FloatArray) -> float:
    """Return the correlation over persons of whom both are known; NaN where either is constant."""
    known = np.isfinite(one) & np.isfinite(other)
    if np.count_nonzero(known) < 2:
        return math.nan
    a, b = one[known] - one[known].mean(), other[known] - other[known].mean()
    spread = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / spread if spread > 0 else math.nan


def rest_shares(scores: FloatArray, tops: FloatArray) -> FloatArray:
    """Return each person's share of the points of the other items given, (n_persons, n_items).

    `scores` have NaN where an item was not given, and `tops` are the items' highest scores. NaN for
    a person who was given no other item.
    """
    given = np.isfinite(scores)
    points = np.where(given, scores, 0.0)
    possible = given * tops
    room = possible.sum(axis=1, keepdims=True) - possible
    others = points.sum(axis=1, keepdims=True) - points
    share = np.divide(others, room, where=room > 0, out=np.full(scores.shape, np.nan))
    return np.asarray(share)
