"""Whether database, storage and worker are there."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from assessment.access import Action, action
from assessment.extensions import csrf, db

blueprint = Blueprint("health", __name__)
csrf.exempt(blueprint)


@blueprint.get("/health")
@action(Action.READ_PUBLIC)
def health() -> ResponseReturnValue:
    """Return whether the database answers."""
    db.session.execute(text("SELECT 1"))
    return jsonify({"database": "ok"})
