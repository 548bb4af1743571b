"""Learning opportunities: for the competencies that are asked for, sorted as people choose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from assessment.catalogue.models import Mode
from assessment.catalogue.service import (
    OpportunitySpec,
    opportunities_for,
    publish_occupation,
    publish_opportunity,
)
from assessment.demo.builders.catalogue import both, build_framework
from assessment.errors import Invalid

COURSE = OpportunitySpec(
    key="course",
    title=both("Course"),
    summary=both("Teaches"),
    provider="A college",
    mode=Mode.ONLINE,
    minutes=600,
    cost_cents=1000,
    languages=("en",),
    competency_keys=("isolate",),
)


@pytest.fixture(autouse=True)
def framework(context: Flask) -> None:
    build_framework("isolate", "rescue", "isolate-more")


def test_only_what_teaches_the_gap_is_offered_online_and_shortest_first() -> None:
    publish_opportunity(COURSE)
    publish_opportunity(replace(COURSE, key="short", minutes=60))
    publish_opportunity(replace(COURSE, key="cheap", minutes=60, cost_cents=0))
    publish_opportunity(replace(COURSE, key="shop", mode=Mode.IN_PERSON, place="Here", minutes=5))
    publish_opportunity(replace(COURSE, key="more", competency_keys=("isolate-more",)))
    publish_opportunity(replace(COURSE, key="rescue", competency_keys=("rescue", "isolate-more")))
    assert [each.key for each in opportunities_for(["isolate"])] == [
        "cheap",
        "short",
        "course",
        "shop",
    ]
    assert [each.key for each in opportunities_for({"rescue"})] == ["rescue"]
    assert opportunities_for([]) == []
    assert opportunities_for(["%"]) == []


def test_publishing_again_brings_it_up_to_date() -> None:
    first = publish_opportunity(COURSE)
    second = publish_opportunity(replace(COURSE, minutes=90))
    assert (second.id, second.minutes) == (first.id, 90)


@pytest.mark.parametrize(
    "wrong",
    [
        {"competency_keys": ("unheard-of",)},
        {"competency_keys": ()},
        {"provider": ""},
        {"languages": ()},
        {"minutes": 0},
        {"cost_cents": -1},
        {"mode": Mode.HYBRID},
        {"title": {}},
        {"key": "a b"},
    ],
)
def test_what_cannot_be_recommended_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        publish_opportunity(replace(COURSE, **wrong))


def test_occupations_are_five_digits() -> None:
    assert publish_occupation("00001", both("First")).code == "00001"
    assert publish_occupation("00001", both("Again")).title["en"] == "Again"
    with pytest.raises(Invalid):
        publish_occupation("1", both("Short"))
