"""The joint likelihood, in which each person is a parameter: biased, and kept for reference."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from itembank.arguments import FloatArray
from rubrics.facets.categories import Reached
from rubrics.facets.information import Rows


@dataclass(frozen=True, eq=False)
class JointAt:
    """The joint likelihood at a point; persons are the last facet, and count like the others.

    A person's measure in the vector is therefore the ability with its sign turned.
    """

    rows: Rows
    observed: FloatArray
    """Sums of scores for each level, and of what was gained by each step."""
    point: FloatArray

    @cached_property
    def reached(self) -> Reached:
        """The probabilities of each rating."""
        return self.rows.reached(self.point, np.zeros(self.rows.group.size))

    @cached_property
    def log_likelihood(self) -> float:
        """The joint log-likelihood."""
        return float(-self.observed @ self.point - self.reached.log_normaliser.sum())

    @cached_property
    def gradient(self) -> FloatArray:
        """The slope of the log-likelihood."""
        return self.rows.totals(self.reached.mean, self.reached.above) - self.observed

    def information(self) -> csr_array:
        """Return the information, which is what is expected and observed alike."""
        return self.rows.information(self.reached)
