"""The form that every slice's forms are made from."""

from __future__ import annotations

from flask_wtf import FlaskForm

from assessment.errors import AssessmentError


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that can say what a service refused."""

    def refuse(self, error: AssessmentError, otherwise: str) -> None:
        """Show the service's sentence at the field it names, or at the one called `otherwise`."""
        named = error.details.get("field")
        field = self[named if named in self else otherwise]
        field.errors = [*field.errors, error.sentence]
