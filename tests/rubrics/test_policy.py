from __future__ import annotations

from typing import Any

import pytest

from rubrics import Closeness, Decision, Rubric
from tests.rubrics.examples import criterion, plain, policy, rubric


def unwatched() -> Rubric:
    """Return a rubric of one safety-critical criterion, which observers may not rate."""
    safe = criterion("earths", safety_level="expert", observers_may_rate=False)
    return rubric(criteria=[safe])


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"required": "superb"}, "`required` must be one of developing, proficient, expert"),
    ({"required": "not-yet"}, "`required` must be one of developing, proficient, expert"),
    ({"criteria": ["sings"]}, "`criterion` must be one of isolates, .*; got 'sings'"),
    ({"criteria": ["tidies", "tidies"]}, "`criteria` must be without duplicates; got 'tidies'"),
    ({"criteria": "tidies"}, "`criteria` must be a list of criteria"),
    ({"decision": "vote"}, "`decision` must be one of conjunctive, compensatory; got 'vote'"),
    ({"minima": {"sings": "expert"}}, "`minima` must be keyed by isolates, verifies, tidies"),
    ({"minima": {"tidies": "superb"}}, "`level` must be .*; got 'superb' at minima.tidies"),
    ({"minima": ["tidies"]}, "`minima` must be a mapping by criterion"),
    ({"closeness": "near"}, "`closeness` must be one of exact, adjacent; got 'near'"),
    ({"closeness_by": {"tidies": "near"}}, "`closeness_by.tidies` must be one of exact, adjacent"),
    ({"tie": "middle"}, "`tie` must be one of lower, higher; got 'middle'"),
    ({"raters": 0}, "`raters` must be a whole number from 1 to 20; got 0"),
    ({"observers": -1}, "`observers` must be a whole number from 0"),
    ({"safety_observers": 1.5}, "`safety_observers` must be a whole number"),
    (
        {"observers": 1, "criteria": ["tidies"]},
        "`observers` must be 0 where observers may rate nothing that the task can show; got 1",
    ),
    (
        {"safety_observers": 2, "rubric": unwatched()},
        "`safety_observers` must be 0 where observers may rate nothing",
    ),
    ({"occasions": 0}, "`occasions` must be a whole number from 1"),
    ({"third_rater": "yes"}, "`third_rater` must be true or false"),
]


@pytest.mark.parametrize(("changes", "message"), FAULTS)
def test_a_policy_that_makes_no_sense_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        policy(**changes)


def test_a_task_shows_all_criteria_unless_it_names_some() -> None:
    assert policy().criteria == ("isolates", "verifies", "tidies")
    assert policy(criteria=["tidies", "isolates"]).criteria == ("isolates", "tidies")


def test_closeness_is_of_all_criteria_or_of_one() -> None:
    made = policy(closeness="exact", closeness_by={"tidies": "adjacent"})
    assert (made.steps_allowed("isolates"), made.steps_allowed("tidies")) == (0, 1)
    assert made.closeness_by["tidies"] is Closeness.ADJACENT


def test_a_criterion_must_reach_the_required_level_unless_it_has_a_minimum_of_its_own() -> None:
    made = policy(minima={"tidies": "developing"})
    assert (made.minimum("isolates"), made.minimum("tidies")) == (2, 1)


def test_points_compensate_but_for_the_minima() -> None:
    made = policy(decision=Decision.COMPENSATORY, minima={"tidies": "developing"})
    assert (made.minimum("isolates"), made.minimum("tidies")) == (0, 1)


def test_a_second_observer_is_asked_for_where_a_safety_critical_criterion_can_be_shown() -> None:
    assert policy(observers=1, safety_observers=2).observers_needed == 2
    assert policy(observers=1, safety_observers=2, criteria=["isolates"]).observers_needed == 1
    assert policy(observers=1, safety_observers=2, rubric=plain()).observers_needed == 1
    assert policy(observers=3, safety_observers=2).observers_needed == 3


def test_observers_are_asked_about_what_the_task_shows_and_they_may_rate() -> None:
    assert [each.key for each in policy().observable] == ["isolates", "verifies"]
    few = policy(criteria=["verifies", "tidies"])
    assert [each.key for each in few.observable] == ["verifies"]
