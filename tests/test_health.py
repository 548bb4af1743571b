"""The house stands on both databases, and says which part of it does not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from assessment import clock, health, storage
from assessment.extensions import db
from assessment.sittings.models import Heartbeat
from assessment.sittings.outages import HEARTBEAT


def beat(app: Flask, ago: int) -> None:
    with app.app_context():
        moment = clock.now() - timedelta(seconds=ago)
        db.session.merge(Heartbeat(name=HEARTBEAT, beat_at=moment))
        db.session.commit()


@pytest.mark.parametrize(("ago", "worker"), [(3, "ok"), (31, "late")])
def test_a_worker_is_there_while_it_beats(
    app: Flask, client: FlaskClient, ago: int, worker: str
) -> None:
    beat(app, ago)
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json == {"database": "ok", "storage": "ok", "worker": worker}


def test_pages_are_served_without_a_worker(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.get_json()["worker"] == "missing"


def test_a_folder_that_is_gone_is_said(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = storage.open_storage((tmp_path / "files").as_uri())
    (tmp_path / "files").rmdir()
    monkeypatch.setattr(storage, "current", lambda: gone)
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.get_json()["storage"] == "missing"


def test_a_database_that_is_away_is_said(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(health, "_worker", fail)
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.get_json()["database"] == "missing"


def test_unknown_pages_are_404(client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404
