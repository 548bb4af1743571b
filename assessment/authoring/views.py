"""Banks, items and tests."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("authoring", __name__)
