"""Figures are written as the page's language writes them, and never better than they are."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from assessment.locale import ZONE_COOKIE, format_moment, format_month, percent


@pytest.mark.parametrize(
    ("value", "words"),
    [(79.96, "79.9 %"), (96.66, "96.6 %"), (80.0, "80 %"), (70.1, "70.1 %"), (100.0, "100 %")],
)
def test_a_percentage_is_never_rounded_up(context: Flask, value: float, words: str) -> None:
    assert percent(value).replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize(
    ("locale", "zone", "named"),
    [
        ("en_CA", "America/Toronto", "(EST)"),
        ("fr_CA", "America/Toronto", "(HNE)"),
        ("fr_CA", "America/St_Johns", "(HNT)"),
        ("fr_CA", "Europe/Paris", "(UTC+01:00)"),
        ("en_CA", "Asia/Tokyo", "(GMT+09:00)"),
    ],
)
def test_a_moment_names_its_zone_in_the_language_of_the_page(
    app: Flask, locale: str, zone: str, named: str
) -> None:
    moment = datetime(2026, 11, 24, 18, 22, tzinfo=UTC)
    headers = {"Cookie": f"{ZONE_COOKIE}={zone}"}
    with app.test_request_context(headers=headers), force_locale(locale):
        assert format_moment(moment).endswith(named)


def test_a_month_is_said_in_words(context: Flask) -> None:
    with force_locale("en_CA"):
        assert format_month("2026-11") == "November 2026"
    with force_locale("fr_CA"):
        assert format_month("2026-11") == "novembre 2026"
