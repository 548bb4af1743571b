"""The blueprint of the assessors' pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("assessors", __name__)
