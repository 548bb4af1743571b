"""How the desk says things."""

from __future__ import annotations

from datetime import datetime

from assessment import clock
from assessment.locale import gettext as _
from assessment.locale import ngettext
from assessment.performances.skips import SkipReason


def due_in(moment: datetime) -> str:
    """Return when something is due, in days from now, in the page's language."""
    days = (moment.date() - clock.now().date()).days
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
