"""Drawings where photographs would be: gloves, locks and tags, and a meter at its readings."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from assessment.demo.works.pieces import order_number

SIZE = (480, 320)
PAPER, INK, GREY = "#f4f1ea", "#222222", "#8b8f94"
ORANGE, RED, BROWN, STEEL, SCREEN = "#e0701a", "#b3261e", "#8a5a2b", "#c7ccd1", "#cfe3c8"
BENCHES = ("#f4f1ea", "#eceff1", "#f2ece4", "#e9eee8")
"""What the things lie on, so that not all drawings look the same."""

_PLAIN = {ord("\N{NO-BREAK SPACE}"): " ", ord("\N{RIGHT SINGLE QUOTATION MARK}"): "'"}
"""What the drawings' font has in place of what it lacks."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Scene:
    """What a drawing is of: the vehicle's facts, the words of its language, and a number."""

    facts: Mapping[str, str]
    words: Mapping[str, str]
    number: int

    def pen(self) -> Pen:
        """Return a pen on a sheet that bears the number of the work order."""
        pen = Pen(BENCHES[self.number % len(BENCHES)])
        pen.write((8, 300), f"# {order_number(self.number)}", 14, GREY)
        return pen


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


class Pen:
    """A sheet, and what is drawn on it."""

    def __init__(self, paper: str) -> None:
        self.image = Image.new("RGB", SIZE, paper)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, at: Box, fill: str, radius: int = 6) -> None:
        """Draw a box with round corners."""
        self.draw.rounded_rectangle(at, radius, fill=fill, outline=INK, width=2)

    def write(self, at: tuple[float, float], words: str, size: int = 18, fill: str = INK) -> None:
        """Write words; what the font lacks is left out."""
        plain = words.translate(_PLAIN).encode("ascii", "ignore").decode()
        self.draw.text(at, plain, fill=fill, font=_font(size))

    def scribble(self, at: tuple[float, float], length: int) -> None:
        """Draw a line of handwriting that nobody can read."""
        left, top = at
        points = [(left + 6 * step, top + (5, -4, 3, -5)[step % 4]) for step in range(length // 6)]
        self.draw.line(points, fill="#1f3a93", width=2)


def side_by_side(drawn: Sequence[Image.Image]) -> bytes:
    """Return drawings as one picture, two in a row."""
    width, height = SIZE
    rows = (len(drawn) + 1) // 2
    sheet = Image.new("RGB", (2 * width, rows * height), PAPER)
    for place, each in enumerate(drawn):
        sheet.paste(each, (place % 2 * width, place // 2 * height))
    out = io.BytesIO()
    few = sheet.quantize(32, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(out, "PNG")
    return out.getvalue()


def gloves(scene: Scene, rank: int) -> Image.Image:
    """Return a pair of gloves: of cloth, without leather, complete, or beside checked tools."""
    pen = scene.pen()
    for left in (40, 180):
        _glove(pen, left, GREY if rank == 0 else ORANGE)
        if rank >= 2:
            _leather(pen, left)
    if rank == 0:
        pen.write((312, 60), scene.words["cloth"], 22)
    else:
        _stamp(pen, scene)
    if rank >= 2:
        pen.write((312, 180), scene.words["air"], 18)
        pen.write((312, 204), "1  OK", 18)
        pen.write((312, 228), "2  OK", 18)
    if rank == 3:
        _tool(pen)
    return pen.image


def _glove(pen: Pen, left: int, colour: str) -> None:
    pen.box((left, 150, left + 100, 290), colour, 18)
    for finger in range(4):
        start = left + 2 + 25 * finger
        pen.box((start, 60 + 12 * abs(finger - 1), start + 21, 165), colour, 10)
    pen.box((left + 92, 160, left + 122, 215), colour, 12)


def _leather(pen: Pen, left: int) -> None:
    pen.box((left + 8, 165, left + 92, 262), BROWN, 14)
    pen.draw.line((left + 8, 245, left + 92, 245), fill=INK, width=3)


def _stamp(pen: Pen, scene: Scene) -> None:
    pen.box((308, 40, 472, 140), "#ffffff")
    pen.write((318, 50), f"{scene.words['class']} 0", 24, RED)
    pen.write((318, 82), "1000 V AC", 18)
    pen.write((318, 108), scene.words["tested"].format(months=2 + scene.number % 4), 14)


def _tool(pen: Pen) -> None:
    pen.box((300, 270, 400, 292), ORANGE, 8)
    pen.box((400, 276, 458, 286), STEEL, 2)


def lock_and_tag(scene: Scene, rank: int) -> Image.Image:
    """Return a disconnect: without a lock, with the key in the lock, or locked."""
    pen = scene.pen()
    pen.box((30, 40, 200, 290), STEEL, 4)
    pen.box((85, 90, 145, 140), ORANGE, 4)
    if rank == 0:
        pen.box((250, 230, 330, 280), ORANGE, 4)  # the plug lies about
        return pen.image
    _padlock(pen, 90, scene.facts["lock"], with_key=rank == 1)
    _tag(pen, scene, lines=2 if rank == 1 else 3)
    return pen.image


def _padlock(pen: Pen, left: int, number: str, *, with_key: bool) -> None:
    pen.draw.arc((left + 8, 150, left + 52, 210), 180, 360, fill=INK, width=7)
    pen.box((left, 180, left + 60, 240), RED, 6)
    pen.write((left + 8, 190), number, 20, "#ffffff")
    if with_key:
        pen.draw.ellipse((left + 20, 262, left + 40, 282), outline=INK, width=4)
        pen.draw.line((left + 30, 228, left + 30, 264), fill=INK, width=4)


def _tag(pen: Pen, scene: Scene, *, lines: int) -> None:
    pen.box((250, 30, 460, 292), "#ffffff", 10)
    pen.box((250, 30, 460, 84), RED, 10)
    pen.write((300, 40), scene.words["danger"], 30, "#ffffff")
    pen.write((262, 94), scene.words["order"], 17)
    for place, word in enumerate(("name", "date", "why")):
        top = 136 + 52 * place
        pen.write((262, top), scene.words[word], 14, GREY)
        pen.draw.line((262, top + 40, 448, top + 40), fill=GREY)
        if place != 1 or lines == 3:
            pen.scribble((270, top + 30), 120 + 7 * (scene.number % 5))


def readings(scene: Scene, rank: int) -> Image.Image:
    """Return a meter at its readings: one of a poor meter, some of them, or all five."""
    pen = scene.pen()
    if rank == 0:
        _meter(pen, (30, 40), "----", "?", "CAT II 300 V")
        return pen.image
    source = scene.facts["source"].replace(",", ".")
    shown = [
        ("SOURCE", source),
        ("+ / -", "0.0"),
        ("+ / CHASSIS", "0.0"),
        ("- / CHASSIS", "0.0"),
        ("SOURCE", source),
    ]
    for place, (points, value) in enumerate(shown[:3] if rank == 1 else shown):
        across, down = place % 3, place // 3
        _meter(pen, (12 + 156 * across, 8 + 150 * down), value, points, "CAT III 1000 V")
    return pen.image


def _meter(pen: Pen, at: tuple[int, int], value: str, points: str, category: str) -> None:
    left, top = at
    pen.box((left, top, left + 144, top + 148), "#e8b414", 12)
    pen.box((left + 10, top + 10, left + 134, top + 62), SCREEN, 4)
    pen.write((left + 18, top + 18), value, 30)
    pen.write((left + 96, top + 34), "V DC", 14)
    pen.write((left + 12, top + 68), category, 14)
    pen.draw.ellipse((left + 92, top + 84, left + 134, top + 126), fill=INK)
    pen.write((left + 12, top + 122), points, 14)
