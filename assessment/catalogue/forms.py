"""The form of the public search; its fields stand in the address."""

from __future__ import annotations

from typing import Any

from wtforms import StringField
from wtforms.validators import Length

from assessment.catalogue.models import Mode
from assessment.catalogue.search import Filters
from assessment.forms import FilterForm, listed
from assessment.locale import duration, money
from assessment.locale import gettext as _
from assessment.locale import lazy as _l

MINUTES = (30, 60, 120, 240, 480, 2400)
CENTS = (0, 2500, 5000, 10000, 25000, 50000)
LONGEST_SEARCH = 200


class SearchForm(FilterForm):
    """What to look for; a value that cannot be used is named, and left out."""

    words = StringField(
        _l("Title, skill or occupation"),
        [Length(max=LONGEST_SEARCH, message=_l("Search for at most 200 characters."))],
    )
    mode = listed(_l("Where"))
    minutes = listed(_l("Time at most"))
    cents = listed(_l("Cost at most"))
    language = listed(_l("Language"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.mode.choices = [("", _("Anywhere")), *mode_names().items()]
        self.minutes.choices = [("", _("Any")), *((str(each), duration(each)) for each in MINUTES)]
        self.cents.choices = [("", _("Any")), *((str(each), money(each)) for each in CENTS)]
        self.language.choices = [("", _("Any")), ("en", "English"), ("fr", "Français")]

    def filters(self) -> Filters:
        """Return what is asked for, without what cannot be used."""
        self.validate()
        mode, minutes, cents = (self.good(name) for name in ("mode", "minutes", "cents"))
        return Filters(
            words=self.good("words") or "",
            mode=Mode(mode) if mode else None,
            most_minutes=int(minutes) if minutes else None,
            most_cents=int(cents) if cents else None,
            language=self.good("language"),
        )


def mode_names() -> dict[str, str]:
    """Return what the delivery modes are called, by their values."""
    return {
        Mode.ONLINE.value: _("Online"),
        Mode.HYBRID.value: _("Partly online"),
        Mode.IN_PERSON.value: _("In person"),
    }
