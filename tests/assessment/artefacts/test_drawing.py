"""Our own copies of pictures and papers: right, upright, bare, and bounded."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from assessment.artefacts import drawing
from assessment.artefacts.drawing import CannotBeDrawn
from tests.assessment.artefacts.files import CANARY, paper, picture
from tests.assessment.artefacts.heic import heic


def saved(image: Image.Image, kind: str, **more: object) -> BytesIO:
    target = BytesIO()
    image.save(target, kind, **more)  # type: ignore[arg-type]  # whatever the format takes
    target.seek(0)
    return target


def colour_of(data: bytes) -> tuple[int, ...]:
    """Return the mean colour of a picture."""
    points = np.asarray(Image.open(BytesIO(data)).convert("RGB"), dtype=float)
    return tuple(round(each) for each in points.mean((0, 1)))


def near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(found, wanted, strict=True)) <= 3


@pytest.mark.parametrize(
    ("name", "source", "wanted"),
    [
        (
            "sixteen bits",
            saved(Image.fromarray(np.full((9, 9), 32768, dtype=np.uint16)), "PNG"),
            (127, 127, 127),
        ),
        ("inks", saved(Image.new("CMYK", (9, 9), (255, 0, 0, 0)), "JPEG"), (0, 255, 255)),
        ("glass", saved(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG"), (255, 255, 255)),
        ("grey glass", saved(Image.new("LA", (9, 9), (0, 0)), "PNG"), (255, 255, 255)),
        ("two shades", saved(Image.new("1", (9, 9), 1), "PNG"), (255, 255, 255)),
        ("palette", saved(Image.new("P", (9, 9)), "PNG", transparency=0), (255, 255, 255)),
        ("web", saved(Image.new("RGB", (9, 9), (10, 200, 30)), "WEBP"), (10, 200, 30)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_colours_come_out_as_they_are_seen(
    name: str, source: BytesIO, wanted: tuple[int, ...]
) -> None:
    source.seek(0)
    assert near(colour_of(drawing.drawn(source)), wanted), name


def test_a_picture_is_upright_small_and_bare() -> None:
    drawn = drawing.drawn(BytesIO(picture(size=(3000, 1500), comment=CANARY)))
    copy = Image.open(BytesIO(drawn))
    assert copy.size == (1000, 2000)
    assert CANARY not in drawn
    assert not copy.getexif()
    assert set(copy.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


ODD = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12\0\x05\xff\xff\xff\xff\0\0\0\1" * 3


@pytest.mark.parametrize("exif", [ODD, ODD[:11], b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff"])
def test_odd_remarks_of_a_camera_keep_no_picture_from_being_seen(exif: bytes) -> None:
    source = saved(Image.new("RGB", (40, 20), "red"), "JPEG", exif=exif)
    assert near(colour_of(drawing.drawn(source)), (254, 0, 0))


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", picture(size=(900, 700))[:-2000], b"RIFF....WEBP"],
    ids=["empty", "JPEG", "PNG", "cut", "WebP"],
)
def test_what_is_broken_says_so(data: bytes) -> None:
    with pytest.raises(CannotBeDrawn, match="cannot be read"):
        drawing.drawn(BytesIO(data))


def flood(side: int) -> bytes:
    """Return the head of a picture of so many pixels, and none of them."""
    size = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    head = b"IHDR" + size
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + head
        + struct.pack(">I", zlib.crc32(head))
        + struct.pack(">I", 0)
        + b"IDAT"
        + struct.pack(">I", zlib.crc32(b"IDAT"))
    )


@pytest.mark.parametrize("side", [6400, 50_000, 2_000_000_000])
def test_a_flood_of_pixels_is_refused_before_it_is_unpacked(side: int) -> None:
    with pytest.raises(CannotBeDrawn, match=r"too many pixels|cannot be read"):
        drawing.measured(BytesIO(flood(side)))


def run(kind: str, data: bytes, folder: Path) -> list[str]:
    """Return what the process that draws says of a file."""
    source = folder / "original"
    source.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-I", "-m", "assessment.artefacts.drawing", kind, source, folder],
        capture_output=True,
        check=False,
        timeout=300,
        env={"PATH": os.defpath},
    )
    return done.stdout.decode().split("\n")[:-1]


def test_a_paper_is_drawn_page_by_page(tmp_path: Path) -> None:
    assert run("application/pdf", paper(pages=3), tmp_path) == ["1", "2", "3", "done"]
    first = Image.open(BytesIO((tmp_path / "1.jpg").read_bytes()))
    assert max(first.size) <= drawing.SHOWN_PIXELS + 1
    assert np.asarray(first.convert("L")).min() < 80  # something is written on it
    assert CANARY not in (tmp_path / "1.jpg").read_bytes()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7\n", "cannot be read"),
        (paper(pages=61), "too many pages"),
        (paper(pages=1)[:300], "cannot be read"),
    ],
    ids=["empty", "long", "cut"],
)
def test_a_paper_that_cannot_be_drawn_says_why(data: bytes, why: str, tmp_path: Path) -> None:
    assert run("application/pdf", data, tmp_path) == [why]


def test_a_picture_of_a_telephone_is_drawn(tmp_path: Path) -> None:
    assert run("image/heic", heic(), tmp_path) == ["1", "done"]
    assert near(colour_of((tmp_path / "1.jpg").read_bytes()), (98, 98, 98))


def test_the_process_that_draws_has_little_memory(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", GREEDY],
        capture_output=True,
        check=False,
        timeout=300,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert said.stdout.strip() == b"refused"


GREEDY = """
from assessment.artefacts import confining
confining.limit()
try:
    bytearray(confining.MOST_MEMORY)
except MemoryError:
    print("refused")
"""


def test_a_page_with_a_large_drawing_is_shown(tmp_path: Path) -> None:
    image = Image.new("RGB", (100, 100), "white")
    ImageDraw.Draw(image).rectangle((10, 10, 90, 90), fill="black")
    target = BytesIO()
    image.save(target, "PDF", resolution=1)  # a page of 100 inches
    assert run("application/pdf", target.getvalue(), tmp_path) == ["1", "done"]
    drawn = BytesIO((tmp_path / "1.jpg").read_bytes())
    assert max(Image.open(drawn).size) <= drawing.SHOWN_PIXELS + 1
