"""What the pages of observers send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import wtforms
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    FormField,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length

from assessment.forms import Form
from assessment.languages import Language
from assessment.locale import lazy as _l
from assessment.observations.models import Ending, Reached
from assessment.observations.saying import Seen

NOT_OBSERVED = "?"
"""What the form sends for "not observed": no key of a level can be this."""
LEVEL, COMMENT = "level-", "comment-"
DAY_FIELDS = 3
FINDINGS = (Reached.CONFIRMED, Reached.NOT_REACHED, Reached.DENIED)
"""What somebody who calls a workplace can find."""
ROWS = 3
"""So many people can be named at once by somebody at an employer."""
DECLINING = {"not-seen": Ending.NOT_SEEN, "wrong-person": Ending.WRONG_PERSON}
LANGUAGE_CHOICES = [
    SelectChoice(Language.ENGLISH, "English"),
    SelectChoice(Language.FRENCH, "Français"),
]


def _needed(sentence: Any) -> list[Any]:
    return [InputRequired(sentence), Length(max=300)]


class NameForm(Form):
    """Somebody who saw the work."""

    name = StringField(_l("Their name"), _needed(_l("Enter the name of who saw you do it.")))
    email = EmailField(
        _l("Their e-mail address"),
        _needed(_l("Enter an e-mail address like name@example.org.")),
    )
    employer = StringField(_l("Where they work"), [Length(max=300)])
    language = SelectField(_l("Language of the mail"), choices=LANGUAGE_CHOICES)


class ContactForm(NameForm):
    """Somebody at the employer, who knows who saw the work."""

    name = StringField(_l("Their name"), _needed(_l("Enter the name of somebody at the employer.")))
    employer = StringField(_l("Where they work"), _needed(_l("Enter the name of the employer.")))


class ObserverRow(wtforms.Form):  # type: ignore[misc]  # WTForms has no types
    """One of those who saw the work, as somebody at the employer names them."""

    name = StringField(_l("Their name"), [Length(max=300)])
    email = EmailField(_l("Their e-mail address"), [Length(max=300)])
    language = SelectField(
        _l("Language of the mail"), choices=LANGUAGE_CHOICES, validate_choice=False
    )


class WhoForm(Form):
    """Who saw the work."""

    myself = BooleanField(_l("I saw it myself"))
    observers = FieldList(FormField(ObserverRow), min_entries=ROWS, max_entries=ROWS)

    def mark(self, faults: Mapping[str, str]) -> None:
        """Show each sentence at its field, such as `observers-0-email`."""
        for place, sentence in faults.items():
            field = self.myself
            if place != "myself":
                _list, number, name = place.split("-")
                field = self.observers[int(number)].form[name]
                self.observers.errors = [*self.observers.errors, sentence]
            field.errors = [*field.errors, sentence]


class AddressForm(Form):
    """Whose particulars are looked for."""

    email = EmailField(
        _l("Their e-mail address"),
        _needed(_l("Enter an e-mail address like name@example.org.")),
    )


class CallForm(Form):
    """What a call found."""

    seen = HiddenField()
    """What the page said would follow, where it asked whether to set it aside."""
    found = SelectField(coerce=Reached, choices=[SelectChoice(each, each) for each in FINDINGS])


def read_seen(form: MultiDict[str, str]) -> Seen:
    """Return what an observer entered; only the fields that the form has, nothing else."""
    chosen = {
        name.removeprefix(LEVEL): value
        for name, value in form.items()
        if name.startswith(LEVEL) and value
    }
    return Seen(
        marks={key: None if value == NOT_OBSERVED else value for key, value in chosen.items()},
        comments={
            name.removeprefix(COMMENT): _text(value)
            for name, value in form.items()
            if name.startswith(COMMENT) and value.strip()
        },
        days=tuple(day.strip() for day in form.getlist("day") if day.strip()),
        relationship=form.get("relationship", ""),
        interest=form.get("interest", ""),
        name=form.get("name", ""),
        employer=form.get("employer", ""),
        role=form.get("role", ""),
        telephone=form.get("telephone", "").strip(),
        note=_text(form.get("note", "")),
        is_confirmed=bool(form.get("confirmed")),
        once=form.get("once", "")[:64],
    )


def _text(sent: str) -> str:
    """Return a text as it was typed: a browser counts a line break once and sends it as two."""
    return sent.replace("\r\n", "\n")
