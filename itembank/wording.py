"""Wording: one text in one or more languages, checked once and then read-only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from itembank.faults import fault

LONGEST_TEXT = 10_000
LONGEST_KEY = 64

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def no_wording() -> Mapping[str, Any]:
    """Return wording in no language, read-only: the default where wording is optional."""
    return MappingProxyType({})


def checked_key(value: object, argument: str, where: str = "") -> str:
    """Return an identifier that is safe in an address, a file name and a log line."""
    if isinstance(value, str) and len(value) <= LONGEST_KEY and _KEY.fullmatch(value):
        return value
    allowed = f"1 to {LONGEST_KEY} letters, digits, dots, hyphens or underscores"
    raise fault(argument, allowed, value, where)


def checked_text(value: object, argument: str, where: str = "") -> str:
    """Return a text without surrounding space, that any database and any page can hold."""
    if not isinstance(value, str):
        raise fault(argument, "text", value, where)
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise fault(argument, "text that is not empty", value, where)
    if len(text) > LONGEST_TEXT:
        allowed = f"at most {LONGEST_TEXT} characters"
        raise ValueError(f"`{argument}` must be {allowed}; got {len(text)} at {where}.")
    _refuse_unprintable(text, argument, where)
    return text


def checked_wording(value: object, argument: str, where: str = "") -> Mapping[str, str]:
    """Return wording in the order of its languages, read-only; at least one language."""
    if not isinstance(value, Mapping) or not value:
        raise fault(argument, "text in at least one language", value, where)
    for language in value:
        checked_language(language, argument, where)
    return MappingProxyType(
        {
            language: checked_text(value[language], f"{argument}.{language}", where)
            for language in sorted(value)
        }
    )


def checked_language(value: object, argument: str, where: str = "") -> str:
    """Return a language's tag, such as `en`, `fr` or `fr-CA`."""
    if isinstance(value, str) and _LANGUAGE.fullmatch(value):
        return value
    raise fault(argument, "keyed by language, such as `en` or `fr`", value, where)


def _refuse_unprintable(text: str, argument: str, where: str) -> None:
    """Refuse what a database (NUL), an encoder (lone surrogates) or a page would choke on."""
    if text.isprintable():
        return
    for character in text:
        if character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs"):
            allowed = "free of control characters"
            raise fault(argument, allowed, character, where)
