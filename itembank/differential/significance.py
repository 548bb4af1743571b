"""P-values, and what they are where many items are tested at once."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtrc

from itembank.arguments import FloatArray, IntArray


def chi_squared_p(statistic: FloatArray, degrees: IntArray) -> FloatArray:
    """Return how likely a chi-squared at least as large is; NaN where there is none."""
    return np.asarray(chdtrc(degrees, np.maximum(statistic, 0.0)))


def benjamini_hochberg(p: FloatArray) -> FloatArray:
    """Return p-values adjusted for their number: the smallest share of false flags with each.

    What is NaN was not tested, stays NaN and does not count. Benjamini, Y., & Hochberg, Y. (1995).
    Controlling the false discovery rate. Journal of the Royal Statistical Society B, 57, 289-300.
    """
    found = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    raised = p[order] * tested.size / np.arange(1, tested.size + 1)
    found[order] = np.minimum.accumulate(raised[::-1])[::-1].clip(max=1.0)
    return found
