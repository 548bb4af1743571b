"""Rules in sentences, before anyone has begun."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.rules import Requirement, parse, requirement
from tests.assessment.rules.builders import VOICE


def asked(data: dict[str, Any]) -> Requirement:
    """Return a rule in English sentences."""
    return requirement(parse(data), **VOICE)


LEAVES: list[tuple[dict[str, Any], str]] = [
    ({"test": "post", "percent": 80}, "Score at least 80 % on test post."),
    ({"test": "post", "percent": 66.67}, "Score at least 66.67 % on test post."),
    (
        {"test": "post", "area": "a", "percent": 80},
        "Score at least 80 % in area post/a, part of test post.",
    ),
    (
        {"test": "post", "mastery": 0.9},
        (
            "Show on test post, with a certainty of at least 90 %, that your ability is above its"
            " passing mark."
        ),
    ),
    ({"rubric": "task", "level": "safe"}, "Reach the level safe of task in rubric task."),
    (
        {"rubric": "task", "level": "safe", "criterion": "c"},
        "Reach the level safe of task/c in criterion task/c, part of rubric task.",
    ),
    ({"achievement": "theory"}, "Hold award theory."),
    (
        {"achievement": "theory", "within_months": 1},
        "Hold award theory, awarded within the last 1 month.",
    ),
    (
        {"achievement": "theory", "within_months": 24},
        "Hold award theory, awarded within the last 24 months.",
    ),
    (
        {"credits": 4.5, "from": ["a", "b"]},
        "Earn at least this many credits: 4.5. These count: award a, award b.",
    ),
    ({"recognition": "ticket"}, "Have outside ticket recognised."),
]


@pytest.mark.parametrize(("data", "sentence"), LEAVES)
def test_a_leaf_is_a_sentence(data: dict[str, Any], sentence: str) -> None:
    assert asked(data).sentence == sentence


PART = {"achievement": "theory"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"all": [PART]}, "All of these are needed."),
        ({"any": [PART]}, "Any one of these is enough."),
        ({"at_least": 1, "of": [PART, PART]}, "At least 1 of these is needed."),
        ({"at_least": 2, "of": [PART, PART]}, "At least 2 of these are needed."),
        (
            {"weighted": [[PART, 1]], "percent": 70},
            "Together, these must come to at least 70 %; one can make up for another.",
        ),
        ({"none": [PART]}, "None of these may be the case."),
    ],
)
def test_a_joint_is_a_sentence_above_its_parts(data: dict[str, Any], sentence: str) -> None:
    found = asked(data)
    assert found.sentence == sentence
    assert found.children


@pytest.mark.parametrize(
    ("leaf", "sentence"),
    [
        ({"test": "post", "percent": 80}, "You scored at least 80 % on test post."),
        (
            {"test": "post", "area": "a", "percent": 80},
            "You scored at least 80 % in area post/a, part of test post.",
        ),
        (
            {"test": "post", "mastery": 0.9},
            (
                "You showed on test post, with a certainty of at least 90 %, that your ability is"
                " above its passing mark."
            ),
        ),
        ({"rubric": "t", "level": "l"}, "You reached the level l of t in rubric t."),
        (
            {"rubric": "t", "level": "l", "criterion": "c"},
            "You reached the level l of t/c in criterion t/c, part of rubric t.",
        ),
        (
            {"rubric": "t", "criterion": "c", "below": "l"},
            "In rubric t, criterion t/c was last rated below the level l of t/c.",
        ),
        ({"achievement": "theory"}, "You hold award theory."),
        (
            {"credits": 3, "from": ["a"]},
            "You have at least this many credits: 3. These count: award a.",
        ),
        ({"recognition": "ticket"}, "You had outside ticket recognised."),
        ({"hold": "integrity"}, "There is a hold on your record: hold integrity."),
    ],
)
def test_inside_a_veto_a_leaf_says_what_must_not_be(leaf: dict[str, Any], sentence: str) -> None:
    assert asked({"none": [leaf]}).children[0].sentence == sentence


@pytest.mark.parametrize(
    ("conditions", "sentences"),
    [
        ({}, ()),
        ({"supervision": "none", "identity": "self"}, ()),
        ({"supervision": "remote"}, ("It must be supervised, remotely or by an invigilator.",)),
        (
            {"supervision": "invigilated", "identity": "document"},
            ("An invigilator must be present.", "Your identity document must be checked."),
        ),
        ({"identity": "sign-in"}, ("You must be signed in.",)),
    ],
)
def test_conditions_of_a_sitting(conditions: dict[str, Any], sentences: tuple[str, ...]) -> None:
    assert asked({"test": "post", "percent": 80, **conditions}).conditions == sentences


def test_conditions_of_an_area() -> None:
    area = {"test": "post", "area": "a", "percent": 80}
    assert asked(area).conditions == ()
    assert asked({**area, "items": 5, "identity": "sign-in"}).conditions == (
        "At least 5 questions of this part must be answered.",
        "You must be signed in.",
    )


def test_conditions_of_a_rubric() -> None:
    rubric = {"rubric": "task", "level": "safe"}
    assert asked(rubric).conditions == ("At least 1 person must rate it.",)
    full = {**rubric, "raters": 2, "including": {"observer": 1}, "occasions": 2}
    assert asked(full).conditions == (
        "At least 2 people must rate it.",
        "Of these, at least 1 as role observer.",
        "It must be shown on at least 2 separate occasions.",
    )


def test_parts_of_a_weighted_say_their_share() -> None:
    found = asked({"weighted": [[PART, 1], [PART, 2]], "percent": 70})
    assert [part.conditions for part in found.children] == [
        ("This part counts for 33.3 %.",),
        ("This part counts for 66.7 %.",),
    ]


def test_paths_and_kinds_are_those_of_the_rule() -> None:
    found = asked({"all": [PART, {"weighted": [[PART, 1]], "percent": 1}]})
    assert [part.path for part in found.children] == ["/all/0", "/all/1"]
    assert found.children[1].children[0].path == "/all/1/weighted/0/0"
    assert [part.kind.value for part in found.children] == ["achievement", "weighted"]
