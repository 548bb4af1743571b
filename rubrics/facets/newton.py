"""The search for the highest likelihood: Newton's method on sparse information."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from scipy.sparse import csr_array

from itembank.arguments import FloatArray

LONGEST_STEP = 2.0
"""Logits that a parameter moves at most at once."""
_HALVINGS = 20
_SLACK = 1e-10
"""Relative to the log-likelihood: what rounding and a new grid may take away."""


class Evaluation(Protocol):
    """What is known at a point."""

    @property
    def point(self) -> FloatArray:
        """The point."""

    @property
    def log_likelihood(self) -> float:
        """The log-likelihood."""

    @property
    def gradient(self) -> FloatArray:
        """Its slope in each parameter."""

    def information(self) -> csr_array:
        """Return minus its curvature."""


At = TypeVar("At", bound=Evaluation)


@dataclass(frozen=True, eq=False)
class Peak(Generic[At]):
    """Where a search ended."""

    at: At
    information: csr_array
    n_iter: int
    converged: bool


@dataclass(frozen=True, eq=False)
class Climb(Generic[At]):
    """A search: how a point is evaluated, and settled where shifts change nothing."""

    evaluate: Callable[[FloatArray], At]
    settle: Callable[[FloatArray], FloatArray]
    tolerance: float
    max_iterations: int

    def run(self, start: FloatArray) -> Peak[At]:
        """Return the peak: where another step would gain less than the tolerance."""
        at = self.evaluate(self.settle(start))
        for n_iter in range(self.max_iterations):
            information, point, reached = at.information(), at.point, at.log_likelihood
            step = ascent(information, at.gradient)
            if step @ at.gradient / 2 < self.tolerance:
                return Peak(at, information, n_iter, True)
            del at  # its tables are large, and those of the next point are as large
            at = self._higher(point, reached, step)
            if np.array_equal(at.point, point):
                return Peak(at, information, n_iter, False)
        return Peak(at, at.information(), self.max_iterations, False)

    def _higher(self, point: FloatArray, reached: float, step: FloatArray) -> At:
        """What is known at a point that is higher, or at the same one where none is."""
        step = step / max(1.0, float(np.abs(step).max()) / LONGEST_STEP)
        for _ in range(_HALVINGS):
            found = self.evaluate(self.settle(point + step))
            if found.log_likelihood > reached - _SLACK * abs(reached):
                return found
            step = step / 2
        return self.evaluate(point)


def ascent(information: csr_array, gradient: FloatArray) -> FloatArray:
    """Return a direction that goes up: Newton's, as far as the likelihood curves downwards."""
    return solve(information, gradient, relative=1e-4)


def solve(matrix: csr_array, right: FloatArray, relative: float = 1e-10) -> FloatArray:
    """Return the solution of a symmetric system by preconditioned conjugate gradients.

    The matrix may be singular where `right` is in its range. Where it turns out not to be positive
    the solution so far is returned, or the first direction.
    """
    scale = _scale(matrix.diagonal())
    found, residual = np.zeros_like(right), right.copy()
    direction = scaled = scale * residual
    size = enough = float(residual @ scaled)
    for step in range(10 * right.size):
        if size <= relative**2 * enough or size <= 0:
            break
        image = matrix @ direction
        curvature = float(direction @ image)
        if curvature <= 1e-13 * float(direction @ (direction / scale)):
            return direction if step == 0 else found
        found = found + size / curvature * direction
        residual = residual - size / curvature * image
        scaled = scale * residual
        before, size = size, float(residual @ scaled)
        direction = scaled + size / before * direction
    return found


def _scale(diagonal: FloatArray) -> FloatArray:
    least = 1e-6 * max(float(np.abs(diagonal).max()), 1e-300)
    return np.asarray(1 / np.maximum(np.abs(diagonal), least))
