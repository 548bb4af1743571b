"""Ratings that cannot stand beside each other are refused."""

from __future__ import annotations

import pytest

from rubrics import (
    Rating,
    resolve,
)
from rubrics.ratings import Role
from tests.rubrics.examples import (
    adjudicator,
    observer,
    policy,
    ranks,
    rating,
    resolved,
    reviewer,
)

REFUSED: list[tuple[list[Rating], str]] = [
    (
        [Rating(rater="a", role=Role.ASSESSOR, marks={"sings": "expert"})],
        "`criterion` must be one of isolates, verifies, tidies; got 'sings' at a.",
    ),
    (
        [Rating(rater="a", role=Role.ASSESSOR, marks={"tidies": "superb"})],
        "`level` must be one of not-yet, .*; got 'superb' at a, tidies.",
    ),
    (
        [rating("a", 1), rating("a", 2)],
        "`ratings` must be one of each rater in a round; got 1 at a",
    ),
    (
        [rating("a", 1), observer("a", 2, round=2)],
        "`ratings` must be by observers who score nothing; got 'a'",
    ),
    (
        [rating("a", 1), rating("a", 1, role=Role.ADJUDICATOR, round=2)],
        "`ratings` must be settled by who has not scored them; got 'a'",
    ),
    ([observer("o", 1, 1, 1)], "`marks` must be of criteria that observers may rate; got 'tidies'"),
    (
        [adjudicator(1), rating("z", 1, role=Role.ADJUDICATOR)],
        "`ratings` must be of one adjudicator; got two for isolates at z.",
    ),
    (
        [reviewer(1), reviewer(1, rater="z")],
        "`ratings` must be of one reviewer; got two for isolates at z.",
    ),
    (
        [rating("a", 1), reviewer(1, rater="a", round=2)],
        "`ratings` must be settled by who has not scored them; got 'a'",
    ),
    (
        [adjudicator(1), reviewer(1, rater="adjudicator", round=2)],
        "`ratings` must be settled by who has not scored them; got 'adjudicator'",
    ),
    (
        [rating("a", 1), reviewer(1, rater="a")],
        "`ratings` must be one of each rater in a round; got 1 at a",
    ),
    (
        [observer("o", 1), reviewer(1, rater="o")],
        "`ratings` must be by observers who score nothing; got 'o'",
    ),
]


@pytest.mark.parametrize(("panel", "message"), REFUSED)
def test_ratings_that_make_no_sense_are_refused(panel: list[Rating], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        resolve(panel, policy())


def test_reviewers_who_look_at_different_criteria_may_stand_beside_each_other() -> None:
    panel = [rating("a", 1, 2, 2), rating("b", 1, 2, 2)]
    other = Rating(rater="z", role=Role.REVIEWER, marks={"tidies": "expert"})
    assert ranks(resolved([*panel, reviewer(3), other], policy())) == [3, 2, 3]
