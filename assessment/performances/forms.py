"""What the pages of performances send."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, TextAreaField
from wtforms.validators import DataRequired, Length

from assessment.forms import Form
from assessment.locale import lazy as _l
from assessment.performances.evidence import LONGEST_TEXT
from assessment.performances.service import Given

NOT_OBSERVED = "?"
"""What the form sends for "not observed": no key of a level can be this."""
LEVEL = "level-"
COMMENT = "comment-"
PLACE = "place-"


class TextForm(Form):
    """A text of the learner's own."""

    text = TextAreaField(
        _l("Your text"),
        [DataRequired(_l("Write something first.")), Length(max=LONGEST_TEXT)],
    )


class FileForm(Form):
    """One file."""

    file = FileField(_l("File"))


class SubmitForm(Form):
    """The learner's declaration."""

    declared = BooleanField(
        "",
        [DataRequired(_l("Tick the box to declare that this is your own work."))],
    )


def read_anchors(form: MultiDict[str, str]) -> dict[str, str]:
    """Return where to look for each criterion that was ticked."""
    return {key: form.get(PLACE + key, "") for key in form.getlist("criterion")}


def read_given(form: MultiDict[str, str]) -> Given:
    """Return what an assessor entered; only the fields that the form has, nothing else."""
    chosen = {
        name.removeprefix(LEVEL): value
        for name, value in form.items()
        if name.startswith(LEVEL) and value
    }
    return Given(
        marks={key: None if value == NOT_OBSERVED else value for key, value in chosen.items()},
        comments={
            name.removeprefix(COMMENT): value
            for name, value in form.items()
            if name.startswith(COMMENT) and value.strip()
        },
    )
