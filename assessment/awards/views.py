"""Decisions and their explanation."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("awards", __name__)
