from __future__ import annotations

from typing import Any

import pytest

from rubrics import Rating, Role
from tests.rubrics.examples import rating

FAULTS: list[tuple[dict[str, Any], str]] = [
    (
        {"role": "boss"},
        "`role` must be one of assessor, observer, adjudicator, reviewer; got 'boss' at a",
    ),
    ({"marks": ["expert"]}, "`marks` must be a mapping of criterion to level"),
    ({"round": 0}, "`round` must be a whole number from 1"),
    ({"occasions": "monday"}, "`occasions` must be a list of texts; got 'monday'"),
    ({"occasions": [""]}, "`occasions` must be texts that are not empty"),
    ({"occasions": [1]}, "`occasions` must be texts that are not empty"),
    ({"in_conflict": "no"}, "`in_conflict` must be true or false"),
    ({"is_capped": True}, "`is_capped` must be false for whoever is no observer"),
]


@pytest.mark.parametrize(("changes", "message"), FAULTS)
def test_a_rating_that_makes_no_sense_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rating("a", 1, **changes)


@pytest.mark.parametrize("rater", ["", None, 7])
def test_a_rater_has_a_name_of_some_kind(rater: Any) -> None:
    with pytest.raises(ValueError, match="`rater` must be text that is not empty"):
        rating(rater, 1)


def test_what_was_not_observed_has_no_level() -> None:
    assert rating("a", 0, None, 2).observed == {"isolates": "not-yet", "tidies": "proficient"}


def test_equal_ratings_are_equal_however_they_were_given() -> None:
    first = rating("a", 1, occasions=["tuesday", "monday", "monday"])
    assert first == rating("a", 1, occasions=("monday", "tuesday"))
    assert first.role is Role.ASSESSOR


def test_later_changes_of_what_was_given_change_nothing() -> None:
    marks: dict[str, str | None] = {"isolates": "expert"}
    made = Rating(rater="a", role=Role.ASSESSOR, marks=marks)
    marks["isolates"] = "not-yet"
    assert made.marks["isolates"] == "expert"
