"""Addresses for the page's frame, where a page may not exist."""

from __future__ import annotations

from flask import Flask, url_for
from werkzeug.routing import BuildError


def way_to(endpoint: str) -> str | None:
    """Return the address of `endpoint`, or None where there is no such page."""
    try:
        return url_for(endpoint)
    except BuildError:
        return None


def init_app(app: Flask) -> None:
    """Give templates `way_to`."""
    app.jinja_env.globals.update(way_to=way_to)
