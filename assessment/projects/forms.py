"""What the pages of projects send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import (
    DateField,
    EmailField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from assessment.forms import Between, Form
from assessment.languages import Language
from assessment.locale import gettext as _
from assessment.locale import lazy as _l
from assessment.observations.forms import LANGUAGE_CHOICES
from assessment.projects.briefs import MOST_SEATS

BOTH = f"{Language.ENGLISH} {Language.FRENCH}"


def _needed(sentence: Any, longest: int = 300) -> list[Any]:
    return [InputRequired(sentence), Length(max=longest)]


class InviteForm(Form):
    """An employer's contact, and the task that a project is to be rated by."""

    task = SelectField(_l("Task"), validate_choice=False)
    employer = StringField(_l("Employer"), _needed(_l("Enter where they work.")))
    name = StringField(_l("Their name"), _needed(_l("Enter the name of whom you invite.")))
    email = EmailField(
        _l("Their e-mail address"), _needed(_l("Enter an e-mail address like name@example.org."))
    )
    language = SelectField(_l("Language of the mail"), choices=LANGUAGE_CHOICES)

    def offer(self, tasks: Sequence[tuple[str, str]]) -> None:
        """Offer these tasks: their keys, and what they are called."""
        self.task.choices = [SelectChoice(key, title) for key, title in tasks]


class DayField(DateField):  # type: ignore[misc]  # WTForms has no types
    """A day, or a sentence of ours about what is none."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, as browsers send it."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(
                _("“%(field)s” is a day like 2026-05-31.", field=self.label.text)
            ) from None


class BriefForm(Form):
    """What an employer wants done."""

    title = StringField(_l("Title"), _needed(_l("Enter a title.")))
    text = TextAreaField(
        _l("What is to be delivered"),
        _needed(_l("Say what is to be delivered."), 16_000),
        render_kw={"rows": 8},
    )
    due = DayField(_l("Until which day"), [InputRequired(_l("Choose a day."))])
    seats = IntegerField(
        _l("For how many people"),
        [
            InputRequired(_l("Enter a number of people.")),
            Between(1, MOST_SEATS, _l("Enter a number of people from 1 to 12.")),
        ],
        default=1,
    )
    languages = SelectField(
        _l("Language of the work"),
        choices=[*LANGUAGE_CHOICES, SelectChoice(BOTH, _l("English or French"))],
    )


class ReturnForm(Form):
    """What an employer is to change."""

    because = TextAreaField(_l("What is to be changed"), [Length(max=4_000)])


class DeliveryForm(Form):
    """What a learner delivers."""

    text = TextAreaField(
        _l("What you deliver"),
        _needed(_l("Write what you deliver."), 40_000),
        render_kw={"rows": 10},
    )
    own = TextAreaField(
        _l("What I did myself, in a sentence"), [Length(max=2_000)], render_kw={"rows": 2}
    )
    """Asked in a team."""
    seen = StringField("", [Length(max=16)])
    """The mark of the draft that it was typed over."""


class FeedbackForm(Form):
    """What a learner says of an employer."""

    text = TextAreaField(
        _l("What you say of the employer"),
        _needed(_l("Write a sentence or two."), 8_000),
        render_kw={"rows": 5},
    )


class MateForm(Form):
    """Whom a learner invites to their team."""

    email = EmailField(
        _l("Their e-mail address"), _needed(_l("Enter an e-mail address like name@example.org."))
    )
    language = SelectField(_l("Language of the mail"), choices=LANGUAGE_CHOICES)
