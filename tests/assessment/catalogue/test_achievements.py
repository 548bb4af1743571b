"""Publishing achievements: what a listing must carry, what a rule may name, who may promise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from assessment.access import Role
from assessment.catalogue.models import AchievementKind, MeasureKind, Mode
from assessment.catalogue.service import (
    MeasureArea,
    MeasureLevel,
    publish_achievement,
    published,
    published_version,
    rule_of,
)
from assessment.demo.builders.catalogue import (
    BUILDER,
    both,
    build_achievement,
    build_framework,
    build_measure,
    listing,
)
from assessment.demo.builders.people import build_institution, build_staff
from assessment.errors import Forbidden, Invalid
from assessment.people.models import Institution
from assessment.rules.language import Score
from tests.assessment.people.actors import actor_for

PASSED = {"test": "post", "percent": 80}


@pytest.fixture
def college(context: Flask) -> Institution:
    institution = build_institution("college")
    build_measure("post", institution)
    return institution


def test_versions_are_numbered_and_what_was_published_stays(college: Institution) -> None:
    first = build_achievement("safety", college, PASSED)
    second = build_achievement("safety", college, {"test": "post", "percent": 90}, minutes=90)
    assert (first.version, second.version) == (1, 2)
    assert (first.rule, first.minutes) == ('{"percent":80,"test":"post"}', 60)
    assert published_version("safety") is second
    assert published() == [second]
    assert rule_of(second) == Score("post", rule_of(second).percent)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"mode": None}, "delivery mode"),
        ({"minutes": None}, "estimated time"),
        ({"cost_cents": None}, "cost"),
        ({"languages": ()}, "languages"),
        ({"mode": Mode.IN_PERSON}, "place"),
        ({"mode": Mode.HYBRID, "place": "  "}, "place"),
        ({"authored_by": None}, "the institution that authors it"),
        ({"assessed_by": None}, "the institution that assesses"),
        ({"awarded_by": None}, "the institution that awards"),
        ({"title": {}}, "title"),
        ({"summary": {}}, "summary"),
        ({"kind": AchievementKind.COURSE_CREDIT}, "course code, credit hours, grade mode"),
    ],
)
def test_a_listing_that_lacks_something_is_refused_naming_it(
    lacking: dict[str, Any], named: str, college: Institution
) -> None:
    spec = replace(listing("safety", college, PASSED), **lacking)
    with pytest.raises(Invalid) as refused:
        publish_achievement(spec, BUILDER)
    assert named in refused.value.sentence
    assert published_version("safety") is None


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"cost_cents": -1}, "cost_cents"),
        ({"cost_cents": 1e308}, "cost_cents"),
        ({"valid_months": 10**40}, "valid_months"),
        ({"appeal_days": 0}, "appeal_days"),
        ({"appeal_days": 30}, "names no rubric"),
        ({"credit_hours": float("nan")}, "credit_hours"),
        ({"languages": ("en", "en")}, "languages"),
        ({"languages": ("de",)}, "languages"),
        ({"occupations": (72410,)}, "occupations"),
        ({"occupations": ("7241",)}, "occupations"),
        ({"title": {"en": " "}}, "title.en"),
        ({"key": "no good"}, "key"),
        ({"grade_mode": "x" * 41}, "grade_mode"),
        ({"place": "one\nline"}, "place"),
        ({"authored_by": "nobody"}, "nobody"),
        ({"competency_keys": ("unheard-of",)}, "unheard-of"),
        ({"framework": "none", "framework_version": "1"}, "none"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    wrong: dict[str, Any], named: str, college: Institution
) -> None:
    with pytest.raises(Invalid) as refused:
        publish_achievement(replace(listing("safety", college, PASSED), **wrong), BUILDER)
    assert named in refused.value.sentence


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({"test": "missing", "percent": 80}, "/test"),
        ({"all": [PASSED, {"achievement": "missing"}]}, "/all/1/achievement"),
        ({"all": [PASSED, {"rubric": "missing", "level": "good"}]}, "/all/1/rubric"),
        ({"test": "post", "area": "missing", "percent": 80}, "/area"),
        ({"test": "post", "percent": 80, "colour": "red"}, "/colour"),
        ({"achievement": "safety"}, "/achievement"),
        ("sometimes", ""),
    ],
)
def test_a_faulty_rule_is_refused_with_the_path_to_the_fault(
    rule: Any, path: str, college: Institution
) -> None:
    with pytest.raises(Invalid) as refused:
        build_achievement("safety", college, rule)
    assert refused.value.details["path"] == path


def test_a_circle_among_achievements_is_refused(college: Institution) -> None:
    build_achievement("a", college, PASSED)
    build_achievement("b", college, {"achievement": "a"})
    build_achievement("c", college, {"any": [{"achievement": "b"}, PASSED]})
    with pytest.raises(Invalid) as refused:
        build_achievement("a", college, {"all": [PASSED, {"achievement": "c"}]})
    assert refused.value.details["path"] == "/all/1/achievement"
    assert "'a' needs 'c' needs 'b' needs 'a'" in refused.value.sentence


def test_what_is_published_comes_after_what_its_rule_names(college: Institution) -> None:
    build_achievement("z-first", college, PASSED)
    build_achievement("m-second", college, {"achievement": "z-first"})
    build_achievement("a-third", college, {"all": [{"achievement": "m-second"}, PASSED]})
    keys = [each.achievement.key for each in published()]
    assert keys == ["z-first", "m-second", "a-third"]


def test_what_asks_for_work_includes_performance_also_through_others(college: Institution) -> None:
    build_measure(
        "work",
        college,
        kind=MeasureKind.RUBRIC,
        areas=(MeasureArea(key="safe", title=both("Safe")),),
        levels=(MeasureLevel("weak", both("Weak")), MeasureLevel("good", both("Good"))),
    )
    task = {"rubric": "work", "level": "good", "raters": 2, "including": {"observer": 1}}
    shown = build_achievement("shown", college, {"all": [PASSED, task]})
    above = build_achievement("above", college, {"achievement": "shown"})
    known = build_achievement("known", college, PASSED)
    assert [each.includes_performance for each in (shown, above, known)] == [True, True, False]


def test_a_version_is_pinned_to_its_framework(college: Institution) -> None:
    build_framework("isolate", key="bev", version="1")
    build_framework("other", key="bev", version="2")
    pinned = build_achievement(
        "safety",
        college,
        PASSED,
        competency_keys=("isolate",),
        framework="bev",
        framework_version="1",
    )
    assert pinned.framework is not None
    assert pinned.framework.version == "1"
    with pytest.raises(Invalid) as refused:
        build_achievement(
            "next", college, PASSED, competency_keys=("isolate",), framework="bev",
            framework_version="2",
        )  # fmt: skip
    assert "isolate" in refused.value.sentence


def test_only_the_awarding_institution_promises_and_keeps_its_key(college: Institution) -> None:
    other = build_institution("other")
    registrar = actor_for(build_staff(Role.REGISTRAR, college))
    stranger = actor_for(build_staff(Role.REGISTRAR, other))
    author = actor_for(build_staff(Role.AUTHOR, college))
    for actor in (stranger, author):
        with pytest.raises(Forbidden):
            build_achievement("safety", college, PASSED, actor)
    build_achievement("safety", college, PASSED, registrar)
    with pytest.raises(Forbidden):
        build_achievement("safety", other, PASSED, stranger)


def test_a_kind_never_changes(college: Institution) -> None:
    build_achievement("safety", college, PASSED)
    with pytest.raises(Invalid):
        build_achievement("safety", college, PASSED, kind=AchievementKind.CERTIFICATE)
