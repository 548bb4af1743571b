"""The learner's own place."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("me", __name__)
