"""How the desk says things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from flask_babel import format_date, to_user_timezone

from assessment import clock
from assessment.locale import gettext as _
from assessment.locale import ngettext
from assessment.performances.skips import SkipReason


def due_in(moment: datetime) -> str:
    """Return when something is due, in days from now, in the page's language."""
    return _due_in(_days_until(moment))


def _days_until(moment: datetime) -> int:
    return (moment.date() - clock.now().date()).days


def due_once() -> Callable[[datetime], str]:
    """Return `due_in` for one page, each number of days put into words once: a queue repeats it."""
    said = cache(_due_in)
    return lambda moment: said(_days_until(moment))


def on_day_once() -> Callable[[datetime], str]:
    """Return what says on which day something was, for one page, each day once."""
    said = cache(lambda day: str(format_date(day)))
    return lambda moment: said(to_user_timezone(moment).date())


def _due_in(days: int) -> str:
    if days < 0:
        return ngettext("%(num)s day late", "%(num)s days late", -days)
    if days == 0:
        return _("due today")
    return ngettext("due in %(num)s day", "due in %(num)s days", days)


def language_names() -> dict[str, str]:
    """Return the languages of work, by their codes."""
    return {"en": _("English"), "fr": _("French")}


def reason_names() -> dict[str, str]:
    """Return why somebody may skip work."""
    return {
        SkipReason.CONFLICT.value: _(
            "Conflict of interest: I know whose work this is, or have a stake in it"
        ),
        SkipReason.LANGUAGE.value: _("It is not in a language that I read well"),
        SkipReason.UNREADABLE.value: _("Something in it cannot be opened or read"),
        SkipReason.OTHER.value: _("Another reason, which I give below"),
    }
