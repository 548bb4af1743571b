"""What docs/performances.md shows can be published as it stands."""

from __future__ import annotations

import json
import re
from pathlib import Path

from flask import Flask

import rubrics
from assessment.demo.builders.people import build_institution
from assessment.demo.builders.performances import BUILDER
from assessment.performances import evidence, service

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "performances.md").read_text()
BLOCKS = [json.loads(each) for each in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def test_the_rubric_and_the_task_are_published(context: Flask) -> None:
    rubric, task = BLOCKS
    build_institution("college")
    service.publish_rubric(rubrics.rubric_from_json(rubric), "college", BUILDER)
    published = service.publish_task(service.task_from_json(task), BUILDER)
    assert service.policy_of(published).raters == 2


def test_the_limits_are_those_that_hold() -> None:
    said, megabyte = " ".join(PAGE.split()), 1_000_000
    most, more = evidence.MOST_BYTES // megabyte, evidence.RESERVE_BYTES // megabyte
    assert f"holds {evidence.MOST_ARTEFACTS} pieces and {most} MB" in said
    assert f"{evidence.RESERVE_ARTEFACTS} pieces and {more} MB are added" in said
