"""Files as evidence: taken for what their bytes are; pictures are drawn anew for those who rate."""

from __future__ import annotations

from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageOps

from assessment.errors import Invalid
from assessment.locale import gettext as _

MOST_BYTES = 3_500_000
"""Of one file: a form of 4 MB holds it with what goes around it."""
MOST_PIXELS = 50_000_000
SHOWN_PIXELS = 2000
QUALITY = 85


class MediaType(StrEnum):
    """What we take as evidence."""

    TEXT = "text/plain"
    PNG = "image/png"
    JPEG = "image/jpeg"
    PDF = "application/pdf"

    @property
    def suffix(self) -> str:
        """What a file of this kind is called."""
        return {"text/plain": ".txt", "image/png": ".png", "image/jpeg": ".jpg"}.get(self, ".pdf")

    @property
    def is_picture(self) -> bool:
        """Whether we draw it ourselves."""
        return self in {MediaType.PNG, MediaType.JPEG}


SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"%PDF-", MediaType.PDF),
)


def media_type(data: bytes) -> MediaType:
    """Return what a file is; Invalid for what we do not take, or cannot draw."""
    if len(data) > MOST_BYTES:
        raise Invalid(_("A file may have at most %(size)s MB.", size=f"{MOST_BYTES / 1e6:g}"))
    for signature, found in SIGNATURES:
        if data.startswith(signature):
            if found.is_picture:
                _require_drawable(data)
            return found
    raise Invalid(_("This file is no picture (PNG, JPEG) and no PDF; only those are taken."))


def _require_drawable(data: bytes) -> None:
    """Refuse a picture that is too large to draw, before any of it is unpacked."""
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
            width, height = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        raise Invalid(_("This picture cannot be read. Take it again, or save it anew.")) from None
    if width * height > MOST_PIXELS:
        raise Invalid(_("This picture is too large. Save it with fewer pixels."))


def drawn(data: bytes) -> bytes | None:
    """Return a picture as a JPEG of our own, upright and without what a camera wrote beside it.

    None where it cannot be drawn. A picture says where and by whom it was taken; what we draw says
    neither.
    """
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((SHOWN_PIXELS, SHOWN_PIXELS))
            upright.info.clear()
            target = BytesIO()
            upright.save(target, "JPEG", quality=QUALITY)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        return None
    return target.getvalue()
