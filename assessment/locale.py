"""Which language a page is in, and how it writes dates, money and shares."""

from __future__ import annotations

import math
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import flask_babel
from babel.dates import get_timezone_gmt, get_timezone_name
from flask import Flask, has_request_context, request, session
from flask_babel import format_date, format_decimal, format_time, get_locale
from flask_login import current_user
from markupsafe import Markup

from assessment.extensions import babel
from assessment.languages import LANGUAGES, wording, wording_language

LANGUAGE_KEY = "language"
ZONE_COOKIE = "zone"
DEFAULT_ZONE = "America/Toronto"


def gettext(message: str, /, **values: Any) -> str:
    """Return `message` in the language of this request, with `values` filled in."""
    return str(flask_babel.gettext(message, **values))


def ngettext(one: str, many: str, number: int, /, **values: Any) -> str:
    """Return the message for `number` (which fills %(num)s) in the language of this request."""
    return str(flask_babel.ngettext(one, many, number, **values))


def lazy(message: str, **values: Any) -> Any:
    """Return `message`, translated when it is shown; for labels that are made at import."""
    return flask_babel.lazy_gettext(message, **values)


_ = gettext


def choose_language() -> str:
    """Return the language of this request: chosen, of the account, or of the browser."""
    if not has_request_context():  # a job or a command: its mails force the reader's language
        return LANGUAGES[0]
    chosen = session.get(LANGUAGE_KEY)
    if chosen in LANGUAGES:
        return str(chosen)
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _choose_locale() -> str:
    return f"{choose_language()}_CA"  # dates, figures and money as Canada writes them


def language() -> str:
    """Return the code of the language that this page is in."""
    locale = get_locale()
    return str(locale.language) if locale else LANGUAGES[0]


def localized(content: dict[str, str]) -> Markup:
    """Return content in the page's language, marked with its own language where that differs."""
    page, own = language(), wording_language(content, language())
    text = wording(content, page)
    if own == page:
        return Markup("{}").format(text)
    return Markup('<span lang="{}">{}</span>').format(own, text)


def money(cents: int) -> str:
    """Return an amount of Canadian dollars in the page's language; "Free" for none."""
    return _("Free") if cents == 0 else str(flask_babel.format_currency(cents / 100, "CAD"))


def percent(value: float) -> str:
    """Return a share from 0 to 100 as "62 %", to one decimal where it has one; never rounded up.

    79.96 is not the 80 that is needed.
    """
    tenths = math.floor(round(value * 10, 6))  # 70.1 * 10 is 700.9999999999999
    return f"{format_decimal(tenths / 10)}\N{NO-BREAK SPACE}%"


def format_day(day: date) -> str:
    """Return a day in full, such as "3 May 2027"."""
    return str(format_date(day, "long"))


def format_month(month: str) -> str:
    """Return a month such as "2027-05" in words: "May 2027"."""
    return str(format_date(date.fromisoformat(f"{month}-01"), "LLLL y"))


def format_number(number: float) -> str:
    """Return a number as the page's language writes it."""
    return str(format_decimal(number))


def duration(minutes: int) -> str:
    """Return a time in hours and minutes, as people say it."""
    hours, rest = divmod(minutes, 60)
    if not hours or minutes <= 90:
        return _("%(n)s min", n=minutes)
    return _("%(h)s h %(m)02d", h=hours, m=rest) if rest else _("%(h)s h", h=hours)


def choose_zone() -> str:
    """Return the time zone of the reader's browser, or the one that we assume without scripts."""
    named = request.cookies.get(ZONE_COOKIE, "") if has_request_context() else ""
    return named if named in available_zones() else DEFAULT_ZONE


@cache
def available_zones() -> frozenset[str]:
    """Return the names of all time zones (IANA)."""
    return frozenset(available_timezones())


def format_moment(moment: datetime) -> str:
    """Return a moment in the reader's zone, which it names: "Nov 24, 2026, 1:22 p.m. (EST)"."""
    day = format_date(moment, "medium")
    time = str(format_time(moment, "short")).replace(" ", "\N{NO-BREAK SPACE}")
    zone = _zone_name(moment.astimezone(ZoneInfo(choose_zone())))
    return _("%(day)s, %(time)s (%(zone)s)", day=day, time=time, zone=zone)


def _zone_name(moment: datetime) -> str:
    """Return what the page's language calls the zone of a moment: "EST", "HNE"; else its offset.

    The language's own data may lag behind a zone that changed its rules: then the offset tells.
    """
    if get_timezone_name(moment, "short", locale="en_CA") != moment.tzname():
        return get_timezone_gmt(moment, "long", locale=get_locale())
    return get_timezone_name(moment, "short", locale=get_locale())


def _clock_time(moment: datetime) -> str:
    return str(format_time(moment, "short"))


def init_app(app: Flask) -> None:
    """Choose the language per request, and give templates the words for dates and figures."""
    babel.init_app(
        app,
        locale_selector=_choose_locale,
        timezone_selector=choose_zone,
        default_translation_directories=str(app.root_path) + "/translations",
    )
    app.jinja_env.filters.update(
        localized=localized,
        money=money,
        percent=percent,
        duration=duration,
        on_date=format_date,
        in_full=format_day,
        at_time=format_moment,
        at_clock=_clock_time,
        number=format_number,
    )
    app.jinja_env.globals.update(language=language, languages=LANGUAGES)
