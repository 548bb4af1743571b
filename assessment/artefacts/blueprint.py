"""The blueprint of the pages on which files are kept and sent."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("artefacts", __name__)
