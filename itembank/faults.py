"""The one form of a caller's mistake: what must be, what was got, and where."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

Word = TypeVar("Word", bound=StrEnum)

_SHOWN = 60
_WRITABLE_BITS = 1_000  # Python refuses to write out an integer of thousands of digits


def shown(value: object) -> str:
    """Return a value as it is quoted in a message: on one line, and never long."""
    if isinstance(value, int) and value.bit_length() > _WRITABLE_BITS:
        return "an enormous integer"
    text = repr(value[: _SHOWN * 2]) if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def fault(argument: str, allowed: str, got: object, where: str = "") -> ValueError:
    """Return the error that says what an argument must be, what it was, and where."""
    return ValueError(sentence(argument, allowed, shown(got), where))


def chosen(argument: str, kind: type[Word], name: str | Word) -> Word:
    """Return the choice of a name, in any case; ValueError names those that there are."""
    try:
        return kind(name.strip().lower())
    except (AttributeError, ValueError):
        raise fault(argument, f"one of {', '.join(kind)}", name) from None


def sentence(argument: str, allowed: str, got: str, where: str = "") -> str:
    """Return the sentence of a fault, for a value that is already in words."""
    place = f" at {where}" if where else ""
    return f"`{argument}` must be {allowed}; got {got}{place}."
