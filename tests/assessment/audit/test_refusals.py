"""Whoever is refused what is not theirs leaves an entry; a visitor who lost their way does not."""

from __future__ import annotations

import json

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment import access
from assessment.access import Action, Actor, ActorKind
from assessment.audit import refusals
from assessment.audit.models import AuditBody
from assessment.errors import Forbidden, NoSuchRecord
from assessment.extensions import db

SOMEBODY = Actor(ActorKind.PERSON, person_id="p", learner_id="l")
REFUSED = (("forbidden", 403), ("missing", 404), ("aborted", 403))


@pytest.fixture
def somebody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign somebody in, whoever it is."""
    monkeypatch.setattr(access, "actor", lambda: SOMEBODY)
    monkeypatch.setattr(refusals, "actor", lambda: SOMEBODY)


@pytest.fixture
def refusing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `health.health` refuse in one of three ways, by the address's query."""

    def view() -> str:
        if "forbidden" in request.args:
            raise Forbidden("No.")
        if "missing" in request.args:
            raise NoSuchRecord("sitting", "x")
        return abort(403)

    declared = access.action(Action.READ_PUBLIC)(view)
    monkeypatch.setitem(app.view_functions, "health.health", declared)


def entries(app: Flask) -> list[dict[str, object]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditBody).where(AuditBody.chain == "learner:l"))
        return [json.loads(row.body) for row in rows]


@pytest.mark.usefixtures("somebody", "refusing")
@pytest.mark.parametrize(("way", "status"), REFUSED)
def test_a_refused_access_is_recorded(
    app: Flask, client: FlaskClient, way: str, status: int
) -> None:
    assert client.get("/health", query_string={way: "1"}).status_code == status
    (entry,) = entries(app)
    assert entry["act"] == "access_denied"
    assert entry["actor"] == "person:p"
    assert entry["subject"] == "health.health"
    assert entry["details"] == {"status": status, "method": "GET", "asked": {}}


@pytest.mark.usefixtures("refusing")
def test_a_visitor_leaves_no_entry(app: Flask, client: FlaskClient) -> None:
    assert client.get("/health?forbidden=1").status_code == 403
    with app.app_context():
        assert db.session.scalars(select(AuditBody)).all() == []


@pytest.mark.usefixtures("somebody")
def test_an_address_that_is_no_page_leaves_no_entry(app: Flask, client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404
    assert entries(app) == []


def test_what_was_asked_for_is_kept_as_a_hash(app: Flask) -> None:
    with app.test_request_context("/"):
        request.view_args = {"token": "canary"}
        asked = refusals._asked()
    assert set(asked) == {"token"}
    assert "canary" not in str(asked)
