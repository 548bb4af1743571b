"""How often areas are shown, by how many items they have and how far they are one ability.

The table that is printed stands in the guide to measurement.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import Reporting, Subscores, subscores

N_AREAS, N_PERSONS, N_TESTS, N_TRUE = 4, 1_000, 200, 60_000
CORRELATIONS = (0.5, 0.7, 0.8, 0.9, 1.0)
LENGTHS = (5, 10, 20)
CLEAR = 0.05
"""An advantage that 1,000 persons tell from none: some two standard errors and more."""


def found(
    rng: np.random.Generator, n_items: int, correlation: float, n_persons: int = N_PERSONS
) -> Subscores:
    """Return what one simulated test tells of its areas."""
    common = rng.standard_normal((n_persons, 1))
    own = rng.standard_normal((n_persons, N_AREAS))
    ability = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
    logit = 1.2 * np.repeat(ability, n_items, axis=1)
    logit += np.tile(np.linspace(-1.5, 1.5, n_items), N_AREAS)
    scores: NDArray[np.int8] = (rng.random(logit.shape) * (1 + np.exp(-logit)) < 1).astype(np.int8)
    return subscores(scores, [str(area) for area in range(N_AREAS) for _ in range(n_items)])


@pytest.mark.slow
def test_areas_are_shown_where_they_tell_more_and_not_where_they_do_not() -> None:
    rng = np.random.default_rng(20)
    print("\n| items | correlation | reliability | advantage | shown | augmented |")
    print("|---|---|---|---|---|---|")
    for n_items in LENGTHS:
        for correlation in CORRELATIONS:
            truth = found(rng, n_items, correlation, N_TRUE)
            advantage = float(np.mean([each.advantage or 0 for each in truth.areas]))
            reliability = float(np.mean([each.reliability or 0 for each in truth.areas]))
            tests = [found(rng, n_items, correlation) for _ in range(N_TESTS)]
            shown, augmented = (
                float(np.mean([len(each.reported(kind)) / N_AREAS for each in tests]))
                for kind in (Reporting.SHOWN, Reporting.AUGMENTED)
            )
            print(
                f"| {n_items} | {correlation} | {reliability:.2f} | {advantage:+.3f} "
                f"| {shown:.0%} | {augmented:.0%} |"
            )
            if abs(advantage) > CLEAR:
                assert (shown > 0.95) if advantage > 0 else (shown < 0.05)
            if correlation == 1:
                assert shown < 0.01
