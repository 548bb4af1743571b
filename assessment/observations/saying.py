"""What an observer sends, and what is wrong with it: every fault at once, each at its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from assessment import clock
from assessment.errors import Invalid
from assessment.locale import gettext as _
from assessment.locale import ngettext
from assessment.observations.mailboxes import is_public
from assessment.observations.models import Interest, Relationship
from assessment.people import particulars

LONGEST_COMMENT = 2_000
LONGEST_NOTE = 4_000
LONGEST_TELEPHONE = 40
FEWEST_DIGITS = 7
MOST_DAYS = 10
LONG_AGO = timedelta(days=730)
AHEAD = timedelta(hours=14)
"""How far the earliest time zone is ahead of UTC: a day that has begun somewhere may be named."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What somebody says they saw, as they entered it; `once` tells two sendings of it apart."""

    marks: Mapping[str, str | None] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    days: tuple[str, ...] = ()
    relationship: str = ""
    interest: str = ""
    name: str = ""
    employer: str = ""
    role: str = ""
    telephone: str = ""
    note: str = ""
    is_confirmed: bool = False
    once: str = ""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a task asks of observers, and how it deals with them.

    `criteria` are those that they rate, `levels` the scale from the lowest. Where `conflicts_count`
    an observer in a conflict of interest is flagged and counts; with `cap_by_employer` all of one
    employer count as one.
    """

    rubric_key: str
    rubric_version: int
    criteria: tuple[str, ...]
    levels: tuple[str, ...]
    conflicts_count: bool = False
    cap_by_employer: bool = False


class Unusable(Invalid):
    """What was sent cannot be used as it is; `faults` has a sentence for each field."""

    code = "unusable"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(next(iter(faults.values())), faults=dict(faults))
        self.faults = dict(faults)


def require_sound(seen: Seen, email: str, terms: Terms) -> None:
    """Raise Unusable where something is missing or wrong in what an observer sent."""
    faults: dict[str, str] = {}
    for name, sentence in _faults(seen, email, terms):
        faults.setdefault(name, sentence)
    if faults:
        raise Unusable(faults)


def _faults(seen: Seen, email: str, terms: Terms) -> Iterator[tuple[str, str]]:
    yield from _in_marks(seen, terms)
    yield from _in_comments(seen, terms)
    yield from _in_days(seen.days)
    if seen.relationship not in set(Relationship):
        yield "relationship", _("Choose what you are to this person at work.")
    if seen.interest not in set(Interest):
        yield "interest", _("Choose what applies; “none of these” is an answer.")
    yield from _in_identity(seen, email)
    if len(seen.note) > LONGEST_NOTE:
        yield "note", _("Write at most %(n)s characters here.", n=LONGEST_NOTE)
    if not seen.is_confirmed:
        yield "confirmed", _("Tick the box to confirm that you saw this yourself.")


def _in_marks(seen: Seen, terms: Terms) -> Iterator[tuple[str, str]]:
    for key, level in seen.marks.items():
        if key not in terms.criteria or (level is not None and level not in terms.levels):
            name = f"level-{key}" if key in terms.criteria else "marks"
            yield name, _("Choose one of the levels that are offered, or “not observed”.")
    for key in terms.criteria:
        if key not in seen.marks:
            yield f"level-{key}", _("Choose what you saw here, or “not observed”.")
    if terms.criteria and all(seen.marks.get(key, "") is None for key in terms.criteria):
        sentence = _("You observed none of this. Go back and choose “I did not see it” instead.")
        yield f"level-{terms.criteria[0]}", sentence


def _in_comments(seen: Seen, terms: Terms) -> Iterator[tuple[str, str]]:
    for key, text in seen.comments.items():
        if key not in terms.criteria:
            yield "marks", _("The rubric of this task has no such criterion.")
        elif len(text) > LONGEST_COMMENT:
            sentence = _("Write at most %(n)s characters here.", n=LONGEST_COMMENT)
            yield f"comment-{key}", sentence


def _in_days(days: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if not days:
        yield "days", _("Say on which day you saw it; a guess of the day is fine.")
    if len(days) > MOST_DAYS:
        yield "days", ngettext("At most %(num)s day.", "At most %(num)s days.", MOST_DAYS)
    latest = (clock.now() + AHEAD).date()
    for text in days:
        day = day_of(text)
        if day is None:
            yield "days", _("Write a day like 2026-11-24: year, month, day.")
        elif day > latest:
            yield "days", _("A day that you name lies ahead. Name the day on which you saw it.")
        elif day < latest - LONG_AGO:
            yield "days", _("Name a day within the last two years.")


def day_of(text: str) -> date | None:
    """Return the day that was entered; None where it is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _in_identity(seen: Seen, email: str) -> Iterator[tuple[str, str]]:
    for name, text in (("name", seen.name), ("employer", seen.employer), ("role", seen.role)):
        try:
            particulars.name(text, name)
        except Invalid as refusal:
            yield name, refusal.sentence if text.strip() else _missing(name)
    digits = sum(each.isdigit() for each in seen.telephone)
    if is_public(email) or seen.telephone:
        if digits < FEWEST_DIGITS or len(seen.telephone) > LONGEST_TELEPHONE:
            yield (
                "telephone",
                _("Enter the telephone number of your workplace, with its area code."),
            )
        elif not _is_dialled(seen.telephone):
            yield "telephone", _("Use digits, spaces and + ( ) - . x # in a telephone number.")


def _missing(name: str) -> str:
    return {
        "name": _("Enter your name; a single name is fine."),
        "employer": _("Enter where you work, or worked when you saw it."),
        "role": _("Enter what you do there, such as “shop supervisor”."),
    }[name]


def _is_dialled(text: str) -> bool:
    return all(each.isdecimal() or each in "+()-. x#,;*/" for each in text)
