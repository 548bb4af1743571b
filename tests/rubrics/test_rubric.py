from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from rubrics import Criterion, Level, Rubric
from tests.rubrics.examples import SCALE, both, criterion, level, rubric

FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"key": "no spaces"}, "`key` must be 1 to 64 letters"),
    ({"version": 0}, "`version` must be a whole number from 1"),
    ({"version": True}, "`version` must be a whole number from 1"),
    ({"title": {}}, "`title` must be text in at least one language"),
    ({"levels": [level("only", 1)]}, "`levels` must be 2 to 12; got 1 at hv-isolation."),
    ({"levels": [level(key, 1) for key in SCALE]}, "worth more points than the level below"),
    ({"levels": [level("same", n) for n in range(4)]}, "`levels` must be without duplicates"),
    ({"criteria": []}, "`criteria` must be 1 to 60; got 0"),
    ({"criteria": [criterion("a"), criterion("a")]}, "`criteria` must be without duplicates"),
    ({"title": {"de": "nur"}}, "complete, levels and descriptors included"),
]

CRITERION_FAULTS: list[tuple[dict[str, Any], str]] = [
    (
        {"descriptors": {}},
        "`descriptors` must be given for every level; got none for not-yet at a.",
    ),
    ({"descriptors": []}, "`descriptors` must be a mapping of level to text"),
    (
        {"descriptors": {key: both(key) for key in (*SCALE, "superb")}},
        "`descriptors` must be keyed by not-yet, developing, proficient, expert; got 'superb'",
    ),
    ({"safety_level": "superb"}, "`safety_level` must be one of developing, proficient, expert"),
    ({"safety_level": "not-yet"}, "every performance reaches the lowest level"),
    ({"weight": 0}, "`weight` must be a whole number from 1"),
    ({"observers_may_rate": 1}, "`observers_may_rate` must be true or false; got 1 at a."),
]


@pytest.mark.parametrize(("changes", "message"), FAULTS)
def test_a_rubric_that_makes_no_sense_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r"must be .*; got ") as caught:
        rubric(**changes)
    assert message in str(caught.value)


@pytest.mark.parametrize(("changes", "message"), CRITERION_FAULTS)
def test_a_criterion_that_makes_no_sense_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r"must be .*; got ") as caught:
        rubric(criteria=[criterion("a", **changes)])
    assert message in str(caught.value)


def test_points_are_whole_and_not_negative() -> None:
    for points in (-1, 2.5, None):
        with pytest.raises(ValueError, match="`points` must be a whole number from 0"):
            Level(key="a", title=both("a"), points=points)  # type: ignore[arg-type]  # it is refused


def test_the_scale_runs_from_the_lowest_and_ranks_its_levels() -> None:
    assert rubric().scale == SCALE
    assert [rubric().rank(key) for key in SCALE] == [0, 1, 2, 3]
    with pytest.raises(ValueError, match=r"`level` must be one of not-yet, .*; got 'superb' at me"):
        rubric().rank("superb", "me")


def test_a_criterion_is_found_by_its_key() -> None:
    assert rubric().criterion("tidies").key == "tidies"
    with pytest.raises(ValueError, match="`criterion` must be one of isolates, verifies, tidies"):
        rubric().criterion("sings")


def test_it_knows_what_is_safety_critical() -> None:
    assert rubric().is_safety_critical
    assert not rubric(criteria=[criterion("a")]).is_safety_critical


def test_its_languages_are_those_in_which_all_of_it_can_be_read() -> None:
    assert rubric().languages == {"en", "fr"}
    english: Criterion = criterion("a", title={"en": "A"})
    assert rubric(criteria=[english]).languages == {"en"}
    half = criterion("a", descriptors={key: {"en": key} for key in SCALE})
    assert rubric(criteria=[half]).languages == {"en"}


def test_it_cannot_be_changed() -> None:
    made: Rubric = rubric()
    with pytest.raises(FrozenInstanceError):
        made.version = 3  # type: ignore[misc]  # it is frozen
    with pytest.raises(TypeError):
        made.criteria[0].descriptors["expert"]["en"] = "changed"  # type: ignore[index]  # as above
