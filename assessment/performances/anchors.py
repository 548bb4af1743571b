"""Where to look in a piece of evidence: a page of a document, a moment of a video, or words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assessment.errors import Invalid
from assessment.locale import gettext as _
from assessment.performances.handling import EvidenceKind, kind_of

LONGEST_PLACE = 120
_TO = r"\s*(?:-|–|—|to|à)\s*"
_REST = r"(?:[\s,;:.–-]+(?P<words>\S.*))?"
_PAGES = re.compile(
    rf"(?:pages?|p\.|pp\.)?\s*(?P<page>[0-9]{{1,4}})(?:{_TO}(?P<until>[0-9]{{1,4}}))?{_REST}",
    re.IGNORECASE,
)
_CLOCK = r"[0-9]{1,2}(?::[0-5][0-9]){1,2}"
_TIMES = re.compile(
    rf"(?P<start>{_CLOCK})(?:{_TO}(?P<until>{_CLOCK}))?{_REST}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """Where to look: from a page to a page, from a second to a second, and what else was said.

    All of it is None and empty for everywhere.
    """

    page: int | None = None
    until_page: int | None = None
    second: int | None = None
    until_second: int | None = None
    words: str = ""


def place_of(text: str, media_type: str) -> Place:
    """Return what an anchor says of a piece of this media type; words where it says nothing else.

    It was checked when it was kept.
    """
    found = _found(text.strip(), kind_of(media_type))
    return Place(words=text.strip()) if found is None else found


def _found(text: str, kind: EvidenceKind) -> Place | None:
    match kind:
        case EvidenceKind.DOCUMENT:
            return _page(text)
        case EvidenceKind.VIDEO:
            return _moment(text)
    return None


def _page(text: str) -> Place | None:
    found = _PAGES.fullmatch(text)
    if found is None:
        return None
    until = found["until"]
    return Place(
        page=int(found["page"]),
        until_page=int(until) if until else None,
        words=found["words"] or "",
    )


def _moment(text: str) -> Place | None:
    found = _TIMES.fullmatch(text)
    if found is None:
        return None
    until = found["until"]
    return Place(
        second=_seconds(found["start"]),
        until_second=_seconds(until) if until else None,
        words=found["words"] or "",
    )


def _seconds(clock: str) -> int:
    seconds = 0
    for part in clock.split(":"):
        seconds = 60 * seconds + int(part)
    return seconds


def words_of(place: Place) -> str:
    """Return where to look in the page's language; nothing for everywhere."""
    where = _where(place)
    return ", ".join(each for each in (where, place.words) if each)


def _where(place: Place) -> str:
    if place.page is not None and place.until_page is None:
        return _("page %(page)s", page=place.page)
    if place.page is not None:
        return _("pages %(page)s to %(until)s", page=place.page, until=place.until_page)
    if place.second is not None and place.until_second is None:
        return as_clock(place.second)
    if place.second is not None and place.until_second is not None:
        start, until = as_clock(place.second), as_clock(place.until_second)
        return _("%(start)s to %(until)s", start=start, until=until)
    return ""


def as_clock(seconds: int) -> str:
    """Return a moment of a video as a player shows it: "1:30", "1:02:03"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def checked_place(text: str, media_type: str, pages: int = 0) -> str:
    """Return an anchor as it is kept; Invalid says how to write one for this kind of evidence.

    `pages` is how many the document has, 0 where that is not known.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST_PLACE:
        raise Invalid(_("Say in at most %(n)s characters where to look.", n=LONGEST_PLACE))
    if not text:
        return ""
    kind = kind_of(media_type)
    found = _found(text, kind)
    if found is not None:
        _check_order(found)
        _check_pages(found, pages)
    elif kind is EvidenceKind.DOCUMENT:
        raise Invalid(_("Begin with the page, such as “page 2” or “2-4”."))
    elif kind is EvidenceKind.VIDEO:
        raise Invalid(_("Begin with the time, such as “1:30” or “1:30-2:10” (minutes:seconds)."))
    return text


def _check_order(place: Place) -> None:
    pages, seconds = (place.page, place.until_page), (place.second, place.until_second)
    for start, until in (pages, seconds):
        if start is not None and until is not None and until < start:
            raise Invalid(_("Write the earlier one first, such as “2-4” or “1:30-2:10”."))


def _check_pages(place: Place, pages: int) -> None:
    if place.page is None:
        return
    last = place.until_page or place.page
    if place.page < 1:
        raise Invalid(_("Pages are counted from 1."))
    if pages and last > pages:
        raise Invalid(_("This document ends with page %(last)s.", last=pages))


@dataclass(frozen=True)
class Ticks:
    """What a form says of the criteria that a piece shows: those ticked, and what was typed."""

    ticked: tuple[str, ...]
    places: Mapping[str, str]

    @property
    def anchors(self) -> dict[str, str]:
        """Where to look for each criterion that was ticked."""
        return {key: self.places.get(key, "") for key in self.ticked}

    @property
    def unticked(self) -> tuple[str, ...]:
        """Criteria for which a place was typed, but which were not ticked."""
        return tuple(
            key for key, text in self.places.items() if text.strip() and key not in self.ticked
        )


def ticks_of(anchors: Mapping[str, str]) -> Ticks:
    """Return what a form shows for anchors that are kept."""
    return Ticks(tuple(anchors), dict(anchors))
