"""Every sentence that the program can say, it can say in French as well."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from assessment import resources

SOURCES = resources.HERE.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy": None}
PLACEHOLDER = re.compile(r"%\(\w+\)\d*[a-z]|\{\w*\}")
LOOSE_PUNCTUATION = re.compile(
    r"« | »|[^\s\N{NO-BREAK SPACE}]»|«[^\N{NO-BREAK SPACE}]| :(?=\s|$)|'"
)
NEVER_SAID = re.compile(r"\b(échecs?|échou\w*|rat(er|ée?s?))\b", re.IGNORECASE)


@cache
def extracted() -> frozenset[str]:
    """Return every message in the sources; of a plural, its singular."""
    with (SOURCES / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    found = extract_from_dir(SOURCES, methods, options, keywords=KEYWORDS)
    return frozenset(_singular(message) for _file, _line, message, _notes, _context in found)


def _singular(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


@cache
def french() -> Catalog:
    """Return the French catalogue as it is written."""
    path = SOURCES / "assessment/translations/fr/LC_MESSAGES/messages.po"
    with path.open("rb") as source:
        return read_po(source, locale="fr")


def messages() -> list[Message]:
    """Return the entries of the catalogue, without its head."""
    return [message for message in french() if message.id]


def _texts(wording: str | tuple[str, ...]) -> tuple[str, ...]:
    return (wording,) if isinstance(wording, str) else tuple(wording)


def test_the_sources_and_the_catalogue_have_the_same_messages() -> None:
    known = {_singular(message.id) for message in messages()}
    assert len(known) > 100
    assert extracted() - known == set(), "messages without an entry in the French catalogue"
    assert known - extracted() == set(), "entries that nothing in the sources says any more"


def test_every_message_is_translated_and_checked() -> None:
    open_ends = [
        message.id for message in messages() if message.fuzzy or not all(_texts(message.string))
    ]
    assert open_ends == []


def test_a_translation_fills_the_same_placeholders() -> None:
    for message in messages():
        wanted = {name for text in _texts(message.id) for name in PLACEHOLDER.findall(text)}
        plural_only = set() if isinstance(message.id, str) else {"%(num)s", "%(num)d"}
        for text in filter(None, _texts(message.string)):
            found = set(PLACEHOLDER.findall(text))
            assert found <= wanted, text
            assert wanted - found <= plural_only, text


def test_french_is_set_as_in_canada_and_blames_nobody() -> None:
    for message in messages():
        for text in _texts(message.string):
            assert not LOOSE_PUNCTUATION.search(text), text
            assert not NEVER_SAID.search(text), text


@pytest.mark.parametrize("text", ["« a »", "a : b", "l'a", "«a»"])
def test_loose_punctuation_is_seen(text: str) -> None:
    assert LOOSE_PUNCTUATION.search(text)


@pytest.mark.parametrize("text", ["Un échec.", "Vous avez échoué", "C’est raté"])
def test_blame_is_seen(text: str) -> None:
    assert NEVER_SAID.search(text)
