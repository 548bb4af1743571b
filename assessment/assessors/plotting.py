"""The drawing of raters' plots: rows with intervals, and lines over the months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from itembank.plots.canvas import BOTTOM, LEFT, RIGHT, TOP, WIDTH, Place, Sheet, settings, sheet
from itembank.plots.palette import palette
from itembank.plots.plot import Cell, Column, Plot, Table
from itembank.plots.words import words

ROW = 30
"""Points for each row with a name."""
NAMES = 136
"""Points at the left, for names."""
DASH = 28
"""Points at the right for the look of a line, before its name."""
LETTER = 6
MONTH = 48
"""Points that the name of a month takes."""
MONTHS_HIGH = 280
LINE = 14
"""Points for each line of a name."""
DASHES = ("-", (0, (4, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.2, 1.5, 1.2)), (0, (8, 1.5)), (0, (3, 3)))


@dataclass(frozen=True, eq=False)
class Said:
    """What a plot says beside what it draws; a column has a title and its numbers' decimals."""

    title: str
    sentence: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[tuple[Cell, ...]]
    axis: str
    language: str
    theme: str


@dataclass(frozen=True)
class Row:
    """One name with a value and its interval."""

    name: str
    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Line:
    """One name with a value in some of the months, by their places."""

    name: str
    places: Sequence[int]
    values: Sequence[float]


def rows_with_intervals(rows: Sequence[Row], said: Said) -> Plot:
    """Return a plot of one row for each name."""
    with settings():
        drawn = _sheet(TOP + BOTTOM + ROW * len(rows), said)
        axes = drawn.axes(NAMES, BOTTOM, WIDTH - NAMES - RIGHT, ROW * len(rows))
        colour = drawn.palette.main
        for place, row in enumerate(rows):
            axes.plot([row.lower, row.upper], [place, place], color=colour, linewidth=2)
            axes.plot([row.value], [place], "o", color=colour, markersize=6)
        axes.axvline(0, color=drawn.palette.edge, linewidth=1)
        axes.set_yticks(range(len(rows)), [each.name for each in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.xaxis.set_major_locator(drawn.few_ticks())
        axes.xaxis.set_major_formatter(drawn.tick_words())
        drawn.note(axes, said.axis, (6 - NAMES, 14), colour=drawn.palette.ink)
    return _plot(drawn, said)


def lines_over_months(
    months: Sequence[str], lines: Sequence[Line], said: Said, *, shares: bool = False
) -> Plot:
    """Return a plot of lines over months; of shares from 0 to 1, or of numbers around 0."""
    with settings():
        drawn = _sheet(MONTHS_HIGH, said)
        wide = WIDTH - LEFT - _ends(lines)
        axes = drawn.axes(LEFT, BOTTOM, wide, MONTHS_HIGH - TOP - BOTTOM + 14)
        for number, line in enumerate(lines):
            axes.plot(line.places, line.values, "o", **_look(drawn, number), markersize=4)
        _months(axes, months, most=wide // MONTH)
        if shares:
            drawn.shares(axes)
        else:
            axes.axhline(0, color=drawn.palette.edge, linewidth=1)
            axes.yaxis.set_major_locator(drawn.few_ticks())
            axes.yaxis.set_major_formatter(drawn.tick_words())
        drawn.note(axes, said.axis, (6 - LEFT, 14), colour=drawn.palette.ink)
        _name_ends(drawn, axes, lines)
    return _plot(drawn, said)


def _look(drawn: Sheet, number: int) -> dict[str, Any]:
    series = drawn.palette.series
    dashes = DASHES[number % len(DASHES)]
    return {"color": series[number % len(series)], "linestyle": dashes, "linewidth": 1.8}


def _ends(lines: Sequence[Line]) -> int:
    """Return the points at the right, where each line is named."""
    names = (part for each in lines for part in each.name.split("\n"))
    return DASH + LETTER * max(map(len, names))


def _months(axes: Axes, months: Sequence[str], most: int) -> None:
    """Mark the months, at most so many by name."""
    step = max(1, -(-len(months) // most))
    axes.set_xticks(range(0, len(months), step), [months[each] for each in _every(months, step)])
    axes.set_xlim(-0.3, max(len(months) - 0.7, 0.3))


def _every(months: Sequence[str], step: int) -> range:
    return range(0, len(months), step)


def _name_ends(drawn: Sheet, axes: Axes, lines: Sequence[Line]) -> None:
    """Write each line's name beside its end, the highest first, no two on one another."""
    ends = sorted(range(len(lines)), key=lambda each: -lines[each].values[-1])
    below = 4.0
    for number in ends:
        more = LINE * lines[number].name.count("\n")
        middle = below + more / 2
        away = (26, -middle)
        place = Place((1, 1), away, "axes fraction", level="center_baseline")
        drawn.label(axes, lines[number].name, place)
        look = _look(drawn, number)
        height = 1 - middle / (MONTHS_HIGH - TOP - BOTTOM + 14)
        axes.plot(
            [1.02, 1.09],
            [height, height],
            **look,
            clip_on=False,
            transform=axes.transAxes,
        )
        below += LINE + more + 3


def _sheet(height: int, said: Said) -> Sheet:
    return sheet(height, palette(said.theme), words(said.language))


def _plot(drawn: Sheet, said: Said) -> Plot:
    columns = tuple(Column(title, digits) for title, digits in said.columns)
    return Plot(
        title=said.title,
        sentence=said.sentence,
        table=Table(columns, tuple(said.rows), drawn.words),
        figure=drawn.figure,
        palette=drawn.palette,
    )
