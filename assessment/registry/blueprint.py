"""The blueprint of the registrar's desk."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("registry", __name__)
