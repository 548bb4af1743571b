"""One writer at a time on SQLite; a database that is busy is said, and nothing is lost."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from assessment import transactions
from assessment.access import Action, action
from assessment.extensions import csrf, db
from assessment.installation import Fact, InstallationFact, holds, record
from tests.conftest import DATABASES, build_app


def with_writing_view(app: Flask) -> Flask:
    """Give the app an address that writes one row."""

    @app.post("/write/<name>")
    @action(Action.READ_PUBLIC)
    def write(name: str) -> str:
        present = db.session.get(InstallationFact, name)
        if present is None:
            db.session.add(InstallationFact(name=name, value="1"))
        else:
            present.value = str(int(present.value) + 1)
        transactions.commit()
        return "written"

    csrf.exempt(write)
    return app


def test_a_locked_database_is_503_and_says_when_to_try_again(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "BUSY_TIMEOUT_MS", 200)
    app = with_writing_view(build_app("sqlite", tmp_path, request))
    other = sqlite3.connect(tmp_path / "attest.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = app.test_client().post("/write/one", headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.get_json()["error"] == "busy"
    assert "sqlite" not in answer.text.lower()
    assert app.test_client().get("/health").status_code == 200
    other.execute("ROLLBACK")
    other.close()
    assert app.test_client().post("/write/one").status_code == 200


@pytest.mark.parametrize("kind", DATABASES)
def test_forty_writers_at_once_lose_nothing(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = with_writing_view(build_app(kind, tmp_path, request))
    answers: list[int] = []

    def write(number: int) -> None:
        answers.append(app.test_client().post(f"/write/n{number}").status_code)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    assert answers == [200] * 40
    with app.app_context():
        assert len(db.session.scalars(select(InstallationFact)).all()) == 40


def test_writing_commits_at_the_end_or_takes_everything_back(context: Flask) -> None:
    with pytest.raises(ZeroDivisionError):
        _record_and_fall()
    assert not holds(Fact.DEMO)
    transactions.rollback()
    with transactions.writing():
        record(Fact.DEMO)
    assert holds(Fact.DEMO)


def _record_and_fall() -> None:
    with transactions.writing():
        record(Fact.DEMO)
        raise ZeroDivisionError


@pytest.mark.parametrize("kind", DATABASES)
def test_a_snapshot_sees_one_moment(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app(kind, tmp_path, request)
    with app.app_context():
        transactions.begin_snapshot()
        assert not holds(Fact.DEMO)
        thread = threading.Thread(target=_record_demo, args=(app,))
        thread.start()
        thread.join()
        db.session.expire_all()
        assert not holds(Fact.DEMO)
        transactions.rollback()
        assert holds(Fact.DEMO)


def _record_demo(app: Flask) -> None:
    with app.app_context(), transactions.writing():
        record(Fact.DEMO)


def test_sqlite_is_durable_and_keeps_foreign_keys(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app("sqlite", tmp_path, request)
    with app.app_context():
        said = {
            name: db.session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_messages_of_the_database_hold_no_values(app: Flask) -> None:
    options = transactions.engine_options("postgresql+psycopg://x")
    assert options["hide_parameters"] is True
    assert options["pool_size"] >= 16
