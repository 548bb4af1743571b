"""The interface's languages, and content that is stored per language."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Language(StrEnum):
    """A language of the interface."""

    ENGLISH = "en"
    FRENCH = "fr"


LANGUAGES = tuple(language.value for language in Language)


def wording(content: Mapping[str, str], language: str) -> str:
    """Return the wording in `language`, or in the language that there is."""
    return content.get(language) or next((text for text in content.values() if text), "")


def wording_language(content: Mapping[str, str], language: str) -> str:
    """Return the language in which `wording` answers, for the page's `lang` attribute."""
    if content.get(language):
        return language
    return next((code for code, text in content.items() if text), language)
