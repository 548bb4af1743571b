"""Forms of the registrar's desk."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField
from wtforms import TextAreaField as Area
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from assessment.catalogue.models import AchievementVersion
from assessment.credentials.models import RevokedFor
from assessment.forms import LAST_PAGE, Between, Form
from assessment.items.models import Test
from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.locale import lazy as _l
from assessment.registry.second_looks import CameOf
from assessment.registry.service import SUPERVISED, Filters, Shows, Sort
from assessment.registry.words import (
    came_of_names,
    identity_names,
    revoked_for_names,
    shows_names,
    sort_names,
    supervision_names,
)
from assessment.rules import Identity, Supervision

LONGEST_SEARCH = 200
LONGEST_REASON = 2000


def _one_listed(_form: object, field: Any) -> None:
    if field.data not in {value for value, _label in field.choices}:
        raise ValidationError(_("Choose one of the list for “%(field)s”.", field=field.label.text))


def _choice(label: Any, **named: Any) -> SelectField:
    return SelectField(label, [_one_listed], validate_choice=False, **{"default": "", **named})


def _radio(label: Any, **named: Any) -> RadioField:
    return RadioField(label, [_one_listed], validate_choice=False, **named)


def _page() -> IntegerField:
    return IntegerField(
        _l("Page"), [Optional(), Between(1, LAST_PAGE, _l("There is no such page."))]
    )


class DayField(DateField):  # type: ignore[misc]  # WTForms has no types
    """A day, or a sentence of ours about what is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, as browsers send it."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(
                _("“%(field)s” is a day like 2026-05-31.", field=self.label.text)
            ) from None


class ListForm(wtforms.Form):  # type: ignore[misc]  # WTForms has no types
    """What the registrar looks for; its fields stand in the address."""

    words = StringField(
        _l("Name, number or credential"),
        [Length(max=LONGEST_SEARCH, message=_l("Search for at most 200 characters."))],
    )
    achievement = _choice(_l("Achievement"))
    shows = _choice(_l("State"))
    since = DayField(_l("From"), [Optional()])
    until = DayField(_l("To"), [Optional()])
    sort = _choice(_l("Sorted by"), default=Sort.DATE.value)
    reverse = _choice(_l("Order"))
    page = _page()

    def __init__(self, query: Any, achievements: list[AchievementVersion], **named: Any) -> None:
        super().__init__(query, **named)
        self.achievement.choices = [
            ("", _("Any")),
            *((each.achievement.key, wording(each.title, language())) for each in achievements),
        ]
        self.shows.choices = [("", _("Any")), *shows_names().items()]
        self.sort.choices = list(sort_names().items())
        self.reverse.choices = [("", _("As usual")), ("1", _("The other way round"))]

    def filters(self) -> Filters:
        """Return what is looked for; the form has been validated."""
        return Filters(
            words=self.words.data or "",
            achievement=self.achievement.data or "",
            shows=Shows(self.shows.data) if self.shows.data else None,
            since=self.since.data,
            until=self.until.data,
            sort=Sort(self.sort.data) if self.sort.data else Sort.DATE,
            reverse=bool(self.reverse.data),
        )


def _reason(label: Any) -> Area:
    return Area(
        label,
        [
            DataRequired(_l("Give the reason.")),
            Length(max=LONGEST_REASON, message=_l("Write at most 2,000 characters.")),
        ],
    )


class SecondLooksForm(wtforms.Form):  # type: ignore[misc]  # WTForms has no types
    """Which second looks to list; it stands in the address."""

    came_of = _choice(_l("What came of it"))
    page = _page()

    def __init__(self, query: Any, **named: Any) -> None:
        super().__init__(query, **named)
        self.came_of.choices = [("", _("Any")), *came_of_names().items()]

    @property
    def wanted(self) -> CameOf | None:
        """Return what came of those to list; None for all. The form has been validated."""
        return CameOf(self.came_of.data) if self.came_of.data else None


class RevokeForm(Form):
    """Why an award is revoked."""

    revoked_for = _radio(_l("What the public reads"))
    reason = _reason(_l("The reason, for the learner"))

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.revoked_for.choices = list(revoked_for_names().items())

    @property
    def sort_of_reason(self) -> RevokedFor:
        """Return what the public reads."""
        return RevokedFor(self.revoked_for.data)


class HoldForm(Form):
    """An integrity hold on somebody's record."""

    reason = _reason(_l("The reason"))


class HoldSomebodyForm(HoldForm):
    """A hold on the record of somebody who is named."""

    learner = StringField(
        _l("E-mail address or student number"), [DataRequired(_l("Say on whose record."))]
    )


class StartCodeForm(Form):
    """What an invigilator vouches for."""

    test = _choice(_l("Test"))
    supervision = _radio(_l("Supervision"), default=Supervision.INVIGILATED.value)
    identity = _radio(_l("Identity"), default=Identity.DOCUMENT.value)

    def __init__(self, tests: list[Test], **named: Any) -> None:
        super().__init__(**named)
        self.test.choices = [(each.key, wording(each.title, language())) for each in tests]
        supervised = supervision_names()
        self.supervision.choices = [(each.value, supervised[each.value]) for each in SUPERVISED]
        self.identity.choices = list(identity_names().items())


class SearchForm(wtforms.Form):  # type: ignore[misc]  # WTForms has no types
    """Whose evidence to list; it stands in the address."""

    learner = StringField(
        _l("E-mail address or student number"),
        [Length(max=LONGEST_SEARCH, message=_l("Search for at most 200 characters."))],
    )


class SetAsideForm(Form):
    """Why something no longer counts, and what the page said would follow."""

    seen = StringField(widget=HiddenInput())
    reason = _reason(_l("The reason, for the learner"))


class RatingAsideForm(SetAsideForm):
    """Why a rating no longer counts; the learner is not told why."""

    reason = _reason(_l("The reason"))


class KeepForm(Form):
    """Why an award stays, though what it rested on fell."""

    reason = _reason(_l("Why it stays"))


class AnswerForm(Form):
    """The answer to a complaint."""

    text = Area(_l("Your answer"), [DataRequired(_l("Write something first."))])
