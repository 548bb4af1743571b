from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from itembank import canonical_json
from rubrics import Policy, policy_from_json, policy_to_json
from tests.rubrics.examples import plain, policies, policy, rubric


@given(policies())
def test_any_policy_comes_back_from_stored_json_text(made: Policy) -> None:
    stored = canonical_json(policy_to_json(made))
    assert policy_from_json(json.loads(stored), made.rubric) == made


def test_defaults_are_left_out() -> None:
    assert policy_to_json(policy()) == {"required": "proficient"}
    changed = policy(raters=1, criteria=["tidies"], tie="higher", minima={"tidies": "expert"})
    assert policy_to_json(changed) == {
        "required": "proficient",
        "raters": 1,
        "criteria": ["tidies"],
        "tie": "higher",
        "minima": {"tidies": "expert"},
    }


FAULTS: list[tuple[Any, str]] = [
    ([], "`policy` must be an object"),
    ({}, "`required` must be given; got None at task"),
    ({"required": "expert", "ratters": 2}, "`policy` must be made of .*; got 'ratters' at task"),
    ({"required": "expert", "rubric": {}}, "`policy` must be made of .*; got 'rubric' at task"),
    ({"required": "expert", "criteria": "tidies"}, "`criteria` must be a list"),
    ({"required": "expert", "minima": []}, "`minima` must be an object"),
    ({"required": "expert", "closeness_by": 3}, "`closeness_by` must be an object"),
    ({"required": ["expert"]}, "`required` must be one of developing"),
    ({"required": "expert", "criteria": [["tidies"]]}, "`criterion` must be one of"),
    ({"required": "expert", "minima": {"tidies": []}}, "`level` must be one of"),
    ({"required": "expert", "raters": "2"}, "`raters` must be a whole number"),
]


@pytest.mark.parametrize(("data", "message"), FAULTS)
def test_a_fault_is_named_with_its_place(data: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        policy_from_json(data, rubric(), "task")


def test_a_policy_is_of_one_rubric() -> None:
    data = policy_to_json(policy())
    assert policy_from_json(data, plain()).rubric == plain()
