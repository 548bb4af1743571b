"""Credentials, DID documents and verification."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("credentials", __name__)
