"""The yardstick of the bench does what saving an answer does, no less and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

from assessment.extensions import db
from bench import bare
from bench.figures import Figure, Skipped, table
from bench.learners import Seat, build_seats
from bench.pages import Names
from bench.places import Kind, Places

VERB = re.compile(r"\s*(\w+)")
TABLE = re.compile(r"\b(?:FROM|INTO|JOIN|UPDATE) (\w+)")


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    found = Places(tmp_path)
    yield found
    found.close()


@contextmanager
def statements(app: Flask, database: SQLAlchemy) -> Iterator[list[tuple[str, ...]]]:
    """Yield what is asked of the database meanwhile: each verb, and its tables."""
    asked: list[tuple[str, ...]] = []

    def note(_connection: object, _cursor: object, text: str, *_others: object) -> None:
        asked.append((*VERB.findall(text)[:1], *TABLE.findall(text)))

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def answer(app: Flask, seat: Seat, revision: int) -> None:
    client = app.test_client()
    if "assessment" in app.name:
        with client.session_transaction() as session:
            session["_user_id"] = seat.sign_in_id
    fields = {"choice": str(revision), "revision": str(revision), "sign_in": seat.sign_in_id}
    path = f"/sittings/{seat.sitting_id}/questions/1"
    response = client.post(path, data=fields, headers={"Accept": "application/json"})
    assert response.status_code == 200, response.text
    assert response.get_json()["revision"] == revision + 1


def test_the_bare_view_reads_and_writes_what_ours_does(places: Places) -> None:
    installation = places.installation(Kind.SQLITE, WTF_CSRF_ENABLED=False)
    ours, theirs = build_seats(installation, 2)
    plain = bare.create_bare_app(installation.url)
    for revision in (0, 1):  # the first answer to a question, and another
        with statements(installation.app, db) as full:
            answer(installation.app, ours, revision)
        with statements(plain, bare.db) as least:
            answer(plain, theirs, revision)
        assert least == full
        assert len(full) == 9
    with plain.app_context():
        bare.db.engine.dispose()


def test_names_are_what_a_browser_fetches_by_itself() -> None:
    names = Names()
    names.feed(
        '<link rel="stylesheet" href="/a.css"><link rel="canonical" href="/b">'
        '<script src="/c.js"></script><img src="/d.svg"><img src="data:image/png,x"><a href="/e">'
    )
    assert names.found == ["/a.css", "/c.js", "/d.svg"]


def test_a_figure_over_its_limit_says_so() -> None:
    assert Figure("slow", 20, "ms", limit=10).verdict == "over"
    assert Figure("quick", 10, "ms", limit=10).verdict == "ok"
    assert Figure("any", 10, "ms").verdict == ""
    assert table([Figure("quick", 10, "ms", 20), Skipped("import", "no bank")]).row_count == 2
