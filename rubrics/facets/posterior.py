"""What is lost by not knowing the persons: the spread of the score over their posteriors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from itembank.arguments import FloatArray, IntArray
from rubrics.facets.categories import Reached
from rubrics.facets.information import Rows

BLOCK = 500_000
"""Products of pairs of parameters that are held at once."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """Which parameters the score of each person has a part in.

    There is an entry for each person and parameter that meet, those of persons with as many entries
    together. The score of an entry is a row of `within` times what cells expect: categories first,
    then the gain of each step, and last the score of the prior.
    """

    within: csr_array
    person: IntArray
    parameter: IntArray
    n_parameters: int

    def missing(self, at: Reached, posterior: FloatArray, prior_score: FloatArray) -> csr_array:
        """Return the sum over persons of the covariance of their score over the posterior."""
        expected = np.concatenate([at.mean, *at.above, prior_score[np.newaxis]])
        total = csr_array((self.n_parameters, self.n_parameters))
        for entries, count in self._blocks():
            score = (self.within[entries] @ expected).reshape(-1, count, prior_score.size)
            weights = posterior[self.person[entries][::count], np.newaxis]
            total = total + self._summed(_covariance(score, weights), entries)
        return total

    def _summed(self, products: FloatArray, entries: slice) -> csr_array:
        """The sum over persons of (n_persons, n_entries, n_entries), each at its parameters."""
        own = self.parameter[entries].reshape(len(products), -1)
        rows = np.broadcast_to(own[:, :, np.newaxis], products.shape).ravel()
        columns = np.broadcast_to(own[:, np.newaxis], products.shape).ravel()
        shape = (self.n_parameters, self.n_parameters)
        return csr_array((products.ravel(), (rows, columns)), shape=shape)

    def _blocks(self) -> Iterator[tuple[slice, int]]:
        """Yield entries of some persons with as many each, and how many that is."""
        counts = np.bincount(self.person)[self.person]
        for count in np.unique(counts).tolist():
            first, end = np.searchsorted(counts, [count, count + 1]).tolist()
            size = max(1, BLOCK // count**2) * count
            for start in range(first, end, size):
                yield slice(start, min(start + size, end)), count


def _covariance(score: FloatArray, weights: FloatArray) -> FloatArray:
    """The covariance of (n_persons, n_entries, n_nodes), by weights (n_persons, 1, n_nodes)."""
    score -= score @ weights.transpose(0, 2, 1)
    score *= np.sqrt(weights)
    return np.asarray(score @ score.transpose(0, 2, 1))


@dataclass(frozen=True, eq=False)
class Parts:
    """Of each part of a score: whose it is, of which parameter, and what of `within` it adds."""

    person: IntArray
    parameter: IntArray
    column: IntArray


def pattern_of(person: IntArray, cell: IntArray, rows: Rows) -> Pattern:
    """Return the pattern of ratings, of which each is in a cell; the last parameter is the SD's."""
    n_persons, layout = int(person.max()) + 1, rows.layout
    parts = _parts(person, cell, rows)
    keys = parts.person * layout.n_parameters + parts.parameter
    found, entry = np.unique(keys, return_inverse=True)
    whose = found // layout.n_parameters
    order = np.lexsort((found, np.bincount(whose, minlength=n_persons)[whose]))
    shape = (found.size, rows.group.size * (1 + layout.gains.shape[1]) + 1)
    within = csr_array((np.ones(entry.size), (np.argsort(order)[entry], parts.column)), shape=shape)
    sorted_keys = found[order]
    return Pattern(
        within,
        sorted_keys // layout.n_parameters,
        sorted_keys % layout.n_parameters,
        layout.n_parameters,
    )


def _parts(person: IntArray, cell: IntArray, rows: Rows) -> Parts:
    layout, n_cells = rows.layout, rows.group.size
    found = [
        (person, start + levels[cell], cell)
        for start, levels in zip(layout.starts, rows.levels, strict=False)
    ]
    for step, places in enumerate(layout.steps.T):
        own = places[rows.group[cell]]
        real = own >= 0
        found.append((person[real], own[real], cell[real] + (1 + step) * n_cells))
    everybody = np.unique(person)
    last = np.full_like(everybody, layout.n_parameters - 1)
    prior = np.full_like(everybody, n_cells * (1 + layout.gains.shape[1]))
    found.append((everybody, last, prior))
    return Parts(*(np.concatenate(each) for each in zip(*found, strict=True)))
