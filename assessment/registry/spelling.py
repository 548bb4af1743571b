"""Names found and sorted without case and accents, the same way on both databases.

SQLite knows the case of ASCII alone. A word becomes a pattern in which each letter stands for the
class of its forms: linear to match, and no part of the word is read as a pattern.
"""

from __future__ import annotations

import unicodedata
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, func

from assessment.transactions import embedded

ACCENTED = {
    "a": "àâäáãå",
    "c": "ç",
    "e": "éèêë",
    "i": "îïíì",
    "n": "ñ",
    "o": "ôöóòõø",
    "u": "ùûüú",
    "y": "ÿý",
}
SORTED_ALIKE = {"a": "âàÂÀ", "c": "çÇ", "e": "éèêëÉÈÊË", "i": "îïÎ", "o": "ôÔ"}
"""Few enough that SQLite's parser, which nests them, is not overrun."""

MOST_WORDS = 8
GLOB_SPECIAL = frozenset("*?[")


def has_word(column: Any, word: str) -> ColumnElement[bool]:
    """Return whether a word of `plain_words` is part of the column."""
    found: ColumnElement[bool]
    if embedded():
        found = column.op("GLOB")(f"*{''.join(_glob(letter) for letter in word)}*")
    else:
        found = column.op("~")("".join(_regular(letter) for letter in word))
    return found


def sorting_key(column: Any) -> ColumnElement[str]:
    """Return the column as names are sorted: É with e."""
    pairs = [(form, letter) for letter, forms in SORTED_ALIKE.items() for form in forms]
    alike: Any = reduce(lambda found, pair: func.replace(found, *pair), pairs, column)
    lowered: ColumnElement[str] = func.lower(alike)
    return lowered


def plain_words(text: str) -> list[str]:
    """Return the words to look for, without case and accents; of an address, its last part."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = (word.rstrip("/").rpartition("/")[2] for word in plain.split())
    printable = ("".join(letter for letter in word if letter.isprintable()) for word in words)
    return [word for word in printable if word][:MOST_WORDS]


def _forms(letter: str) -> str:
    """Return every form of a letter: small and capital, with each accent."""
    small = letter + ACCENTED.get(letter, "")
    return small + "".join(form.upper() for form in small if len(form.upper()) == 1)


def _glob(letter: str) -> str:
    if letter in GLOB_SPECIAL:
        return f"[{letter}]"
    return f"[{_forms(letter)}]" if letter.isalpha() else letter


def _regular(letter: str) -> str:
    if letter.isalpha():
        return f"[{_forms(letter)}]"
    return letter if letter.isalnum() else "\\" + letter
