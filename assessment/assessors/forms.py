"""What the pages of assessors send."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation

from assessment.assessors.words import language_names, reason_names
from assessment.forms import FilterForm, Form, listed
from assessment.languages import LANGUAGES
from assessment.locale import gettext as _
from assessment.locale import lazy as _l
from assessment.performances.eligibility import Choice
from assessment.performances.rating import LONGEST_COMMENT, Given
from assessment.performances.skipping import LONGEST_WORDS
from assessment.performances.skips import SkipReason

NOT_OBSERVED = "?"
"""What the form sends for "not observed": no key of a level can be this."""
LEVEL = "level-"
COMMENT = "comment-"
LAST_REVISION = 10**6


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
            name.removeprefix(COMMENT): value.replace("\r\n", "\n")  # as the browser counts them
            for name, value in form.items()
            if name.startswith(COMMENT) and value.strip()
        },
        revision=read_revision(form),
    )


def read_revision(form: MultiDict[str, str]) -> int | None:
    """Return the revision of the draft that a page was made from; None for what is none."""
    text = form.get("revision", "")
    known = text.isascii() and text.isdigit() and len(text) <= len(str(LAST_REVISION))
    return int(text) if known else None


class SkipForm(Form):
    """Why somebody does not rate a performance."""

    reason = RadioField(
        _l("Why do you skip this?"),
        [DataRequired(_l("Choose a reason."))],
        validate_choice=False,
    )
    words = TextAreaField(
        _l("In your words"),
        [Length(max=LONGEST_WORDS, message=_l("Say it in at most 1000 characters."))],
    )

    def __init__(self, **named: object) -> None:
        super().__init__(**named)
        self.reason.choices = list(reason_names().items())

    def validate_reason(self, field: RadioField) -> None:
        """Refuse what is no reason of ours."""
        if field.data not in set(SkipReason):
            raise StopValidation(_("Choose a reason."))


class SecondLookForm(Form):
    """Why somebody else should look at a performance as well."""

    words = TextAreaField(
        _l("What should somebody else look at?"),
        [
            DataRequired(_l("Say in a few words why.")),
            Length(max=LONGEST_WORDS, message=_l("Say it in at most 1000 characters.")),
        ],
    )


class StockCommentForm(Form):
    """A comment to use again."""

    text = TextAreaField(
        _l("Comment"),
        [
            DataRequired(_l("Write something first.")),
            Length(max=LONGEST_COMMENT, message=_l("A comment may have at most 5000 characters.")),
        ],
    )
    language = RadioField(
        _l("It is in"),
        [DataRequired(_l("Choose a language."))],
        validate_choice=False,
    )

    def __init__(self, **named: object) -> None:
        super().__init__(**named)
        self.language.choices = list(language_names().items())

    def validate_language(self, field: RadioField) -> None:
        """Refuse what is no language of ours."""
        if field.data not in LANGUAGES:
            raise StopValidation(_("Choose a language."))


class QueueForm(FilterForm):
    """Which part of what waits to show; it stands in the address."""

    skill = listed(_l("Skill"))
    language = listed(_l("Language"))

    def __init__(self, query: MultiDict[str, str], skills: Mapping[str, str]) -> None:
        super().__init__(query)
        self.skill.choices = [("", _("All skills")), *skills.items()]
        self.language.choices = [
            ("", _("All languages")),
            ("en", _("English")),
            ("fr", _("French")),
        ]

    def choice(self) -> Choice:
        """Return what is asked for; what cannot be used is left out."""
        return Choice(rubric_key=self.good("skill"), language=self.good("language"))


def read_choice(form: MultiDict[str, str]) -> Choice:
    """Return the part of the queue that a button takes from; what there is not leads to nothing."""
    return Choice(
        rubric_key=form.get("skill") or None,
        language=form.get("language") or None,
        task_key=form.get("task") or None,
    )
