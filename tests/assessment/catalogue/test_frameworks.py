"""Frameworks: two formats that say the same, versions that stay, faults named with their place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import func, select

from assessment.access import Role
from assessment.catalogue import commands
from assessment.catalogue.framework_files import COLUMNS
from assessment.catalogue.models import Competency, Framework
from assessment.catalogue.service import (
    FrameworkFormat,
    competencies,
    import_framework,
    latest_framework,
    read_framework,
)
from assessment.demo.builders.catalogue import BUILDER, build_framework
from assessment.demo.builders.people import build_institution, build_staff
from assessment.errors import Conflict, Forbidden, Invalid
from assessment.extensions import db
from tests.assessment.people.actors import actor_for
from tests.conftest import build_app

DATA: dict[str, Any] = {
    "framework": {
        "key": "bev",
        "version": "2026.1",
        "title": {"en": "Vehicles", "fr": "Véhicules"},
        "publisher": "A college",
        "licence": "CC BY 4.0",
    },
    "levels": [{"key": "1", "title": {"en": "First", "fr": "Premier"}}],
    "competencies": [
        {
            "key": "isolate",
            "title": {"en": "Isolate", "fr": "Isoler"},
            "description": {"en": "Makes it safe.", "fr": "Met en sécurité."},
            "statements": [
                {"en": "Locks out", "fr": "Cadenasse"},
                {"en": "Measures", "fr": "Mesure"},
            ],
        },
        {"key": "rescue", "title": {"en": "Rescue"}},
    ],
}
ROWS = [
    ",".join(COLUMNS),
    "framework,bev,2026.1,Vehicles,Véhicules,,,A college,CC BY 4.0,,",
    "level,1,,First,Premier,,,,,,",
    (
        "competency,isolate,,Isolate,Isoler,Makes it safe.,Met en sécurité.,,,"
        "Locks out|Measures,Cadenasse|Mesure"
    ),
    "competency,rescue,,Rescue,,,,,,,",
]


def as_json(data: object) -> bytes:
    return json.dumps(data).encode()


def test_both_formats_say_the_same() -> None:
    from_json = read_framework(as_json(DATA), FrameworkFormat.JSON)
    from_csv = read_framework(("\ufeff" + "\r\n".join(ROWS)).encode(), FrameworkFormat.CSV)
    assert from_csv == from_json
    assert from_csv.digest == from_json.digest
    assert from_json.competencies[0].statements[1] == {"en": "Measures", "fr": "Mesure"}


def test_a_version_is_imported_once_and_stays(context: Flask) -> None:
    data = read_framework(as_json(DATA), FrameworkFormat.JSON)
    assert import_framework(data, BUILDER).is_new
    assert not import_framework(data, BUILDER).is_new
    assert db.session.scalar(select(func.count()).select_from(Competency)) == 2
    changed = json.loads(json.dumps(DATA))
    changed["competencies"][1]["title"]["en"] = "Rescue people"
    with pytest.raises(Conflict) as refused:
        import_framework(read_framework(as_json(changed), FrameworkFormat.JSON), BUILDER)
    assert "new version" in refused.value.sentence
    changed["framework"]["version"] = "2026.2"
    import_framework(read_framework(as_json(changed), FrameworkFormat.JSON), BUILDER)
    latest = latest_framework("bev")
    assert latest is not None
    assert latest.version == "2026.2"
    assert [each.key for each in latest.competencies] == ["isolate", "rescue"]
    assert competencies(["rescue"])["rescue"].title == {"en": "Rescue people"}


def test_who_may_publish_frameworks(context: Flask) -> None:
    data = read_framework(as_json(DATA), FrameworkFormat.JSON)
    institution = build_institution()
    with pytest.raises(Forbidden):
        import_framework(data, actor_for(build_staff(Role.AUTHOR, institution)))
    assert import_framework(data, actor_for(build_staff(Role.REGISTRAR, institution))).is_new


def edited(*path: str | int, value: object) -> bytes:
    data = json.loads(json.dumps(DATA))
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return as_json(data)


@pytest.mark.parametrize(
    ("source", "named"),
    [
        (b"", "JSON"),
        (b"{", "line 1"),
        (b"[]", "an object"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"framework": NaN}', "finite"),
        (b'{"framework": {}, "framework": {}}', "given once"),
        (b"[" * 200_000, "too deep"),
        (edited("colour", value="red"), "colour"),
        (edited("framework", "key", value="a b"), "framework.key"),
        (edited("framework", "key", value=["x"]), "framework.key"),
        (edited("framework", "version", value=None), "framework.version"),
        (edited("framework", "title", value={"de": "Titel"}), "framework.title"),
        (edited("framework", "publisher", value="a\nb"), "framework.publisher"),
        (edited("framework", "publisher", value=""), "framework.publisher"),
        (edited("competencies", value=[]), "competencies"),
        (edited("competencies", value={}), "competencies"),
        (edited("competencies", 1, "key", value="isolate"), "competencies[1].key"),
        (edited("competencies", 0, "title", "en", value=7), "competencies[0].title.en"),
        (edited("competencies", 0, "statements", value=["x"]), "competencies[0].statements[0]"),
    ],
)
def test_a_faulty_file_is_refused_with_the_place(source: bytes, named: str, app: Flask) -> None:
    with app.app_context(), pytest.raises(Invalid) as refused:
        read_framework(source, FrameworkFormat.JSON)
    assert named in refused.value.sentence


def rows(change: Callable[[list[str]], object]) -> bytes:
    lines = list(ROWS)
    change(lines)
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("source", "named"),
    [
        (b"a,b\n1,2\n", "columns"),
        (b"", "columns"),
        (rows(lambda lines: lines.pop(1)), "one row"),
        (rows(lambda lines: lines.append(lines[1])), "one row"),
        (rows(lambda lines: lines.append("competency,x")), "line 6"),
        (rows(lambda lines: lines.append("admin,x,,,,,,,,,")), "line 6"),
        (rows(lambda lines: lines.append('"open')), "CSV"),
        (rows(lambda lines: lines.append("competency,x,,X,,,,,,one|two,un")), "as many"),
        (rows(lambda lines: lines.append("competency,rescue,,X,,,,,,,")), "competencies[2].key"),
    ],
)
def test_a_faulty_csv_is_refused_with_the_line(source: bytes, named: str, app: Flask) -> None:
    with app.app_context(), pytest.raises(Invalid) as refused:
        read_framework(source, FrameworkFormat.CSV)
    assert named in refused.value.sentence


def test_the_competencies_of_the_newest_framework_are_the_ones_shown(context: Flask) -> None:
    build_framework("isolate", key="bev", version="1")
    newest = build_framework("isolate", key="bev", version="2")
    assert competencies(["isolate"])["isolate"].framework_id == newest.id


def test_the_command_imports_once(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    app = build_app("sqlite", tmp_path, request)
    group = click.Group()
    commands.register(group)
    path = tmp_path / "bev.csv"
    path.write_text("\n".join(ROWS))
    words = ["framework", "import", str(path), "--format", "csv"]
    info = ScriptInfo(create_app=lambda: app)
    first = CliRunner().invoke(group, words, obj=info)
    assert "bev 2026.1: 2 competencies, imported." in first.output
    second = CliRunner().invoke(group, words, obj=info)
    assert "unchanged" in second.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Framework)) == 1
