"""What the pages of messages, appeals and complaints send."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, TextAreaField

import rubrics
from assessment.forms import Form, listed
from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.locale import lazy as _l
from assessment.performances.appeal_models import Matter
from assessment.performances.appealing import FIELD
from assessment.performances.threads import Line


class MessageForm(Form):
    """A message to the other side."""

    text = TextAreaField(_l("Your message"))


class LearnersMessageForm(MessageForm):
    """A learner's message: to everybody who rates the work, or to whoever wrote one message."""

    answers: SelectField = listed(_l("Whom it is for"))

    def offer(self, lines: Iterable[Line]) -> LearnersMessageForm:
        """Return the form, which offers to answer each of these messages, the first one chosen."""
        offered = [
            (str(each.key), _("Whoever wrote message %(n)s", n=each.number)) for each in lines
        ]
        self.answers.choices = [*offered, ("", _("All who rate this work"))]
        if not self.is_submitted():
            self.answers.data = self.answers.choices[0][0]
        return self

    @property
    def answered(self) -> int | None:
        """Return the number of the message that this answers."""
        return int(self.answers.data) if self.answers.data else None


class ComplaintForm(Form):
    """What a learner complains about."""

    matter = RadioField(_l("What is it about?"), validate_choice=False)
    text = TextAreaField(_l("Your complaint"))

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.matter.choices = list(matter_names().items())


def matter_names() -> dict[str, str]:
    """Return what a complaint can be about."""
    return {
        Matter.CONDUCT.value: _("How I was treated"),
        Matter.DELAY.value: _("It takes too long"),
        Matter.ACCESS.value: _("Something I could not use, or an adjustment that I did not get"),
        Matter.PRIVACY.value: _("How what I showed was dealt with"),
        Matter.OTHER.value: _("Something else"),
    }


def appeal_form(criteria: Iterable[rubrics.Criterion]) -> Any:
    """Return a form with one field for the reason of each criterion; none has to be filled in."""
    fields = {
        f"{FIELD}{each.key}": TextAreaField(
            _("Why “%(criterion)s” should be another level", criterion=_title(each))
        )
        for each in criteria
    }
    return type("AppealForm", (Form,), fields)()


def _title(criterion: rubrics.Criterion) -> str:
    return wording(criterion.title, language())


def read_reasons(form: MultiDict[str, str]) -> dict[str, str]:
    """Return the reason that was sent for each criterion, by its key."""
    return {
        name.removeprefix(FIELD): value for name, value in form.items() if name.startswith(FIELD)
    }
