"""Reading what somebody pasted or uploaded: recognised and parsed, and nothing in it believed.

Every document that is not exactly one plain JSON reading is refused: duplicate keys, numbers
that are not finite, text that is not Unicode, deep nesting, and base64 with stray bits, for
each of these lets two programs read two different things in the same bytes.
"""

from __future__ import annotations

import json
import math
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, NoReturn

from openbadgeslib import baking

from assessment.credentials.did import Document

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
BYTE_ORDER_MARK = "\ufeff"


class Form(StrEnum):
    """How a credential is secured."""

    JWT = "VC-JWT"
    DATA_INTEGRITY = "Data Integrity"


class Trouble(Enum):
    """Why a document cannot be read."""

    EMPTY = "there is nothing in it"
    TOO_LARGE = "it is larger than a credential can be"
    NOT_A_CREDENTIAL = "it is no credential in a form that we know"
    PICTURE_WITHOUT_CREDENTIAL = "the picture holds no credential"
    AMBIGUOUS = "its text can be read in more than one way"


class Unreadable(ValueError):
    """A document that cannot be read."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Received:
    """A document that could be read: its form, what it claims, and the JWT it came as."""

    form: Form
    claims: Document
    header: Document
    token: str


def receive(document: str | bytes) -> Received:
    """Return the document as read; raises Unreadable, and nothing else."""
    text = _text_of(document)
    if not text:
        raise Unreadable(Trouble.EMPTY)
    if COMPACT.fullmatch(text):
        header, payload, signature = text.split(".")
        _decoded(signature)
        return Received(Form.JWT, _parsed(_decoded(payload)), _parsed(_decoded(header)), text)
    if text.startswith("{"):
        return Received(Form.DATA_INTEGRITY, _parsed(text.encode()), {}, "")
    raise Unreadable(Trouble.NOT_A_CREDENTIAL)


def _text_of(document: str | bytes) -> str:
    """Return the text, taken out of the picture if it came baked into one."""
    raw = _encoded(document)
    if raw.startswith(PNG_SIGNATURE):
        return _unbaked(raw, is_png=True)
    text = _utf_8(raw).removeprefix(BYTE_ORDER_MARK).strip(" \t\r\n")
    return _unbaked(raw, is_png=False) if text.startswith("<") else text


def _encoded(document: str | bytes) -> bytes:
    if len(document) > MAX_BYTES:
        raise Unreadable(Trouble.TOO_LARGE)
    try:
        raw = document.encode() if isinstance(document, str) else document
    except UnicodeEncodeError as error:
        raise Unreadable(Trouble.AMBIGUOUS) from error
    if len(raw) > MAX_BYTES:
        raise Unreadable(Trouble.TOO_LARGE)
    return raw


def _utf_8(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(Trouble.NOT_A_CREDENTIAL) from error


def _unbaked(raw: bytes, *, is_png: bool) -> str:
    try:
        if is_png:
            text = baking.extract_png(raw, keyword=baking.ITXT_KEYWORD_OB3)
        else:
            text = baking.extract_svg(raw, element=baking.SVG_ELEMENT_OB3, text_fallback=True)
    except Exception as error:  # the parsers of pictures raise what they like
        raise Unreadable(Trouble.NOT_A_CREDENTIAL) from error
    if not text:
        raise Unreadable(Trouble.PICTURE_WITHOUT_CREDENTIAL)
    return text.strip(" \t\r\n")


def _decoded(segment: str) -> bytes:
    """Return the bytes, if this is the one way of writing them.

    Otherwise a last letter could be changed unnoticed: it carries bits that nobody reads.
    """
    try:
        raw = urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError as error:
        raise Unreadable(Trouble.NOT_A_CREDENTIAL) from error
    if urlsafe_b64encode(raw).decode().rstrip("=") != segment:
        raise Unreadable(Trouble.AMBIGUOUS)
    return raw


def _parsed(raw: bytes) -> Document:
    try:
        value = json.loads(
            raw.decode(),
            object_pairs_hook=_members,
            parse_constant=_refuse,
            parse_float=_finite,
        )
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable(Trouble.NOT_A_CREDENTIAL) from error
    if not isinstance(value, dict):
        raise Unreadable(Trouble.NOT_A_CREDENTIAL)
    _require_plain(value)
    return value


def _members(pairs: list[tuple[str, Any]]) -> Document:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable(Trouble.AMBIGUOUS)
    return members


def _refuse(constant: str) -> NoReturn:
    raise Unreadable(Trouble.AMBIGUOUS)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Unreadable(Trouble.AMBIGUOUS)
    return number


def _require_plain(value: Document) -> None:
    """Refuse deep nesting, and half surrogates, which no other program can be told about."""
    if not _within(value, MAX_DEPTH):
        raise Unreadable(Trouble.NOT_A_CREDENTIAL)
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Unreadable(Trouble.AMBIGUOUS) from error


def _within(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        return levels > 0 and all(_within(child, levels - 1) for child in value.values())
    if isinstance(value, list):
        return levels > 0 and all(_within(child, levels - 1) for child in value)
    return True
