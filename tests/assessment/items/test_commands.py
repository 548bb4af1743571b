"""The commands `attest bank import` and `attest test publish`, as people type them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import func, select, text

import itembank
from assessment.access import system
from assessment.demo.builders.examinations import AREAS, build_bank, build_scale
from assessment.demo.builders.people import build_institution
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.items import commands
from assessment.items.models import Bank, ItemVersion
from assessment.items.service import NewStandard, current_test, forms_of, publish_standard
from assessment.people.models import Institution
from tests.conftest import DATABASES, build_app

Run = Callable[..., Result]

BANK = {
    "bank": {"key": "small", "title": {"en": "Small", "fr": "Petite"}},
    "areas": [{"key": "a", "title": {"en": "A", "fr": "A"}}],
    "items": [
        {
            "id": "A-1",
            "area": "a",
            "kind": "choice",
            "stem": {"en": "Yes?", "fr": "Oui?"},
            "options": [{"en": "yes", "fr": "oui"}, {"en": "no", "fr": "non"}],
            "key": [0],
        },
        {"id": "A-2", "area": "nowhere", "kind": "choice", "stem": {"en": "[red]?"}},
        {
            "id": "A-3",
            "area": "a",
            "kind": "numeric",
            "stem": {"en": "How many?"},
            "answer": 3,
            "figure": {"file": "a.png"},
        },
    ],
}


@pytest.fixture(params=DATABASES)
def own_app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    return build_app(request.param, tmp_path, request)


@pytest.fixture
def run(own_app: Flask) -> Run:
    group = click.Group()
    commands.register(group)

    def invoke(*words: str) -> Result:
        info = ScriptInfo(create_app=lambda: own_app)
        return CliRunner().invoke(group, list(words), obj=info)

    return invoke


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "bank"
    place.mkdir()
    (place / "small.json").write_text(json.dumps(BANK))
    (place / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nrest")
    (place / "fake.png").write_bytes(b"<svg>")
    return place


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_folder_is_imported_with_its_figures_and_each_refusal_is_named(
    run: Run, folder: Path, own_app: Flask
) -> None:
    result = run("bank", "import", str(folder), "--format", "json", "--bank", "small")
    assert result.exit_code == 0, result.output
    assert "A-2" in result.output
    assert "Refused: line 2" in result.output
    assert "fake.png is no picture" in result.output
    assert "Needs sight (its figure has no description): 1 (A-3)" in result.output
    assert "2 items (en 2, fr 1): 2 new, 0 changed, 0 unchanged, 1 refused" in result.output
    assert count(own_app, ItemVersion) == 2
    again = run("bank", "import", str(folder / "small.json"), "--format", "json", "--bank", "small")
    assert "0 new, 0 changed, 2 unchanged" in again.output
    assert count(own_app, ItemVersion) == 2


def test_a_dry_run_leaves_the_database_as_it_was(run: Run, folder: Path, own_app: Flask) -> None:
    arguments = ("bank", "import", str(folder), "--format", "json", "--bank", "small", "--dry-run")
    result = run(*arguments)
    assert "this was a dry run" in result.output
    assert count(own_app, Bank) == 0


def test_a_file_that_is_not_what_it_claims_is_refused_in_a_sentence(
    run: Run, folder: Path, own_app: Flask
) -> None:
    result = run("bank", "import", str(folder), "--format", "ncvec", "--bank", "x")
    assert isinstance(result.exception, Invalid)
    assert "must be an NCVEC pool" in result.exception.sentence
    assert count(own_app, Bank) == 0
    result = run("bank", "import", str(folder), "--format", "csv", "--bank", "x")
    assert isinstance(result.exception, Invalid)
    assert "one file that ends in .csv" in result.exception.sentence


def test_a_test_is_published_from_a_file(
    run: Run, folder: Path, own_app: Flask, tmp_path: Path
) -> None:
    run("bank", "import", str(folder), "--format", "json", "--bank", "small")
    path = tmp_path / "test.json"
    spec = {
        "key": "t",
        "bank": "small",
        "title": {"en": "T"},
        "blueprint": {"a": 2},
        "cuts": [{"key": "pass", "title": {"en": "Passed"}, "percent": 70}],
        "languages": ["en"],
    }
    path.write_text(json.dumps(spec))
    assert "t, version 1, is published: 2 questions" in run("test", "publish", str(path)).output
    path.write_text(json.dumps(spec | {"languages": ["en", "fr"], "title": {"en": "T", "fr": "T"}}))
    refused = run("test", "publish", str(path))
    assert isinstance(refused.exception, Invalid)
    with own_app.app_context():
        test = current_test("t")
        assert test is not None
        assert test.version == 1
        build_scale(db.session.scalars(select(Bank)).one())
        db.session.commit()
    path.write_text(json.dumps(spec | {"mode": "adaptive", "attempts": 2}))
    published = run("test", "publish", str(path))
    assert "t, version 2, is published: at most 2 questions" in published.output


def test_a_mark_that_a_panel_leaves_is_told_of_when_the_test_is_published(
    run: Run, own_app: Flask, tmp_path: Path
) -> None:
    with own_app.app_context():
        bank = build_bank(build_institution("college"), "wiring")
        rated = NewStandard(items=("wires-001",), ratings=((0.5,), (0.6,)))
        publish_standard(bank.id, rated, system("a test"))
        db.session.commit()
    path, words = tmp_path / "test.json", {"en": "T"}
    spec = {
        "key": "t",
        "bank": "wiring",
        "title": words,
        "blueprint": dict.fromkeys(AREAS, 2),
        "cuts": [{"key": "pass", "title": words, "percent": 75}],
        "languages": ["en"],
    }
    path.write_text(json.dumps(spec))
    published = run("test", "publish", str(path))
    assert "t, pass: stays at 75 %. Panel 1 rated no question" in published.output
    assert "t, version 1, is published" in published.output


def test_others_write_while_forms_are_put_together(
    run: Run, own_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_app.app_context():
        build_scale(build_bank(build_institution("college"), "wiring"))
        db.session.commit()
    during: list[bool] = []
    assemble = itembank.assemble

    def watched(*given: Any, **asked: Any) -> itembank.Assembly:
        during.append(db.session().in_transaction())
        with db.engine.begin() as other:  # refused on SQLite, were a writing transaction open
            other.execute(text("UPDATE institution SET key = 'academy'"))
        return assemble(*given, **asked)

    monkeypatch.setattr(itembank, "assemble", watched)
    path = tmp_path / "test.json"
    words = {"en": "T"}
    spec = {
        "key": "t",
        "bank": "wiring",
        "title": words,
        "blueprint": dict.fromkeys(AREAS, 2),
        "cuts": [{"key": "pass", "title": words, "percent": 75}],
        "languages": ["en"],
        "forms": {"parallel": 2, "difference": 0.5},
    }
    path.write_text(json.dumps(spec))
    published = run("test", "publish", str(path))
    assert published.exception is None
    assert "t, version 1, is published" in published.output
    assert during == [False]
    with own_app.app_context():
        assert db.session.scalars(select(Institution.key)).all() == ["academy"]
        test = current_test("t")
        assert test is not None
        assert len(forms_of(test)) == 2
