"""The forms that every slice's forms are made from."""

from __future__ import annotations

from typing import Any

import wtforms
from flask_wtf import FlaskForm
from wtforms.validators import NumberRange, Optional, ValidationError

from assessment.errors import AssessmentError
from assessment.locale import gettext as _
from assessment.locale import lazy as _l

LAST_PAGE = 100_000


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that can say what a service refused."""

    def refuse(self, error: AssessmentError, otherwise: str) -> None:
        """Show the service's sentence at the field it names, or at the one called `otherwise`."""
        named = error.details.get("field")
        field = self[named if named in self else otherwise]
        field.errors = [*field.errors, error.sentence]


class Between(NumberRange):  # type: ignore[misc]  # WTForms has no types
    """Refuses a number out of range, and one that is too long to be compared, or is none at all."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raise ValidationError with the sentence that was given, whatever is wrong."""
        try:
            super().__call__(form, field)
        except (ValueError, OverflowError) as fault:  # a ValidationError is a ValueError
            raise ValidationError(self.message) from fault


def _one_listed(_form: object, field: Any) -> None:
    if field.data not in {value for value, _label in field.choices}:
        raise ValidationError(
            _("“%(value)s” is not in the list. It was left out.", value=field.data[:40])
        )


def listed(label: Any) -> wtforms.SelectField:
    """Return a field of a `FilterForm` whose choices begin with the empty one."""
    return wtforms.SelectField(label, [_one_listed], default="", validate_choice=False)


class FilterForm(wtforms.Form):  # type: ignore[misc]  # WTForms has no types
    """What to look for, as it stands in the address; what cannot be used is named, and left out."""

    page = wtforms.IntegerField(
        _l("Page"),
        [Optional(), Between(1, LAST_PAGE, _l("There is no such page; this is the first."))],
    )

    def page_number(self) -> int:
        """Return the page that is asked for, the first where it cannot be used."""
        return 1 if self.page.errors else self.page.data or 1

    def good(self, name: str) -> str | None:
        """Return what a field asks for; None for nothing, and for what cannot be used."""
        field = self[name]
        return None if field.errors else field.data or None
