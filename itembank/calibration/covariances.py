"""Three ways to the same sum: the covariance of the score given what was observed, over persons.

By two moments of ability, where scores enter through sums and nothing is missing; by a product at
each node, for all models; and person by person, where each was given few of the items.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_array

from itembank.arguments import FloatArray, IntArray
from itembank.calibration.derivatives import Score, Sums

_NO_MASS = 1e-13


def by_moments(
    rows: FloatArray, mass: FloatArray, weight: FloatArray | None, own: Score, nodes: FloatArray
) -> FloatArray:
    """Return it where derivatives are sums of indicators, plain and times ability.

    Ability is counted from the lowest node, so that its moments are positive and have roots.
    """
    if own.sums is None:
        raise TypeError
    indicators, floor, weighted = rows[:-1], own.floor(), _weighted(mass, weight)
    found = _squares_by_moments(indicators, weighted, own.sums, nodes)
    above = nodes - nodes[0]
    counts = indicators @ weighted.T
    slope, plain = own.sums.slope, own.sums.plain + nodes[0] * own.sums.slope
    cross = ((slope @ counts) * above + plain @ counts) @ floor.T
    found += cross + cross.T + (floor * weighted.sum(axis=1)) @ floor.T
    expected = floor @ mass
    expected += own.sums.plain @ indicators
    expected += (own.sums.slope @ indicators) * (nodes @ mass)
    return found - _squares(expected, weight)


def _squares_by_moments(
    indicators: FloatArray, mass: FloatArray, sums: Sums, nodes: FloatArray
) -> FloatArray:
    above = nodes - nodes[0]
    slope, plain = sums.slope, sums.plain + nodes[0] * sums.slope
    moments = np.stack([np.ones_like(above), above, above**2]) @ mass
    none, one, two = (_squares(indicators, moment) for moment in moments)
    cross = slope @ (plain @ one).T
    return np.asarray(slope @ (slope @ two).T + plain @ (plain @ none).T + cross + cross.T)


def by_node(
    rows: FloatArray, mass: FloatArray, weight: FloatArray | None, own: Score
) -> FloatArray:
    """Return it by a product of the indicators at each node."""
    found = -_squares(_expected(rows, mass, own), weight)
    scaled = np.empty_like(rows)
    nodes = zip(_weighted(mass, weight), _coefficients(own, len(rows)), strict=True)
    for at_node, coefficients in nodes:
        if at_node.max() < _NO_MASS:
            continue
        np.multiply(rows, np.sqrt(at_node), out=scaled)
        found += coefficients @ (coefficients @ (scaled @ scaled.T)).T
    return found


def _expected(rows: FloatArray, mass: FloatArray, own: Score) -> FloatArray:
    """Return the expected derivatives of each person, (size, n_persons)."""
    found = np.zeros((own.size, rows.shape[1]))
    for layer in own.layers:
        share = layer.value @ mass
        share *= rows[layer.row]
        found[layer.parameter] += share
    return found


def _coefficients(own: Score, n_rows: int) -> Iterator[csr_array]:
    """Yield at each node what makes derivatives of indicators, (size, n_rows)."""
    parameter = np.concatenate([layer.parameter for layer in own.layers])
    row = np.concatenate([layer.row for layer in own.layers])
    order = np.lexsort((row, parameter))
    values = np.concatenate([layer.value for layer in own.layers])[order]
    starts = np.searchsorted(parameter[order], np.arange(own.size + 1))
    for value in values.T:
        yield csr_array((value, row[order], starts), shape=(own.size, n_rows))


def by_person(
    rows: FloatArray, mass: FloatArray, weight: FloatArray | None, own: Score
) -> FloatArray:
    """Return it from each person's own few parameters."""
    found = np.zeros((own.size, own.size))
    entries = _Entries(rows, own)
    weights = np.ones(rows.shape[1]) if weight is None else weight
    for person in np.flatnonzero(weights).tolist():
        nodes = np.flatnonzero(mass[:, person] > _NO_MASS)
        share = mass[nodes, person]
        mine, each = entries.of(person, nodes)
        each -= (each @ share)[:, np.newaxis]
        each *= np.sqrt(share * weights[person])
        _add_upper(found, mine, each @ each.T)
    return found + np.triu(found, 1).T


def _add_upper(found: FloatArray, places: IntArray, values: FloatArray) -> None:
    """Add to the upper triangle alone, which is a third of the work; places rise."""
    row, column = _upper(len(places))
    found.ravel()[places[row] * len(found) + places[column]] += values[row, column]


@lru_cache(maxsize=4)
def _upper(size: int) -> tuple[IntArray, IntArray]:
    """The places of an upper triangle: most persons were given as many items."""
    row, column = np.triu_indices(size)
    return row, column


class _Entries:
    """The derivatives of each person in a block, in the parameters that they have."""

    def __init__(self, rows: FloatArray, own: Score) -> None:
        self._floor = own.floor()
        self._given = np.zeros((rows.shape[1], own.size), dtype=bool)
        for layer in own.layers:
            if layer.is_floor:
                self._given[:, layer.parameter] = rows[layer.row].T > 0
        above = [layer for layer in own.layers if not layer.is_floor]
        self._parameter = np.concatenate([layer.parameter for layer in above])
        self._value = np.concatenate([layer.value for layer in above])
        row = np.concatenate([layer.row for layer in above])
        self._scored = np.ascontiguousarray(rows[row].T > 0)

    def of(self, person: int, nodes: IntArray) -> tuple[IntArray, FloatArray]:
        """Return which parameters, rising, and their derivatives at some nodes."""
        mine = np.flatnonzero(self._given[person])
        scored = np.flatnonzero(self._scored[person])
        found = self._floor[np.ix_(mine, nodes)]
        place = np.searchsorted(mine, self._parameter[scored])
        found[place] += self._value[np.ix_(scored, nodes)]
        return mine, found


def _weighted(values: FloatArray, weight: FloatArray | None) -> FloatArray:
    return values if weight is None else values * weight


def _squares(values: FloatArray, weight: FloatArray | None) -> FloatArray:
    """Return ``values diag(weight) values'``: the two factors are one, which halves the work."""
    scaled = values if weight is None else values * np.sqrt(weight)
    return np.asarray(scaled @ scaled.T)
