"""What the pages of a sitting send."""

from __future__ import annotations

from flask import Request
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from assessment.forms import Form
from assessment.languages import LANGUAGES
from assessment.locale import lazy as _l
from assessment.sittings.service import Given

LONGEST_REVISION = 9


class BeginForm(Form):
    """The learner's word that the terms were read, and a start code where there is one."""

    start_code = StringField(_l("Start code"), [Length(max=40)])
    terms = BooleanField(
        _l("I have read how this test works, and these are my own answers."),
        [DataRequired(_l("Tick the box to show that you have read how this test works."))],
    )


def read_given(request: Request) -> Given:
    """Return what a question's form says; only the fields that it has, nothing else."""
    form = request.form
    return Given(
        chosen=tuple(form.getlist("choice")),
        text=form.get("text", ""),
        revision=_revision(form.get("revision", "0")),
        flagged="flagged" in form if "has_flag" in form else None,
        unsure=form.get("go") == "unsure",
    )


def _revision(text: str) -> int:
    """Return a revision; -1, which is never current, for anything that is none."""
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_REVISION
    return int(text) if plain else -1


def read_language(go: str) -> str | None:
    """Return the language that a submit button asks for, or None."""
    language = go.removeprefix("language:")
    return language if go.startswith("language:") and language in LANGUAGES else None
