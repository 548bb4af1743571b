"""The form that every slice's forms are made from."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import NumberRange, ValidationError

from assessment.errors import AssessmentError


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
