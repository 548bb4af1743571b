"""The blueprint of the pages on which observers are named and say what they saw."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("observations", __name__)
