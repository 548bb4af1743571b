"""The command `attest bank calibrate`, as people type it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select

from assessment.analysis import commands, service, supporting
from assessment.demo.builders.items import build_bank, build_test, parsed_bank
from assessment.demo.builders.people import build_institution
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.items import commands as of_items
from assessment.items.models import ParameterSet, ParameterSource
from tests.assessment.analysis.simulated import simulated
from tests.conftest import DATABASES, build_app

Run = Callable[..., Result]


@pytest.fixture(params=DATABASES)
def own_app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    app = build_app(request.param, tmp_path, request)
    with app.app_context():
        build_bank(build_institution(), parsed_bank("a", "b", each=6), "wires")
        build_test("pre", "wires")
        db.session.commit()
    return app


@pytest.fixture
def run(own_app: Flask) -> Run:
    group = click.Group()
    of_items.register(group)
    commands.register(group)

    def invoke(*words: str) -> Result:
        info = ScriptInfo(create_app=lambda: own_app)
        return CliRunner().invoke(group, ["bank", "calibrate", *words], obj=info)

    return invoke


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let 1000 sittings be on record: what reads real ones has tests of its own."""

    def recorded(bank_id: str) -> service.RecordedScores:
        asked = service.asked_items(bank_id)
        return replace(simulated({"pre": (1000, 0.0)}), items=asked, left_open=2)

    monkeypatch.setattr(service, "recorded_scores", recorded)


def sets(app: Flask) -> list[ParameterSet]:
    with app.app_context():
        return list(db.session.scalars(select(ParameterSet)))


@pytest.mark.usefixtures("answered")
def test_reports_and_publishes_nothing_unless_told(run: Run, own_app: Flask) -> None:
    found = run("wires")
    assert found.exit_code == 0, found.output
    for said in (
        "1000 sittings",
        "pre: 1000; ability 0.00, standard deviation 1.00",
        "left out: 2 sittings without a single answer",
        "Model 2pl: 12 of 12 items asked may be published.",
        "Log-likelihood -",
        "Converged",
        "priors: none",
        "Mean standard errors: difficulty 0.",
        "Nothing was published; --publish does that.",
    ):
        assert said in found.output
    assert sets(own_app) == []


@pytest.mark.usefixtures("answered")
def test_publishes_when_told_and_numbers_what_it_publishes(run: Run, own_app: Flask) -> None:
    assert "Published as set 1" in run("wires", "--publish").output
    assert "Published as set 2" in run("wires", "--model", "rasch", "--publish").output
    first, second = sorted(sets(own_app), key=lambda each: each.number)
    assert (first.is_current, second.is_current) == (False, True)
    assert second.source == ParameterSource.RESPONSES
    assert second.made_by == "system:attest bank calibrate"


def test_refuses_a_bank_that_there_is_not_and_one_without_sittings(run: Run) -> None:
    missing = run("no-such-bank")
    assert isinstance(missing.exception, Invalid)
    empty = run("wires", "--publish")
    assert isinstance(empty.exception, service.NotSupported)
    assert "No scored sitting" in str(empty.exception)


def test_it_offers_the_models_that_responses_are_held_against() -> None:
    assert tuple(model.value for model in supporting.MODELS) == commands.MODELS
