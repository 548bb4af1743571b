"""What a plot is: a figure, a table of the numbers in it, and a sentence."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from io import StringIO
from typing import TypeAlias
from xml.sax.saxutils import escape

from matplotlib.figure import Figure

from itembank.plots.canvas import settings
from itembank.plots.palette import Palette
from itembank.plots.words import Words

Cell: TypeAlias = str | int | float
"""One cell of a table."""

_STYLE = re.compile(r' style="([^"]*)"')
_UNWANTED = re.compile(
    r"\s*<metadata>.*?</metadata>"
    r"|\s*<defs>\s*<style type=.*?</style>\s*</defs>"
    r'| transform="rotate\(-0 [^)]*\)"',
    re.DOTALL,
)
"""What says nothing, or what a strict policy forbids."""
_FONT = "font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\""
_ROOT = f'stroke-linejoin="round" role="img" {_FONT}'
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CSV_DIGITS = 6
_PIXELS = 96
"""A page's pixels to the inch."""


@dataclass(frozen=True)
class Column:
    """One column of a table: its title, and how many decimals its numbers are shown with."""

    title: str
    digits: int = 2


@dataclass(frozen=True)
class Table:
    """The numbers that a plot draws, row by row."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    words: Words

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the columns."""
        return tuple(column.title for column in self.columns)

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The cells as they are shown: rounded, in the table's language."""
        return tuple(tuple(map(self._text, row, self.columns)) for row in self.rows)

    def csv(self) -> str:
        """Return the table as CSV, numbers with a decimal point, safe to open as a sheet."""
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.titles)
        writer.writerows([_plain(cell) for cell in row] for row in self.rows)
        return text.getvalue()

    def _text(self, cell: Cell, column: Column) -> str:
        if isinstance(cell, str):
            return cell
        return self.words.number(cell, 0 if isinstance(cell, int) else column.digits)


@dataclass(frozen=True, eq=False)
class Plot:
    """A drawing with what it says in words and in numbers.

    `figure` may be drawn on; `svg()` and a notebook show it as it then is.
    """

    title: str
    sentence: str
    table: Table
    figure: Figure
    palette: Palette

    def svg(self, *, opaque: bool = False) -> str:
        """Return the drawing as SVG, the same bytes each time, transparent unless told.

        It holds no script, no style and nothing from elsewhere, so that it shows under the
        strictest content security policy; its letters are the reader's own.
        """
        text, face = StringIO(), self.palette.surface if opaque else "none"
        metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with settings():
            self.figure.savefig(
                text, format="svg", facecolor=face, metadata=metadata | {"Title": self.title}
            )
        described = f"</title>\n <desc>{escape(self.sentence)}</desc>"
        return _without_styles(text.getvalue()).replace("</title>", described, 1)

    @property
    def width(self) -> int:
        """How wide the drawing is by itself, in a page's pixels."""
        return round(self.figure.get_figwidth() * _PIXELS)

    @property
    def height(self) -> int:
        """How high the drawing is by itself, in a page's pixels."""
        return round(self.figure.get_figheight() * _PIXELS)

    def csv(self) -> str:
        """Return the table as CSV."""
        return self.table.csv()

    def _repr_svg_(self) -> str:
        """Return what a notebook shows."""
        return self.svg(opaque=True)


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, float):
        return f"{cell:.{_CSV_DIGITS}g}"
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _without_styles(svg: str) -> str:
    """Return an SVG whose styles are attributes: a policy that forbids styles lets these be."""
    bare = _STYLE.sub(_attributes, _UNWANTED.sub("", svg[svg.index("<svg ") :]))
    return bare.replace("<svg ", f"<svg {_ROOT} ", 1)


def _attributes(found: re.Match[str]) -> str:
    pairs = (each.partition(":") for each in found[1].split(";") if each.strip())
    named = [(name.strip(), value.strip()) for name, _, value in pairs]
    return "".join(f' {name}="{value}"' for name, value in named if name != "font-family")
