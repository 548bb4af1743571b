"""The blueprint of the desk of authors and psychometricians."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("authoring", __name__)
