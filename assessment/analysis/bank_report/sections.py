"""What a report is made of: sections, each with sentences, a table and plots."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from itembank.plots import Column, Plot, Table
from itembank.plots.plot import Cell
from itembank.plots.words import Language, Words, words

UNKNOWN = "–"
"""In the place of a number that there is not."""


@dataclass(frozen=True, eq=False)
class Section:
    """One part of a report.

    `key` names its files; `sentences` say what was found, and of what there is not enough.
    """

    key: str
    title: str
    sentences: tuple[str, ...] = ()
    table: Table | None = None
    plots: tuple[Plot, ...] = ()


@dataclass(frozen=True, eq=False)
class BankReport:
    """A bank's report: whose it is, and what it says."""

    bank: str
    title: str
    sections: tuple[Section, ...]


def a_table(
    columns: Iterable[tuple[str, int]], rows: Iterable[Sequence[Cell | None]], language: str
) -> Table:
    """Return a table of titles with their decimals; a dash stands where there is no number."""
    said = words(Language(language))
    filled = tuple(tuple(_cell(each, said) for each in row) for row in rows)
    return Table(tuple(Column(title, digits) for title, digits in columns), filled, said)


def _cell(value: Cell | None, said: Words) -> Cell:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return UNKNOWN
    return said.number(value) if isinstance(value, float) and math.isinf(value) else value
