"""Drawing what learners sent, in a process of its own: with little memory, and an end.

Run as `python -I -m assessment.artefacts.drawing KIND SOURCE FOLDER`: it writes `1.jpg`, `2.jpg`
and so on into the folder, and a line for each; what cannot be drawn is one line that says why. A
file that was made to break its reader breaks this process alone, which knows no secret.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from assessment.artefacts import confining

SHOWN_PIXELS = 2000
"""The longer side of what we draw."""
QUALITY = 85
MOST_PIXELS = 50_000_000
MOST_PIXELS_AT_ONCE = 40_000_000
"""Of a picture that can only be unpacked whole, at up to eight bytes a pixel."""
MOST_PAGES = 60
PILLOW = ("PNG", "JPEG", "WEBP")
SHARPEST = 4.0
"""Pixels a point at most, however small a page is."""
UNREADABLE, TOO_MANY_PIXELS = "cannot be read", "too many pixels"
TOO_MANY_PAGES, LOCKED = "too many pages", "locked"
FAULTS = (OSError, ValueError, SyntaxError, IndexError, KeyError, TypeError, ArithmeticError)
"""What the readers of pictures raise for what is none, or is broken."""


class CannotBeDrawn(Exception):
    """A file that no copy can be made of; the word says why."""


def drawn(source: BinaryIO) -> bytes:
    """Return a picture as a JPEG of our own: upright, on white, with nothing written beside it."""
    with _opened(source) as picture:
        require_drawable(picture)
        try:
            return as_jpeg(_upright(picture))
        except (*FAULTS, MemoryError, RuntimeError):
            raise CannotBeDrawn(UNREADABLE) from None


def measured(source: BinaryIO) -> int:
    """Return how many pixels a picture has, unpacking none; CannotBeDrawn if it is too large."""
    with _opened(source) as picture:
        require_drawable(picture)
        return picture.width * picture.height


def _opened(source: BinaryIO) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(source, formats=[*PILLOW, *_more_formats()])
    except (*FAULTS, Image.DecompressionBombError, RuntimeError):
        raise CannotBeDrawn(UNREADABLE) from None


def _more_formats() -> list[str]:
    """Return the formats of the reader of HEIC, where this process has loaded it."""
    return ["HEIF"] if "HEIF" in Image.OPEN else []


def require_drawable(picture: Image.Image) -> None:
    """Refuse a picture that is too large to draw, before any of it is unpacked."""
    in_parts = picture.format in {"JPEG", "HEIF"}
    if picture.width * picture.height > (MOST_PIXELS if in_parts else MOST_PIXELS_AT_ONCE):
        raise CannotBeDrawn(TOO_MANY_PIXELS)


def _upright(picture: Image.Image) -> Image.Image:
    """Return the picture at the size that we show, turned as its camera was held."""
    turn = _orientation(picture)
    picture.draft("RGB", (SHOWN_PIXELS, SHOWN_PIXELS))
    plain = _on_white(picture)
    plain.thumbnail((SHOWN_PIXELS, SHOWN_PIXELS), reducing_gap=2.0)
    return plain if turn is None else plain.transpose(turn)


def _orientation(picture: Image.Image) -> Image.Transpose | None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    try:
        return turns.get(picture.getexif().get(0x0112, 1))
    except Exception:  # odd Exif data keeps no picture from being seen
        return None


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture in plain colours, with white where it was transparent."""
    if picture.mode.startswith("I"):
        return _of_sixteen_bits(picture)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(ground, picture).convert("RGB")
    return picture.convert("RGB")


def _of_sixteen_bits(picture: Image.Image) -> Image.Image:
    """Return shades of 16 bits as shades of 8: a plain conversion would cut them off at white."""
    return picture.convert("I").point(lambda shade: shade * (1 / 257)).convert("L").convert("RGB")


def as_jpeg(picture: Image.Image) -> bytes:
    """Return a picture as a JPEG that holds nothing but its points."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    target = BytesIO()
    bare.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()


def pages(source: BinaryIO) -> Iterator[bytes]:
    """Yield each page of a PDF as a JPEG."""
    import pypdfium2 as pdfium  # noqa: PLC0415 - loaded by the process that reads PDFs alone

    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError as fault:
        raise CannotBeDrawn(LOCKED if "assword" in str(fault) else UNREADABLE) from None
    if len(document) > MOST_PAGES:
        raise CannotBeDrawn(TOO_MANY_PAGES)
    document.init_forms()  # what was filled in is drawn as well
    for number in range(len(document)):
        try:
            yield _page(document[number])
        except (*FAULTS, MemoryError, RuntimeError):
            raise CannotBeDrawn(UNREADABLE) from None


def _page(page: object) -> bytes:
    width, height = page.get_size()  # type: ignore[attr-defined]  # pypdfium2 has no types
    scale = min(SHARPEST, SHOWN_PIXELS / max(width, height, 1.0))
    bitmap = page.render(scale=scale)  # type: ignore[attr-defined]  # pypdfium2 has no types
    return as_jpeg(bitmap.to_pil().convert("RGB"))


def _draw(kind: str, source: BinaryIO) -> Iterator[bytes]:
    if kind == "application/pdf":
        yield from pages(source)
        return
    if kind == "image/heic":
        import pi_heif  # noqa: PLC0415 - loaded by the process that reads HEIC alone

        pi_heif.register_heif_opener()
    yield drawn(source)


def main(kind: str, source: str, folder: str) -> None:
    """Draw the file at `source` into `folder`, saying what is done."""
    confining.limit()
    number = 0
    try:
        with Path(source).open("rb") as file:
            for number, data in enumerate(_draw(kind, file), 1):
                Path(folder, f"{number}.jpg").write_bytes(data)
                print(number, flush=True)  # noqa: T201 - the parent reads it
    except CannotBeDrawn as why:
        print(why, flush=True)  # noqa: T201 - the parent reads it
        return
    print("done" if number else UNREADABLE, flush=True)  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
