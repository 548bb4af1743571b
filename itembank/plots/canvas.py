"""The sheet that plots are drawn on: its size, its axes, and how they look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import Literal, TypeAlias

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from itembank.arguments import FloatArray
from itembank.parameters import ItemParameters, require_items
from itembank.plots.palette import Palette
from itembank.plots.words import Words

Within: TypeAlias = Literal["data", "axes fraction"]
"""What a coordinate counts in."""

Side: TypeAlias = Literal["left", "center", "right"]
"""Which end of words stands at their place."""

WIDTH = 360
"""Points; a phone shows the whole width, and letters of 12 points stay letters of 12 pixels."""
LEFT, RIGHT, TOP, BOTTOM = 48, 14, 52, 48
_SMALL = 11
_LOCK = RLock()
"""Matplotlib's settings belong to the whole process: one thread changes them at a time."""


@contextmanager
def settings() -> Iterator[None]:
    """Draw with matplotlib's own defaults and ours, whatever else was set, and set that again."""
    with _LOCK, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rc("svg", fonttype="none", hashsalt="itembank")
        mpl.rc("font", family=["DejaVu Sans"], size=12)
        yield


@dataclass(frozen=True)
class Place:
    """Where words stand: `away` points from `at`, on one side of it.

    `within` says what each coordinate of `at` counts in: the data, or shares of the axes.
    """

    at: tuple[float, float]
    away: tuple[float, float] = (0, 0)
    within: Within | tuple[Within, Within] = "data"
    side: Side = "left"
    level: Literal["baseline", "center_baseline"] = "baseline"


@dataclass(frozen=True)
class Sheet:
    """A figure of one width, on which places are given in points."""

    figure: Figure
    height: int
    palette: Palette
    words: Words

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Return axes at a place, with a thin grid and nothing else."""
        place = (left / WIDTH, bottom / self.height, width / WIDTH, height / self.height)
        axes = self.figure.add_axes(place, facecolor="none")
        for side in ("top", "left", "right"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(self.palette.edge)
        axes.grid(color=self.palette.grid, linewidth=0.8)
        axes.set_axisbelow(True)
        axes.tick_params(length=0, labelsize=_SMALL, labelcolor=self.palette.muted, pad=8)
        return axes

    def whole(self) -> Axes:
        """Return axes that fill the sheet within its margins."""
        return self.axes(LEFT, BOTTOM, WIDTH - LEFT - RIGHT, self.height - TOP - BOTTOM)

    def ability(self, axes: Axes, limit: float, *, named: bool = True) -> None:
        """Make the horizontal axis that of ability."""
        axes.set_xlim(-limit, limit)
        step = 1 if limit <= 4 else 2
        ticks = np.arange(-(limit // step) * step, limit + 0.5, step)
        axes.set_xticks(ticks, [self.words.number(tick, 0) for tick in ticks])
        if named:
            axes.set_xlabel(self.words.ability_axis, color=self.palette.muted, fontsize=_SMALL)

    def shares(self, axes: Axes) -> None:
        """Make the vertical axis that of shares from 0 to 1."""
        axes.set_ylim(-0.02, 1.02)
        ticks = np.linspace(0, 1, 5)
        axes.set_yticks(ticks, [self.words.percent(tick) for tick in ticks])

    def few_ticks(self) -> MaxNLocator:
        """Return where a vertical axis of numbers is marked: at four places or so."""
        return MaxNLocator(4, steps=[1, 2, 2.5, 5, 10])

    def tick_words(self) -> FuncFormatter:
        """Return how the marks of an axis are written: in the language, no longer than needed."""
        return FuncFormatter(lambda value, _place: self._short(value))

    def _short(self, value: float) -> str:
        digits = next((each for each in range(3) if round(value, each) == round(value, 6)), 3)
        return self.words.number(value, digits)

    def titled(self, axes: Axes, title: str) -> None:
        """Say above the axes, upright, what their height means."""
        self.note(axes, title, (-(LEFT - 6), 28), colour=self.palette.ink)

    def note(self, axes: Axes, text: str, away: tuple[float, float], *, colour: str = "") -> None:
        """Write above the axes, so many points right and up from their upper left corner."""
        axes.annotate(
            text,
            (0, 1),
            xytext=away,
            xycoords="axes fraction",
            textcoords="offset points",
            color=colour or self.palette.muted,
            fontsize=_SMALL,
        )

    def label(self, axes: Axes, text: str, place: Place, *, bold: bool = False) -> None:
        """Write beside a place among the data, or at an edge of the axes."""
        axes.annotate(
            text,
            place.at,
            xytext=place.away,
            xycoords=place.within,
            textcoords="offset points",
            ha=place.side,
            va=place.level,
            color=self.palette.ink,
            fontweight="bold" if bold else "normal",
            fontsize=_SMALL,
            annotation_clip=False,
        )


def sheet(height: int, palette: Palette, words: Words) -> Sheet:
    """Return an empty sheet, so many points high."""
    return Sheet(Figure(figsize=(WIDTH / 72, height / 72), dpi=72), height, palette, words)


def limit_of(parameters: ItemParameters, *others: FloatArray) -> float:
    """Return how far from 0, in logits, an axis of ability reaches: from 4 to 8."""
    require_items(parameters)
    thresholds = parameters.threshold[np.isfinite(parameters.threshold)]
    inner = np.quantile(np.abs(thresholds), 0.95)
    far = max([float(inner), *(float(np.max(np.abs(each), initial=0)) for each in others)])
    return float(np.clip(np.ceil(far + 0.5), 4, 8))
