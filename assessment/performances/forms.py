"""What the pages of performances send."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired

from assessment.forms import Form
from assessment.locale import lazy as _l
from assessment.performances.anchors import Ticks

PLACE = "place-"


class TextForm(Form):
    """A text of the learner's own; how long it may be, the service says, so that none is cut."""

    text = TextAreaField(_l("Your text"), [DataRequired(_l("Write something first."))])


class SubmitForm(Form):
    """What the learner declares; of other people only where they may be recognised."""

    declared = BooleanField(
        "",
        [DataRequired(_l("Tick the box to declare that this is your own work."))],
    )
    others = BooleanField(
        "",
        [DataRequired(_l("Tick the box to declare that others agreed, or are unrecognisable."))],
    )

    def ask(self, *, of_others: bool) -> SubmitForm:
        """Return the form, which asks about other people only where `of_others` says so."""
        if not of_others:
            del self.others
        return self


class TakeOutForm(Form):
    """What becomes of something that is taken out before anybody saw it."""

    becomes = RadioField(
        _l("What becomes of it"),
        choices=[
            SelectChoice("kept", _l("Keep it among my files, so that I can use it elsewhere")),
            SelectChoice("deleted", _l("Delete it for good")),
        ],
        default="kept",
    )


def read_ticks(form: MultiDict[str, str]) -> Ticks:
    """Return which criteria were ticked, and where to look for each, ticked or not."""
    places = {
        name.removeprefix(PLACE): value for name, value in form.items() if name.startswith(PLACE)
    }
    return Ticks(tuple(dict.fromkeys(form.getlist("criterion"))), places)
