"""How the criteria make one level."""

from __future__ import annotations

import pytest

from rubrics import (
    Cause,
    Reason,
)
from tests.rubrics.examples import (
    policy,
    rating,
    resolved,
)


def test_conjunctive_every_criterion_must_be_at_its_level() -> None:
    found = resolved([rating("a", 3, 3, 1), rating("b", 3, 3, 1)], policy())
    assert (found.level, found.is_reached) == ("developing", False)
    assert found.reasons == (Reason(Cause.MINIMUM, "tidies", 2, 1),)


def test_a_criterion_with_a_lower_minimum_does_not_hold_the_whole_back() -> None:
    rules = policy(minima={"tidies": "developing"})
    found = resolved([rating("a", 3, 3, 1), rating("b", 3, 3, 1)], rules)
    assert (found.level, found.is_reached) == ("proficient", True)


def test_a_criterion_with_a_higher_minimum_does() -> None:
    rules = policy(minima={"isolates": "expert"})
    found = resolved([rating("a", 2, 2, 2), rating("b", 2, 2, 2)], rules)
    assert (found.level, found.is_reached) == ("developing", False)


@pytest.mark.parametrize(
    ("each", "level"),
    [((3, 2, 0), "proficient"), ((2, 2, 2), "proficient"), ((2, 2, 1), "developing")],
)
def test_compensatory_weighted_points_make_the_level(each: tuple[int, ...], level: str) -> None:
    """Weights 3, 2, 1 and points 0, 2, 4, 6: the means are 26/6, 4 and 22/6; 4 is proficient."""
    rules = policy(decision="compensatory")
    found = resolved([rating("a", *each), rating("b", *each)], rules)
    assert found.level == level
    short = [Reason(Cause.POINTS, "", 24, 22)] if level == "developing" else []
    assert list(found.reasons) == short


def test_points_do_not_compensate_for_a_minimum() -> None:
    rules = policy(decision="compensatory", minima={"tidies": "developing"})
    found = resolved([rating("a", 3, 3, 0), rating("b", 3, 3, 0)], rules)
    assert (found.level, found.is_reached) == ("developing", False)
    assert found.reasons == (Reason(Cause.MINIMUM, "tidies", 1, 0),)
