"""What the database holds, compared before and after an attack."""

from __future__ import annotations

import json

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment.audit.models import AuditBody
from assessment.extensions import Model, db

WRITTEN_BY_ASKING = ("audit_", "throttle", "sign_in", "heartbeat")
"""Tables in which a refusal or a sign-in leaves something, as it should."""


def everything(app: Flask) -> dict[str, list[str]]:
    """Return every row of every table that people's acts change, as text."""
    with app.app_context():
        return {
            name: sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
            for name, table in Model.metadata.tables.items()
            if not name.startswith(WRITTEN_BY_ASKING)
        }


def entries(app: Flask, act: str) -> list[dict[str, object]]:
    """Return what the audit log says of an act."""
    with app.app_context():
        said = [json.loads(body) for body in db.session.scalars(select(AuditBody.body))]
    return [entry for entry in said if entry["act"] == act]


def body_without(client: FlaskClient, path: str, *ids: str) -> tuple[int, str]:
    """Return what a page says, without its form tokens and the ids that were asked for."""
    got = client.get(path)
    text = got.text
    for each in ids:
        text = text.replace(each, "ID")
    lines = [line for line in text.splitlines() if "csrf_token" not in line]
    return got.status_code, "\n".join(lines)
