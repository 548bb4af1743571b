"""Rubrics and tasks are published as versions; rules may name a rubric from then on."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assessment.access import Role
from assessment.catalogue import service as catalogue
from assessment.catalogue.models import MeasureKind
from assessment.demo.builders.people import build_institution, build_staff
from assessment.demo.builders.performances import (
    BUILDER,
    CRITERIA,
    LEVELS,
    a_rubric,
    build_rubric,
    build_task,
)
from assessment.errors import Conflict, Forbidden, Invalid
from assessment.performances import service
from tests.assessment.people.actors import actor_for


def test_a_rubric_is_what_rules_may_name(context: Flask) -> None:
    row = build_rubric(build_institution("college"))
    measure = catalogue.current_measure(MeasureKind.RUBRIC, "isolation")
    assert measure is not None
    assert (row.version, measure.version) == (1, 1)
    assert [each["key"] for each in measure.levels] == list(LEVELS)
    assert [each["key"] for each in measure.areas] == list(CRITERIA)
    rule = {"rubric": "isolation", "level": "expert", "criterion": "prepares", "raters": 2}
    assert catalogue.checked_rule(rule)


def test_a_rubric_that_did_not_change_stays_the_version_it_was(context: Flask) -> None:
    college = build_institution("college")
    first, again = build_rubric(college), build_rubric(college)
    assert again.id == first.id
    changed = a_rubric(title={"en": "Isolating, anew", "fr": "Isolement, à neuf"})
    second = service.publish_rubric(changed, "college", BUILDER)
    assert second.version == 2
    assert service.rubric_of(second).version == 2
    assert service.current_rubric("isolation") == second


def test_a_task_keeps_the_rubric_it_was_published_with(context: Flask) -> None:
    college = build_institution("college")
    build_rubric(college)
    task = build_task(college)
    service.publish_rubric(a_rubric(title={"en": "Anew", "fr": "À neuf"}), "college", BUILDER)
    assert service.policy_of(task).rubric.version == 1
    again = build_task(college)
    assert (again.version, service.policy_of(again).rubric.version) == (2, 2)
    assert service.current_task(task.key) == again


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rubric": "nowhere"}, "no rubric"),
        ({"policy": {"required": "superb"}}, "`required` must be"),
        ({"policy": {"required": "proficient", "raters": 0}}, "`raters` must be"),
        ({"policy": {"required": "proficient", "minima": {"sings": "expert"}}}, "`minima` must be"),
        ({"languages": ()}, "languages"),
        ({"brief": {"en": "In English alone."}}, "brief.fr"),
        ({"competencies": ("flying",)}, "flying"),
        ({"institution": "nowhere"}, "no institution"),
    ],
)
def test_a_task_that_cannot_work_is_refused(
    context: Flask, changes: dict[str, Any], said: str
) -> None:
    college = build_institution("college")
    build_rubric(college)
    with pytest.raises(Invalid, match=said):
        build_task(college, **changes)


def test_a_task_in_a_language_that_its_rubric_lacks_is_refused(context: Flask) -> None:
    college = build_institution("college")
    only = a_rubric(title={"en": "English alone"})
    service.publish_rubric(only, "college", BUILDER)
    with pytest.raises(Invalid, match="languages in which the rubric is complete"):
        build_task(college)


def test_nobody_publishes_for_another_institution(context: Flask) -> None:
    college, elsewhere = build_institution("college"), build_institution("elsewhere")
    build_rubric(college)
    author = actor_for(build_staff(Role.AUTHOR, elsewhere))
    with pytest.raises(Forbidden):
        service.publish_rubric(a_rubric("other"), "college", author)
    with pytest.raises(Conflict):
        service.publish_rubric(a_rubric(), "elsewhere", author)
    spec = service.TaskSpec(
        key="t",
        rubric="isolation",
        title={"en": "T"},
        brief={"en": "B"},
        languages=("en",),
        policy={"required": "expert"},
        institution="elsewhere",
    )
    with pytest.raises(Forbidden):
        service.publish_task(spec, author)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "an object"),
        ({"key": "t"}, "policy"),
        ({"key": "t", "policy": {}}, "policy.required"),
        ({"key": "t", "policy": {"required": "expert", "watchers": 1}}, "policy.watchers"),
        ({"key": "t", "points": 1, "policy": {"required": "expert"}}, "points"),
    ],
)
def test_a_file_is_refused_at_the_first_fault(context: Flask, data: object, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        service.task_from_json(data)
