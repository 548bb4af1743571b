"""The language that a reader of rules is spoken to in: titles, a gettext, and figures.

The callables are those of a gettext that fills placeholders: `gettext(message, **values)` and
`ngettext(one, many, number, **values)`, which fills ``%(num)s`` with the number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol

from assessment.rules.findings import as_written


class Names(Protocol):
    """The titles of what rules name, in the reader's language."""

    def test(self, key: str) -> str:
        """Return the title of a test."""

    def area(self, test: str, key: str) -> str:
        """Return the title of an area of a test."""

    def rubric(self, key: str) -> str:
        """Return the title of a rubric."""

    def criterion(self, rubric: str, key: str) -> str:
        """Return the title of a criterion of a rubric."""

    def level(self, rubric: str, criterion: str | None, key: str) -> str:
        """Return the title of a level of a rubric, or of one of its criteria."""

    def role(self, key: str) -> str:
        """Return the name of a rater's role, as "observer"."""

    def achievement(self, key: str) -> str:
        """Return the title of an achievement."""

    def recognition(self, key: str) -> str:
        """Return the title of an outside credential."""

    def hold(self, kind: str) -> str:
        """Return the name of a kind of hold, as "integrity"."""


class Gettext(Protocol):
    """A translation that fills placeholders."""

    def __call__(self, message: str, /, **values: object) -> str:
        """Return the message translated, with the values filled in."""


class Ngettext(Protocol):
    """A translation by number that fills placeholders."""

    def __call__(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Return the message for the number, which also fills ``%(num)s``, translated."""


def plain_number(number: float) -> str:
    """Return a number without needless decimals, with a decimal point."""
    return f"{number:g}"


def plain_logits(number: float) -> str:
    """Return a number of logits with two decimals, and a decimal point."""
    return f"{number:.2f}"


@dataclass(frozen=True)
class Voice:
    """The language that a reader is spoken to in.

    `format_percent` is given a per cent that is already cut to the decimals that matter (62.5) and
    returns it in full, as "62.5 %" or "62,5 %": rounding it once more could show 79.96 as 80.
    """

    names: Names
    gettext: Gettext
    ngettext: Ngettext
    format_percent: Callable[[float], str]
    format_date: Callable[[date], str] = date.isoformat
    format_number: Callable[[float], str] = plain_number
    format_logits: Callable[[float], str] = plain_logits

    def needed(self, percent: Fraction) -> str:
        """Return a per cent of the rule."""
        return self.format_percent(as_written(percent))
