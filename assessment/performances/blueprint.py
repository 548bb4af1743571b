"""The blueprint of the pages on which work is shown and rated."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("performances", __name__)
