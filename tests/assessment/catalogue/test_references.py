"""What rules may name, and what it is called."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from assessment import rules
from assessment.catalogue.models import Endorsement, MeasureKind
from assessment.catalogue.service import (
    MeasureArea,
    MeasureLevel,
    checked_rule,
    current_measure,
    endorsements,
    exact_percent,
    leads_to,
    measures,
    published_at,
    require_no_percentage,
    requirement,
    route,
    rule_names,
    starts,
)
from assessment.demo.builders.catalogue import both, build_achievement, build_measure
from assessment.demo.builders.people import build_institution
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.people.models import Institution


@pytest.fixture
def college(context: Flask) -> Institution:
    return build_institution("college")


def test_only_the_current_measure_is_named(college: Institution) -> None:
    build_measure("post", college)
    build_measure("post", college, version=2, minutes=5)
    current = current_measure(MeasureKind.TEST, "post")
    assert current is not None
    assert (current.version, current.minutes) == (2, 5)
    assert measures().tests == {"post": {"all": 10}}
    assert current_measure(MeasureKind.RUBRIC, "post") is None


def test_a_rule_may_ask_mastery_of_an_adaptive_test_and_no_percentage(
    college: Institution,
) -> None:
    build_measure("sure", college, adaptive=True)
    build_measure("post", college)
    assert measures().adaptive == {"sure"}
    checked_rule({"any": [{"test": "sure", "mastery": 0.9}, {"test": "post", "percent": 80}]})
    for area in ({}, {"area": "all"}):
        with pytest.raises(
            Invalid, match=r'write \{"test": "sure", "mastery": 0.9\} instead'
        ) as no:
            checked_rule({"all": [{"test": "sure", "percent": 80, **area}]})
        assert no.value.details["path"] == "/all/0/percent"


def test_a_test_whose_percentage_a_rule_asks_does_not_become_adaptive(
    college: Institution,
) -> None:
    build_measure("pre", college)
    build_measure("asked", college)
    build_measure("post", college, opens_when='{"test":"pre","percent":80}')
    build_achievement("safety", college, {"any": [{"test": "asked", "percent": 80}]})
    build_achievement("sure", college, {"test": "post", "mastery": 0.9})
    require_no_percentage("post")
    with pytest.raises(Invalid, match="these rules ask one of pre: post"):
        require_no_percentage("pre")
    with pytest.raises(Invalid, match="these rules ask one of asked: safety"):
        require_no_percentage("asked")


def test_names_are_in_the_language_of_the_page(college: Institution) -> None:
    safe = MeasureArea(key="safe", title=both("Safe"), levels=(MeasureLevel("yes", both("Yes")),))
    tidy = MeasureArea(key="tidy", title=both("Tidy"))
    good = MeasureLevel("good", both("Good"))
    build_measure("work", college, kind=MeasureKind.RUBRIC, areas=(safe, tidy), levels=(good,))
    build_measure("wes", college, kind=MeasureKind.RECOGNITION, areas=())
    build_measure("post", college)
    build_achievement("safety", college, {"test": "post", "percent": 80})
    with force_locale("fr"):
        names = rule_names()
    assert names.test("post") == "Post (fr)"
    assert names.area("post", "all") == "All (fr)"
    assert names.rubric("work") == "Work (fr)"
    assert names.criterion("work", "safe") == "Safe (fr)"
    assert names.level("work", None, "good") == "Good (fr)"
    assert names.level("work", "tidy", "good") == "Good (fr)"
    assert names.level("work", "safe", "yes") == "Yes (fr)"
    assert names.achievement("safety") == "Safety (fr)"
    assert names.recognition("wes") == "Wes (fr)"
    assert names.test("gone") == "gone"
    assert measures().rubrics["work"].criteria == {"safe": ("yes",), "tidy": ("good",)}
    assert measures().recognitions == ["wes"]


def test_a_rule_is_read_as_sentences(college: Institution) -> None:
    build_measure("post", college)
    rule = rules.parse({"test": "post", "percent": 79.96})
    assert requirement(rule).sentence == "Score at least 79.96\N{NO-BREAK SPACE}% on Post."
    with force_locale("fr"):
        assert exact_percent(79.96) == "79,96\N{NO-BREAK SPACE}%"


def test_the_way_begins_with_what_opens_the_rest(college: Institution) -> None:
    build_measure("pre", college)
    build_measure("post", college, opens_when='{"percent":80,"test":"pre"}')
    build_measure("lab", college)
    course = build_achievement("course", college, {"test": "post", "percent": 80})
    whole = build_achievement(
        "whole", college, {"all": [{"achievement": "course"}, {"test": "lab", "percent": 50}]}
    )
    assert [step.measure.key for step in route(course).steps] == ["pre", "post"]
    assert route(course).begins_with_pre_test
    assert [step.measure.key for step in route(whole).steps] == ["lab", "pre", "post"]
    assert not route(whole).begins_with_pre_test
    assert [(each.version.achievement.key, each.measure.key) for each in starts(5)] == [
        ("whole", "lab"),
        ("course", "pre"),
    ]
    assert leads_to("course") == [whole]
    assert published_at(college.id) == [course, whole]


def test_newcomers_begin_with_what_tests_alone_can_earn(college: Institution) -> None:
    build_measure("pre", college)
    build_measure("rest", college)
    good = MeasureLevel("good", both("Good"))
    build_measure("work", college, kind=MeasureKind.RUBRIC, areas=(), levels=(good,))
    build_achievement("a-part", college, {"test": "rest", "percent": 50})
    build_achievement("course", college, {"test": "pre", "percent": 80})
    work = {"rubric": "work", "level": "good"}
    build_achievement("whole", college, {"all": [{"achievement": "course"}, work]})
    assert [each.version.achievement.key for each in starts(3)] == ["course", "whole", "a-part"]


def test_tests_that_wait_for_one_another_are_shown_once(college: Institution) -> None:
    build_measure("a", college, opens_when='{"percent":80,"test":"b"}')
    build_measure("b", college, opens_when='{"percent":80,"test":"a"}')
    version = build_achievement("x", college, {"test": "a", "percent": 80})
    assert sorted(step.measure.key for step in route(version).steps) == ["a", "b"]
    assert route(version).start is None


def test_an_endorsement_stands_until_its_last_day(college: Institution) -> None:
    build_measure("post", college)
    version = build_achievement("x", college, {"test": "post", "percent": 80})
    db.session.add(
        Endorsement(
            achievement_id=version.achievement_id,
            employer="A garage",
            scope="hiring",
            endorsed_on=date(2026, 1, 1),
            expires_on=date(2026, 12, 31),
        )
    )
    db.session.flush()
    standing = [
        bool(endorsements(version.achievement_id, day))
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert standing == [False, True, True, False]
