"""Accounts: registration, sign-in, profile."""

from __future__ import annotations

from flask import Blueprint

from assessment.people import signed_in  # noqa: F401 - registers the user loader

blueprint = Blueprint("people", __name__)
