"""How the work on a task is dealt with: read field by field, kept, and read again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from assessment.demo.builders.people import build_institution
from assessment.demo.builders.performances import build_rubric, build_task
from assessment.errors import Invalid
from assessment.performances.handling import (
    Conflicts,
    EvidenceKind,
    Handling,
    Observing,
    handling_from_json,
    handling_to_json,
    kind_of,
)
from assessment.performances.publishing import handling_of

EVERY_FIELD = {
    "evidence": ["video", "picture"],
    "attempts": 3,
    "wait_days": 7,
    "turn_around_days": 5,
    "partners": ["elsewhere"],
    "read_behind": 0.1,
    "near": True,
    "observers": {"conflicts": "flag", "cap_by_employer": True},
    "appeal_days": 0,
    "projects": True,
    "expected": {"en": "Ten minutes of video.", "fr": "Dix minutes de vidéo."},
}


def test_nothing_said_is_the_usual_handling(context: Flask) -> None:
    usual = handling_from_json({})
    assert usual == Handling()
    assert (usual.attempts, usual.turn_around_days, usual.appeal_days) == (None, 10, 30)
    assert not usual.observers.invited


def test_every_field_is_read_and_kept(context: Flask) -> None:
    found = handling_from_json(EVERY_FIELD)
    assert found.evidence == (EvidenceKind.PICTURE, EvidenceKind.VIDEO)  # in our own order
    assert (found.attempts, found.wait_days, found.turn_around_days) == (3, 7, 5)
    assert (found.read_behind, found.near, found.appeal_days) == (0.1, True, 0)
    assert found.observers == Observing(
        invited=True, conflicts=Conflicts.FLAG, cap_by_employer=True
    )
    kept = json.loads(json.dumps(handling_to_json(found)))
    assert handling_from_json(kept) == found


def test_the_usual_handling_is_read_again_as_it_was(context: Flask) -> None:
    assert handling_from_json(json.loads(json.dumps(handling_to_json(Handling())))) == Handling()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "“handling” must be an object"),
        ({"speed": 1}, "handling.speed"),
        ({"evidence": ["smell"]}, r"handling.evidence\[0\]"),
        ({"attempts": 0}, "handling.attempts"),
        ({"attempts": True}, "handling.attempts"),
        ({"wait_days": -1}, "handling.wait_days"),
        ({"turn_around_days": 0}, "handling.turn_around_days"),
        ({"partners": "elsewhere"}, "handling.partners"),
        ({"read_behind": 1.01}, "handling.read_behind"),
        ({"read_behind": float("nan")}, "handling.read_behind"),
        ({"near": "yes"}, "handling.near"),
        ({"observers": {"conflicts": "ignore"}}, "handling.observers.conflicts"),
        ({"observers": {"friends": 1}}, "handling.observers.friends"),
        ({"appeal_days": 1.5}, "handling.appeal_days"),
        ({"expected": {"en": " "}}, "handling.expected.en"),
    ],
)
def test_a_fault_is_named_with_its_place(context: Flask, data: Any, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        handling_from_json(data)


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("text/plain", "text"),
        ("image/heic", "picture"),
        ("video/mp4", "video"),
        ("application/pdf", "document"),
    ],
)
def test_a_kind_is_that_of_the_bytes(media_type: str, kind: str) -> None:
    assert kind_of(media_type) == kind
    assert Handling(evidence=(EvidenceKind(kind),)).takes(media_type)
    assert not Handling(evidence=()).takes(media_type)


def test_a_task_keeps_its_handling(context: Flask) -> None:
    college = build_institution("college")
    build_institution("elsewhere")
    build_rubric(college)
    task = build_task(college, handling=handling_from_json(EVERY_FIELD))
    assert handling_of(task) == handling_from_json(EVERY_FIELD)


@pytest.mark.parametrize("partner", ["nowhere", "college"])
def test_partners_are_other_institutions(context: Flask, partner: str) -> None:
    college = build_institution("college")
    build_rubric(college)
    with pytest.raises(Invalid, match=r"handling.partners\[0\]"):
        build_task(college, handling=Handling(partners=(partner,)))
