"""The cut on a plot: a line, named, with a band where it has an error of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, SupportsFloat, TypeAlias

from matplotlib.axes import Axes

from itembank.faults import fault
from itembank.plots.canvas import Place, Sheet, Side, Within

if TYPE_CHECKING:
    from itembank.mastery import Cut

CutLike: TypeAlias = "float | Cut"
"""A place on the scale in logits, with or without its standard error."""

_DASHES = (0, (4, 2))
_FAINT = 0.15
_EDGE = 0.15
"""So near to a side, as a share of the width, a name is written away from it."""


def place_of(cut: CutLike) -> float:
    """Return where a cut lies, in logits; it must be finite."""
    place = float(cut) if isinstance(cut, SupportsFloat) else cut.theta
    if not abs(place) < float("inf"):
        raise fault("cut", "finite", place)
    return place


def _error_of(cut: CutLike) -> float:
    return 0.0 if isinstance(cut, SupportsFloat) else cut.se


def draw_upright(drawn: Sheet, axes: Axes, cut: CutLike, *, named: bool = True) -> None:
    """Draw a cut on a horizontal scale of ability, named above the axes."""
    place, error, colour = place_of(cut), _error_of(cut), drawn.palette.cut
    if error:
        axes.axvspan(place - error, place + error, color=colour, alpha=_FAINT, linewidth=0)
    axes.axvline(place, color=colour, linewidth=1.6, linestyle=_DASHES)
    if named:
        low, high = axes.get_xlim()
        share = (place - low) / (high - low)
        side: Side = "left" if share < _EDGE else "right" if share > 1 - _EDGE else "center"
        drawn.label(axes, _words(drawn, place), Place((share, 1), (0, 5), "axes fraction", side))


def draw_across(drawn: Sheet, axes: Axes, cut: CutLike, *, begins: float = 0.0) -> None:
    """Draw a cut on a vertical scale of ability, its line from a share of the width on."""
    place, error, colour = place_of(cut), _error_of(cut), drawn.palette.cut
    if error:
        axes.axhspan(place - error, place + error, color=colour, alpha=_FAINT, linewidth=0)
    axes.axhline(place, begins, color=colour, linewidth=1.6, linestyle=_DASHES)


def name_across(drawn: Sheet, axes: Axes, cut: CutLike) -> None:
    """Name a cut on a vertical scale of ability, above its line, at the right."""
    place = place_of(cut)
    within: tuple[Within, Within] = ("axes fraction", "data")
    drawn.label(axes, _words(drawn, place), Place((1, place), (0, 4), within, "right"))


def _words(drawn: Sheet, place: float) -> str:
    return drawn.words.cut_named.format(value=drawn.words.number(place))
