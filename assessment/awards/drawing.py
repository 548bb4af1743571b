"""A measured ability beside its mark, as a small drawing that a page shows as a picture.

It is plain SVG text in an address of its own (``data:``), so that a page needs no second request,
no style and no script for it; one drawing serves light paper and one dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor
from urllib.parse import quote

from markupsafe import escape

from assessment.awards.wording import logits
from assessment.locale import gettext as _
from assessment.rules import AbilityFact

WIDTH, HEIGHT, MARGIN, EDGE = 360, 112, 12, 2
ROW, TOP, AXIS, FOOT = 46, 26, 66, 104
REACH = 1.96
"""Standard errors to either side: 95 % of a normal distribution."""
LETTER = 8.0
"""As wide as a letter gets, in units of the drawing: bold, in the widest system font."""
Point = tuple[float, float]


@dataclass(frozen=True)
class Inks:
    """The colours of a drawing: Okabe and Ito's blue and vermilion, or orange on dark paper."""

    text: str
    line: str
    ability: str
    mark: str
    above: str


LIGHT = Inks(text="#182225", line="#718085", ability="#0072b2", mark="#b34700", above="#dff0ee")
DARK = Inks(text="#e7eded", line="#82949a", ability="#56b4e9", mark="#f0a04b", above="#17373a")


@dataclass(frozen=True)
class Frame:
    """The logits that a drawing shows, from whole to whole."""

    lowest: int
    highest: int

    def place(self, theta: float) -> float:
        """Return how far from the left a number of logits stands."""
        share = (theta - self.lowest) / (self.highest - self.lowest)
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)


def ability_picture(ability: AbilityFact, *, dark: bool = False) -> str:
    """Return the address of a drawing of an ability, its interval, and the passing mark."""
    return "data:image/svg+xml," + quote(ability_drawing(ability, DARK if dark else LIGHT))


def ability_drawing(ability: AbilityFact, inks: Inks = LIGHT) -> str:
    """Return the drawing as SVG text: dot and interval above an axis in logits, the mark across."""
    frame = _frame(ability)
    parts = (
        *_axis(frame, inks),
        *_mark(ability, frame, inks),
        *_interval(ability, frame, inks),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}" font-family="system-ui, sans-serif" font-size="13">'
        f"{''.join(parts)}</svg>"
    )


def _frame(ability: AbilityFact) -> Frame:
    """Return whole logits around the interval and the mark, four of them or more."""
    reach = REACH * ability.se
    lowest = floor(min(ability.theta - reach, ability.mark) - 0.2)
    highest = ceil(max(ability.theta + reach, ability.mark) + 0.2)
    missing = max(0, 4 - (highest - lowest))
    return Frame(lowest - missing // 2, highest + missing - missing // 2)


def _axis(frame: Frame, inks: Inks) -> Iterator[str]:
    yield _line((MARGIN, AXIS), (WIDTH - MARGIN, AXIS), inks.line, 1)
    step = max(1, ceil((frame.highest - frame.lowest) / 10))
    for tick in range(frame.lowest, frame.highest + 1, step):
        x = frame.place(tick)
        yield _line((x, AXIS), (x, AXIS + 4), inks.line, 1)
        yield _text(x, AXIS + 17, str(tick).replace("-", "\N{MINUS SIGN}"), inks.text)


def _mark(ability: AbilityFact, frame: Frame, inks: Inks) -> Iterator[str]:
    x = frame.place(ability.mark)
    above = WIDTH - MARGIN - x
    yield f'<rect x="{x}" y="{TOP}" width="{above:.1f}" height="{AXIS - TOP}" fill="{inks.above}"/>'
    yield _line((x, TOP), (x, FOOT - 13), inks.mark, 2)
    label = _("Passing mark %(mark)s", mark=logits(ability.mark))
    yield _text(x, FOOT, label, inks.mark, bold=True)


def _interval(ability: AbilityFact, frame: Frame, inks: Inks) -> Iterator[str]:
    for reach, width in ((REACH, 2), (1, 6)):
        start = (frame.place(ability.theta - reach * ability.se), ROW)
        end = (frame.place(ability.theta + reach * ability.se), ROW)
        yield _line(start, end, inks.ability, width)
    x = frame.place(ability.theta)
    yield f'<circle cx="{x}" cy="{ROW}" r="6" fill="{inks.ability}"/>'
    label = _("Ability %(theta)s", theta=logits(ability.theta))
    yield _text(x, TOP - 10, label, inks.ability, bold=True)


def _line(start: Point, end: Point, ink: str, width: int) -> str:
    return (
        f'<path d="M{start[0]} {start[1]}L{end[0]} {end[1]}" stroke="{ink}"'
        f' stroke-width="{width}" stroke-linecap="round"/>'
    )


def _text(x: float, y: float, words: str, ink: str, *, bold: bool = False) -> str:
    """Return words centred on a place; from the edge on where they might leave the drawing."""
    half, anchor = len(words) * LETTER / 2, "middle"
    if x < half:
        x, anchor = EDGE, "start"
    elif x > WIDTH - half:
        x, anchor = WIDTH - EDGE, "end"
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" fill="{ink}"{weight}>'
        f"{escape(words)}</text>"
    )
