"""Rules and outcomes in the words of the page's language, or of every language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from flask_babel import force_locale

from assessment.awards.replay import parsed
from assessment.catalogue import service as catalogue
from assessment.languages import LANGUAGES
from assessment.locale import format_day, format_number, gettext, ngettext, percent
from assessment.rules import (
    Explanation,
    Gettext,
    Names,
    Ngettext,
    Outcome,
    Requirement,
    explain,
    requirement,
)


class _Speech(TypedDict):
    names: Names
    gettext: Gettext
    ngettext: Ngettext
    format_percent: Callable[[float], str]
    format_number: Callable[[float], str]


def _speech() -> _Speech:
    return {
        "names": catalogue.rule_names(),
        "gettext": gettext,
        "ngettext": ngettext,
        "format_percent": percent,
        "format_number": format_number,
    }


def requirement_of(rule: str) -> Requirement:
    """Return what a rule asks, in the page's language."""
    return requirement(parsed(rule), **_speech())


def explanation_of(outcome: Outcome) -> Explanation:
    """Return how a rule stands, in the page's language."""
    return explain(outcome, **_speech(), format_date=format_day)


def requirement_text(rule: str) -> dict[str, str]:
    """Return what a rule asks as a text per language, sentence after sentence."""
    texts = {}
    for language in LANGUAGES:
        with force_locale(language):
            texts[language] = " ".join(_lines(requirement_of(rule)))
    return texts


def _lines(asked: Requirement) -> list[str]:
    below = [line for child in asked.children for line in _lines(child)]
    return [asked.sentence, *asked.conditions, *below]
