"""Forms of people's pages."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    FloatField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length

from assessment.access import Role
from assessment.forms import Form
from assessment.languages import Language
from assessment.locale import lazy as _l
from assessment.people import particulars


def _needed(sentence: Any) -> list[Any]:
    return [InputRequired(sentence), Length(max=2000)]


def _name(label: Any) -> StringField:
    return StringField(label, _needed(_l("Enter a name; a single name is fine.")))


def _email() -> EmailField:
    sentence = _l("Enter an e-mail address like name@example.org.")
    return EmailField(_l("E-mail address"), _needed(sentence))


def _password(label: Any) -> PasswordField:
    return PasswordField(label, _needed(_l("Enter a password.")))


class SignInForm(Form):
    """E-mail address and password."""

    email = _email()
    password = _password(_l("Password"))
    next = HiddenField()


class RegisterForm(Form):
    """What somebody gives to open an account."""

    email = _email()
    display_name = _name(_l("Your name"))
    password = _password(_l("Password"))
    next = HiddenField()


class EmailForm(Form):
    """Where to send a link."""

    email = _email()


class NewPasswordForm(Form):
    """A new password, by a link."""

    password = _password(_l("New password"))


class ChangePasswordForm(Form):
    """A new password, by the present one."""

    current = _password(_l("Present password"))
    password = _password(_l("New password"))


class NameForm(Form):
    """The name that pages use."""

    display_name = _name(_l("Your name"))


class ClaimForm(Form):
    """What a transcript says of its owner."""

    legal_name = _name(_l("Legal name"))
    student_number = StringField(
        _l("Student number"), [Length(max=particulars.LONGEST_NUMBER)], default=""
    )
    next = HiddenField()


class JoinForm(Form):
    """What an invited person without an account gives to open one."""

    display_name = _name(_l("Your name"))
    password = _password(_l("Password"))


LANGUAGE_CHOICES = [
    SelectChoice(Language.ENGLISH, "English"),
    SelectChoice(Language.FRENCH, "Français"),
]
"""Each language by its own name, as everywhere one is chosen."""


class InviteForm(Form):
    """Whom to invite, as what, where."""

    email = _email()
    role = SelectField(_l("Role"), coerce=Role)
    institution = SelectField(_l("Institution"))
    language = SelectField(_l("Language of the mail"), choices=LANGUAGE_CHOICES)


class AccommodationForm(Form):
    """What an institution gives a learner in every test."""

    institution = SelectField(_l("Set by"))
    multiplier = FloatField(
        _l("Time multiplied by"), [InputRequired(_l("Enter a figure like 1.5."))]
    )
    added_minutes = IntegerField(_l("Minutes added"), [InputRequired(_l("Enter 0 for none."))])
    without_sight = BooleanField(_l("Replace questions that need sight"))
