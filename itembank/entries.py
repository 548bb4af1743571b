"""Entries: numbers and words as people write them, read without guessing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum

from itembank.faults import shown

LARGEST_NUMBER = 1e15
LONGEST_NUMBER = 64
LONGEST_ENTRY = 200

_MINUS_SIGNS = dict.fromkeys(map(ord, "−‒–—﹣－"), "-")
_THOUSANDS_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007\t"), " ")
_QUOTES_AND_DASHES = dict.fromkeys(map(ord, "’‘ʼ`´"), "'") | dict.fromkeys(
    map(ord, "‐‑−‒–—﹣－"), "-"
)
_LIGATURES = {ord("œ"): "oe", ord("æ"): "ae", ord("ø"): "o"}
# One run of digits and separators, then an exponent, however large, then the unit.
_NUMBER = re.compile(r"([+-]? ?)([0-9][0-9 .,]*|[.,][0-9]+)([eE][+-]?[0-9]{1,4}(?![0-9]))?(.*)")
_GROUPED = re.compile(r"[0-9]{1,3}([ .,])[0-9]{3}(\1[0-9]{3})*")
_PLAIN = re.compile(r"[0-9]*[.,]?[0-9]*")
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")


class EntryProblem(StrEnum):
    """Why an entry cannot be taken as an answer."""

    TOO_LONG = "too long"
    NOT_A_NUMBER = "not a number"
    AMBIGUOUS = "ambiguous"
    TOO_LARGE = "too large"
    WRONG_UNIT = "wrong unit"


class EntryError(ValueError):
    """An entry that the learner can put right; `problem` chooses the sentence to show."""

    def __init__(self, problem: EntryProblem, message: str) -> None:
        super().__init__(message)
        self.problem = problem


def check_length(text: str, longest: int) -> None:
    """Refuse an entry that is longer than any answer."""
    if len(text) > longest:
        message = f"`text` must be at most {longest} characters; got {len(text)}."
        raise EntryError(EntryProblem.TOO_LONG, message)


def parse_number(text: str, unit: Mapping[str, str] | None = None) -> Decimal:
    """Return the number that a person wrote, exactly as written.

    Taken: a decimal comma or point, spaces (also non-breaking) between thousands, any minus sign,
    an exponent, and the unit in any of its languages at the end. `1,234` could mean
    two numbers and is refused; `1,234.5` and `1 234,5` cannot.
    """
    check_length(text, LONGEST_NUMBER)
    plain = text.translate(_MINUS_SIGNS).translate(_THOUSANDS_SPACES).strip()
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise _entry_error(EntryProblem.NOT_A_NUMBER, "a number, such as 12.5 or 12,5", text)
    sign, digits, exponent, rest = match.groups()
    _check_unit(rest.strip(), unit or {}, text)
    number = Decimal(sign.strip() + _unpunctuated(digits.strip(), text) + (exponent or ""))
    if abs(number) > Decimal(LARGEST_NUMBER):
        raise _entry_error(EntryProblem.TOO_LARGE, f"below {LARGEST_NUMBER:.0e} in size", text)
    return number


def _entry_error(problem: EntryProblem, allowed: str, text: str) -> EntryError:
    return EntryError(problem, f"`text` must be {allowed}; got {shown(text)}.")


def _unpunctuated(digits: str, text: str) -> str:
    """Return digits with a decimal point and nothing else between them."""
    if _AMBIGUOUS.fullmatch(digits):
        allowed = f"{digits.replace(',', '')} or {digits.replace(',', '.')}, whichever is meant"
        raise _entry_error(EntryProblem.AMBIGUOUS, allowed, text)
    if _PLAIN.fullmatch(digits):
        return digits.replace(",", ".")
    whole, fraction = _split_at_decimal(digits)
    if _GROUPED.fullmatch(whole) and fraction.isdecimal() | (not fraction):
        return re.sub(r"[ .,]", "", whole) + "." + fraction
    raise _entry_error(EntryProblem.NOT_A_NUMBER, "a number, such as 1 234.5", text)


def _split_at_decimal(digits: str) -> tuple[str, str]:
    """Split at the last comma or point, unless it repeats and so only groups thousands."""
    at = max(digits.rfind(","), digits.rfind("."))
    if at < 0 or digits.count(digits[at]) > 1:
        return digits, ""
    return digits[:at], digits[at + 1 :]


def _check_unit(rest: str, unit: Mapping[str, str], text: str) -> None:
    """Refuse a unit other than the item's; its case counts, for mW is not MW."""
    if rest and _spelled(rest) not in map(_spelled, unit.values()):
        named = " or ".join(sorted(set(unit.values())))
        allowed = f"a number alone or in {named}" if named else "a number alone"
        problem = EntryProblem.WRONG_UNIT if rest[0].isalpha() else EntryProblem.NOT_A_NUMBER
        raise _entry_error(problem, allowed, text)


def _spelled(unit: str) -> str:
    """Return a unit so that the two micro signs, and the two ohm signs, are one."""
    return "".join(unicodedata.normalize("NFKC", unit).split())


def matching_form(text: str) -> str:
    """Return a text as it is compared: without case, accents, spaces or kinds of dash."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_QUOTES_AND_DASHES)).casefold()
    kept = (
        character
        for character in unicodedata.normalize("NFKD", decomposed.translate(_LIGATURES))
        if not unicodedata.combining(character) and unicodedata.category(character) != "Cf"
    )
    return "".join("".join(kept).split())


def is_accepted(text: str, accepted: Mapping[str, Iterable[str]]) -> bool:
    """Return whether a text is one of the accepted forms, in any language."""
    if len(text) > LONGEST_ENTRY:
        return False
    entry = matching_form(text)
    return bool(entry) and any(
        entry == matching_form(form) for forms in accepted.values() for form in forms
    )
