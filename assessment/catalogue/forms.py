"""The form of the public search; its fields stand in the address."""

from __future__ import annotations

from typing import Any

from wtforms import Form, IntegerField, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from assessment.catalogue.models import Mode
from assessment.catalogue.search import Filters
from assessment.forms import Between
from assessment.locale import duration, money
from assessment.locale import gettext as _
from assessment.locale import lazy as _l

MINUTES = (30, 60, 120, 240, 480, 2400)
CENTS = (0, 2500, 5000, 10000, 25000, 50000)
LONGEST_SEARCH = 200
LAST_PAGE = 100_000


def _one_listed(_form: object, field: Any) -> None:
    if field.data not in {value for value, _label in field.choices}:
        raise ValidationError(
            _("“%(value)s” is not in the list. It was left out.", value=field.data[:40])
        )


def _listed(label: Any) -> SelectField:
    return SelectField(label, [_one_listed], default="", validate_choice=False)


class SearchForm(Form):  # type: ignore[misc]  # WTForms has no types
    """What to look for; a value that cannot be used is named, and left out."""

    words = StringField(
        _l("Title, skill or occupation"),
        [Length(max=LONGEST_SEARCH, message=_l("Search for at most 200 characters."))],
    )
    mode = _listed(_l("Where"))
    minutes = _listed(_l("Time at most"))
    cents = _listed(_l("Cost at most"))
    language = _listed(_l("Language"))
    page = IntegerField(
        _l("Page"),
        [Optional(), Between(1, LAST_PAGE, _l("There is no such page; this is the first."))],
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.mode.choices = [("", _("Anywhere")), *mode_names().items()]
        self.minutes.choices = [("", _("Any")), *((str(each), duration(each)) for each in MINUTES)]
        self.cents.choices = [("", _("Any")), *((str(each), money(each)) for each in CENTS)]
        self.language.choices = [("", _("Any")), ("en", "English"), ("fr", "Français")]

    def filters(self) -> Filters:
        """Return what is asked for, without what cannot be used."""
        self.validate()
        mode, minutes, cents = (self._good(name) for name in ("mode", "minutes", "cents"))
        return Filters(
            words=self._good("words"),
            mode=Mode(mode) if mode else None,
            most_minutes=int(minutes) if minutes else None,
            most_cents=int(cents) if cents else None,
            language=self._good("language") or None,
        )

    def page_number(self) -> int:
        """Return the page that is asked for, the first where it cannot be used."""
        return 1 if self.page.errors else self.page.data or 1

    def _good(self, name: str) -> str:
        field = self[name]
        return "" if field.errors else str(field.data or "")


def mode_names() -> dict[str, str]:
    """Return what the delivery modes are called, by their values."""
    return {
        Mode.ONLINE.value: _("Online"),
        Mode.HYBRID.value: _("Partly online"),
        Mode.IN_PERSON.value: _("In person"),
    }
