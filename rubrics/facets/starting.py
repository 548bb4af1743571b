"""Where a search begins: the logits of how high each level is rated on average."""

from __future__ import annotations

import numpy as np

from itembank.arguments import FloatArray, IntArray
from rubrics.facets.layout import Layout

_INSIDE = 0.02


def starting_point(
    layout: Layout, levels: IntArray, share: FloatArray, counts: FloatArray
) -> FloatArray:
    """Return a first guess.

    `share` is how much of what a rating could gain it gained, `levels` (n_facets, n_ratings), and
    `counts` (n_groups, max steps + 1) how many ratings ended at each step.
    """
    found = np.zeros(layout.n_parameters)
    overall = _logit(np.array([share.mean()]))[0]
    for facet, (own, size) in enumerate(zip(levels, layout.sizes, strict=True)):
        mean = np.bincount(own, share, size) / np.maximum(np.bincount(own, minlength=size), 1)
        found[layout.of_facet(facet)] = overall - _logit(mean)
    found[layout.of_facet(0)] -= overall
    real = layout.steps >= 0
    found[layout.steps[real]] = -np.diff(np.log(counts + 1.0))[real]
    return found


def _logit(share: FloatArray) -> FloatArray:
    inside = np.clip(share, _INSIDE, 1 - _INSIDE)
    return np.asarray(np.log(inside / (1 - inside)))
