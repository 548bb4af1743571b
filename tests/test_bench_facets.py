"""The bench of facets measures what it says, on a design that is connected."""

from __future__ import annotations

import numpy as np

from bench.facets import Design, findings, ratings_of
from bench.figures import Figure
from rubrics.facets import connected_subsets

SMALL = Design(300, 30, 3)


def test_every_figure_of_many_facets_is_measured() -> None:
    found = list(findings(SMALL))
    named = "many facets, 300 performances, 30 raters"
    assert [each.name for each in found] == [
        f"{named}, memory beyond the ratings",
        f"{named}, marginal",
        f"{named}, joint",
    ]
    seconds = [each for each in found if isinstance(each, Figure) and each.unit == "s"]
    assert [each.limit for each in seconds] == [30.0, 5.0]
    assert all(0 < each.measured < 600 for each in seconds)


def test_each_performance_is_rated_twice_by_two_raters() -> None:
    ratings = ratings_of(SMALL)
    pairs = np.column_stack([np.asarray(ratings.person), np.asarray(ratings.rater)])
    assert np.size(ratings.category) == 300 * 2 * 3
    assert len(np.unique(pairs, axis=0)) == 600
    assert np.unique(np.asarray(ratings.rater)).size == 30
    assert connected_subsets(ratings) == ()
