"""What the pages of performances send."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, TextAreaField
from wtforms.validators import DataRequired, Length

from assessment.forms import Form
from assessment.locale import lazy as _l
from assessment.performances.evidence import LONGEST_TEXT

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
