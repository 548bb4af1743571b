"""The blueprint of people's pages, and what their views share."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assessment.forms import Form

blueprint = Blueprint("people", __name__)


def page(template: str, form: Form, **values: object) -> ResponseReturnValue:
    """Return the page with its form; 422 where there is something to correct."""
    return render_template(template, form=form, **values), 422 if form.errors else 200


def network_address() -> str:
    """Return the address from which this request came; throttles count by it."""
    return request.remote_addr or "unknown"
