"""The command `attest bank standard`, as people type it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select

from assessment.analysis import commands
from assessment.demo.builders.catalogue import both
from assessment.demo.builders.items import build_bank, build_test, parsed_bank
from assessment.demo.builders.people import build_institution
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.items import commands as of_items
from assessment.items.models import PanelStandard, ParameterSet
from assessment.items.service import Cut, NotRated
from tests.conftest import DATABASES, build_app

Run = Callable[..., Result]
FILE = "judge,a-1,a-2,b-1,b-2\nA,0.5,0.7,0.6,0.8\nB,0.6,0.8,0.6,0.7\nC,0.4,0.6,0.7,0.9\n"
EARLIER = "judge,b-2,b-1,a-2,a-1\nC,0.9,0.7,0.5,0.3\nA,0.8,0.6,0.7,0.5\nB,0.7,0.6,0.8,0.6\n"


@pytest.fixture(params=DATABASES)
def own_app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    app = build_app(request.param, tmp_path, request)
    with app.app_context():
        build_bank(build_institution(), parsed_bank("a", "b", each=3), "wires")
        cuts = (Cut("pass", both("Passed"), 70), Cut("honours", both("Honours"), 85))
        build_test("pre", "wires", cuts=cuts)
        build_test("other", "wires")
        db.session.commit()
    return app


@pytest.fixture
def run(own_app: Flask, tmp_path: Path) -> Run:
    group = click.Group()
    of_items.register(group)
    commands.register(group)

    def invoke(text: str = FILE, *words: str, bank: str = "wires") -> Result:
        path = tmp_path / "panel.csv"
        path.write_text(text)
        info = ScriptInfo(create_app=lambda: own_app)
        line = ["bank", "standard", bank, str(path), *words]
        return CliRunner().invoke(group, line, obj=info)

    return invoke


def standards(app: Flask) -> list[PanelStandard]:
    with app.app_context():
        return list(db.session.scalars(select(PanelStandard)))


def test_a_dry_run_reports_and_writes_nothing(run: Run, own_app: Flask) -> None:
    found = run(FILE, "--dry-run")
    assert found.exit_code == 0, found.exception
    for said in (
        "3 judges rated 4 items.",
        "Raw cut 2.6333 of 4 points (65.83 %); standard error 0.0333",
        "Agreement: of one judge 0.5",
        "Placed by a panel’s judgement: 4 of 6 items in use; no responses yet.",
        "other, pass: solved from the raw cut of panel 1 at 0.0000 logits, standard error 0.0",
        "pre, pass: solved from the raw cut of panel 1 at 0.0000 logits, standard error 0.0",
        "its points are held against 70 %, where the panel says 65.83 %",
        "Nothing was published: this was a dry run.",
    ):
        assert said in found.output
    assert "pre, honours" not in found.output
    assert standards(own_app) == []


def test_judges_who_agree_wholly_are_told_what_that_proves(run: Run) -> None:
    alike = "judge,a-1,b-1\nA,0.5,0.7\nB,0.5,0.7\n"
    found = run(alike, "--dry-run")
    said = "A standard error of 0 says that they agree, not that they are right"
    assert said in found.output, found.exception
    assert "at 0.0000 logits, standard error 0.0000." in found.output
    assert said not in run(FILE, "--dry-run").output


def test_it_publishes_and_tells_of_the_rounds(run: Run, own_app: Flask, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.csv"
    earlier.write_text(EARLIER)
    words = ("--test", "pre", "--cut", "honours", "--earlier", str(earlier))
    found = run(FILE, *words)
    assert "round 1: cut 2.5667" in found.output, found.exception
    assert "ratings then moved by 0.017" in found.output
    assert "pre, honours: solved from the raw cut of panel 1" in found.output
    assert "other, pass" not in found.output
    assert "Published as set 1" in found.output
    (row,) = standards(own_app)
    assert (row.test_key, row.cut_key) == ("pre", "honours")
    assert row.made_by == "system:attest bank standard"
    assert '"A"' not in row.ratings


def test_on_the_scale_of_another_mark_the_items_stay(run: Run) -> None:
    run(FILE)
    found = run(FILE.replace("0.6", "0.9"), "--test", "pre", "--cut", "honours")
    assert "The items stay where they are on the scale" in found.output, found.exception
    assert "pre, pass: solved from the raw cut of panel 1 at 0.0000" in found.output
    assert "pre, honours: solved from the raw cut of panel 2" in found.output


def test_tests_that_a_panel_of_the_bank_leaves_in_percent_are_named(
    run: Run, own_app: Flask
) -> None:
    with own_app.app_context():
        build_test("narrow", "wires", blueprint={"a": 2})
        db.session.commit()
    found = run("a-1,a-2\n0.4,0.5\n0.5,0.7\n")
    assert "narrow, pass: solved from the raw cut of panel 1" in found.output, found.exception
    assert "other, pass: stays at 70 %. Panel 1 rated no question" in found.output
    assert "pre, pass: stays at 70 %. Panel 1 rated no question" in found.output


WRONG: dict[str, tuple[str, tuple[str, ...], type]] = {
    "Line 1, column 5: the bank has no item “b-9”": (FILE.replace("b-2", "b-9"), (), Invalid),
    "Line 2, column 5 (b-2): 80 is not from 0 to 1.": (FILE.replace("0.8", "80"), (), Invalid),
    "Its tests are: other, pre.": (FILE, ("--test", "nowhere"), Invalid),
    "The marks are: pass.": (FILE, ("--test", "other", "--cut", "honours"), Invalid),
    "rated no question of these areas": ("a-1\n0.4\n0.5\n", (), NotRated),
    "in which the test other asks: b.": ("a-1\n0.4\n0.5\n", ("--test", "other"), NotRated),
}


def test_what_is_wrong_is_said_and_nothing_is_written(run: Run, own_app: Flask) -> None:
    for said, (text, words, fault) in WRONG.items():
        refused = run(text, *words).exception
        assert isinstance(refused, fault)
        assert said in str(refused)
    with own_app.app_context():
        assert db.session.scalars(select(ParameterSet)).all() == []
    assert standards(own_app) == []


def test_a_bank_that_there_is_not_is_refused(run: Run) -> None:
    refused = run(FILE, bank="nowhere").exception
    assert isinstance(refused, Invalid)
    assert "no bank with the key nowhere" in str(refused)
