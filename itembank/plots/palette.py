"""The colours of plots, for light pages and dark ones."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from itembank.faults import chosen


class Theme(StrEnum):
    """Whether a plot lies on light paper or dark."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Palette:
    """Colours by what they mean; data is drawn in the palette of Okabe and Ito.

    References
    ----------
    Okabe, M., & Ito, K. (2008). Color Universal Design (CUD): How to make figures and
    presentations that are friendly to colorblind people. University of Tokyo.
    """

    ink: str
    muted: str
    grid: str
    edge: str
    surface: str
    main: str
    persons: str
    cut: str
    series: tuple[str, ...]


_BLUE, _SKY, _GREEN, _ORANGE = "#0072b2", "#56b4e9", "#009e73", "#e69f00"
_VERMILION, _PURPLE, _YELLOW = "#d55e00", "#cc79a7", "#f0e442"

_PALETTES = {
    Theme.LIGHT: Palette(
        ink="#182225",
        muted="#4c5a5e",
        grid="#dfe5e3",
        edge="#718085",
        surface="#ffffff",
        main=_BLUE,
        persons=_GREEN,
        cut=_VERMILION,
        series=(_BLUE, _VERMILION, _GREEN, _PURPLE, _ORANGE, _SKY),
    ),
    Theme.DARK: Palette(
        ink="#e7eded",
        muted="#a8b7ba",
        grid="#2c393e",
        edge="#82949a",
        surface="#192225",
        main=_SKY,
        persons=_GREEN,
        cut=_ORANGE,
        series=(_SKY, _ORANGE, _GREEN, _PURPLE, _YELLOW, _VERMILION),
    ),
}


def palette(theme: str | Theme) -> Palette:
    """Return the colours of a theme; ValueError names those that there are."""
    return _PALETTES[chosen("theme", Theme, theme)]
