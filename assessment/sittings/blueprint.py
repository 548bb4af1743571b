"""The blueprint of the pages on which tests are taken and practised."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("sittings", __name__)
