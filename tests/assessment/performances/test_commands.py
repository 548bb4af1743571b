"""The commands `attest rubric publish` and `attest task publish`, as people type them."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

import rubrics
from assessment.demo.builders.people import build_institution
from assessment.demo.builders.performances import a_rubric
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.performances import commands, service
from tests.conftest import DATABASES, build_app

TASK = {
    "key": "show",
    "rubric": "isolation",
    "title": {"en": "Show it"},
    "brief": {"en": "How?"},
    "languages": ["en"],
    "policy": {"required": "proficient", "raters": 2},
}


@pytest.fixture(params=DATABASES)
def own_app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    app = build_app(request.param, tmp_path, request)
    with app.app_context():
        build_institution("college")
        db.session.commit()
    return app


def run(app: Flask, *words: str) -> Result:
    group = click.Group()
    commands.register(group)
    return CliRunner().invoke(group, list(words), obj=ScriptInfo(create_app=lambda: app))


def test_a_rubric_and_a_task_are_published_from_files(own_app: Flask, tmp_path: Path) -> None:
    rubric, task = tmp_path / "rubric.json", tmp_path / "task.json"
    rubric.write_text(json.dumps(rubrics.rubric_to_json(a_rubric())))
    task.write_text(json.dumps(TASK))
    said = run(own_app, "rubric", "publish", str(rubric), "--institution", "college")
    assert said.output == "isolation, version 1, is published: 3 criteria.\n"
    said = run(own_app, "task", "publish", str(task))
    assert said.output == "show, version 1, is published: rated on isolation, version 1.\n"
    with own_app.app_context():
        assert service.current_task("show") is not None


@pytest.mark.parametrize("text", ["{}", "[1]", '{"key": "x", "title": 1}', "nonsense"])
def test_a_file_that_is_no_rubric_is_refused(own_app: Flask, tmp_path: Path, text: str) -> None:
    rubric = tmp_path / "rubric.json"
    rubric.write_text(text)
    said = run(own_app, "rubric", "publish", str(rubric), "--institution", "college")
    assert isinstance(said.exception, Invalid)
    with own_app.app_context():
        assert service.current_rubric("isolation") is None
