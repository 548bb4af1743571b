"""Variances from sparse information, without inverting it whole.

One facet, as a rule the raters, may have many thousand levels: its block is sparse, since few
raters share a person, and it is eliminated; what remains is small.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, diags_array

from itembank.arguments import FloatArray, IntArray, sentence_fault
from rubrics.facets.layout import Layout
from rubrics.facets.newton import solve
from rubrics.facets.origin import Origin

DENSE = 1_500
"""Levels up to which a block is inverted as it is."""
ROWS = 512
"""Rows of powers of a block that are held at once."""
KRYLOV = 4
"""Steps of the expansion of a diagonal."""
_NOTHING = 1e-7
"""Relative to the largest: an eigenvalue that is rounding."""


@dataclass(frozen=True, eq=False)
class Variances:
    """The generalised inverse of an information matrix, as far as variances need it."""

    layout: Layout
    information: csr_array
    origin: Origin

    def errors(self) -> FloatArray:
        """Return the standard error of each parameter as it is reported."""
        found = self._own()
        for facet in range(len(self.layout.sizes)):
            shift, where = self.origin.shift(facet), self.layout.of_facet(facet)
            image = self._times(shift)
            found[where] += 2 * (self.origin.base @ image)[where] + shift @ image
        return np.asarray(np.sqrt(np.where(found > 0, found, np.nan)))

    def error_of(self, contrast: FloatArray) -> float:
        """Return the standard error of a linear combination of parameters."""
        return float(np.sqrt(np.maximum(contrast @ self._times(contrast), 0.0)))

    def require_apart(self) -> None:
        """Refuse facets that stand in for one another, which no errors would show."""
        _ = self.rest

    @cached_property
    def wide(self) -> IntArray:
        """The parameters that are eliminated: the largest facet that no steps belong to."""
        sizes = [
            0 if facet == self.layout.steps_by else size
            for facet, size in enumerate(self.layout.sizes)
        ]
        if not any(sizes):
            return np.arange(0)
        found = self.layout.of_facet(int(np.argmax(sizes)))
        return np.arange(found.start, found.stop)

    @cached_property
    def narrow(self) -> IntArray:
        """The other parameters."""
        return np.setdiff1d(np.arange(self.layout.n_parameters), self.wide)

    @cached_property
    def block(self) -> csr_array:
        """The block of the wide facet."""
        return csr_array(self.information[self.wide][:, self.wide])

    @cached_property
    def _inverse(self) -> FloatArray:
        return np.asarray(np.linalg.inv(self.block.toarray()))

    def _solved(self, right: FloatArray) -> FloatArray:
        """The solution for the wide block, of one vector."""
        if self.wide.size <= DENSE:
            return np.asarray(self._inverse @ right)
        return solve(self.block, right)

    @cached_property
    def _eliminated(self) -> FloatArray:
        """What the wide facet follows the others by, (n_wide, n_narrow)."""
        mixed = self.information[self.wide][:, self.narrow].toarray()
        if not self.wide.size:
            return np.asarray(mixed)
        return np.array([self._solved(column) for column in mixed.T]).T

    @cached_property
    def rest(self) -> FloatArray:
        """The inverse of what remains when the wide facet is eliminated."""
        mixed = self.information[self.narrow][:, self.wide]
        own = self.information[self.narrow][:, self.narrow].toarray() - mixed @ self._eliminated
        return inverse_but(own, self.layout.n_shifts)

    def _times(self, vector: FloatArray) -> FloatArray:
        """The product with the inverse."""
        wide = self._solved(vector[self.wide]) if self.wide.size else vector[self.wide]
        mixed = self.information[self.narrow][:, self.wide]
        found = np.empty_like(vector)
        found[self.narrow] = self.rest @ (vector[self.narrow] - mixed @ wide)
        found[self.wide] = wide - self._eliminated @ found[self.narrow]
        return found

    def _own(self) -> FloatArray:
        """The variances before the facets are shifted."""
        base = self.origin.base[self.narrow][:, self.narrow]
        found = np.empty(self.layout.n_parameters)
        found[self.narrow] = ((base @ self.rest) * base.toarray()).sum(axis=1)
        added = ((self._eliminated @ self.rest) * self._eliminated).sum(axis=1)
        found[self.wide] = self._diagonal() + added
        return found

    def _diagonal(self) -> FloatArray:
        if self.wide.size <= DENSE:
            return np.asarray(np.diag(self._inverse)) if self.wide.size else np.empty(0)
        return inverse_diagonal(self.block)


def inverse_diagonal(matrix: csr_array) -> FloatArray:
    """Return the diagonal of the inverse of a large, sparse, positive matrix.

    For each unit vector `e` the quadratic form ``e' A^-1 e`` is taken from the first powers of the
    scaled matrix: what four steps of conjugate gradients would find, from below. See Golub, G. H.,
    & Meurant, G. (2010). Matrices, moments and quadrature. Princeton University Press.
    """
    scale = 1 / np.sqrt(matrix.diagonal())
    scaled = diags_array(scale) @ matrix @ diags_array(scale)
    around = csr_array(scaled - diags_array(scaled.diagonal()))
    parts = [_quadratic(around, first) for first in range(0, scale.size, ROWS)]
    return np.asarray(np.concatenate(parts) * scale**2)


def _quadratic(around: csr_array, first: int) -> FloatArray:
    """The diagonal of ``(I + around)^-1``, for a block of rows."""
    size = min(ROWS, around.shape[0] - first)
    own = np.arange(size)
    unit = csr_array((np.ones(size), (own, first + own)), shape=(size, around.shape[0]))
    powers = [unit]
    for _ in range(KRYLOV):
        powers.append(csr_array(powers[-1] @ around))
    moments = np.array(
        [powers[k // 2].multiply(powers[k - k // 2]).sum(axis=1) for k in range(2 * KRYLOV)]
    )
    places = np.add.outer(np.arange(KRYLOV), np.arange(KRYLOV))
    gram = moments[places].transpose(2, 0, 1)
    curved = gram + moments[places + 1].transpose(2, 0, 1)
    right = gram[:, 0]
    found = [
        one @ np.linalg.lstsq(of, one, rcond=1e-12)[0]
        for of, one in zip(curved, right, strict=True)
    ]
    return np.array(found)


def inverse_but(matrix: FloatArray, n_shifts: int) -> FloatArray:
    """Return the pseudo-inverse of a matrix that shifts of measures alone make singular."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    real = np.abs(values) > _NOTHING * np.abs(values).max()
    if (~real).sum() > n_shifts:
        got = "facets that stand in for one another"
        raise sentence_fault("ratings", "of facets that vary apart from one another", got)
    return np.asarray((vectors[:, real] / values[real]) @ vectors[:, real].T)
