"""What a file is, by its bytes: never by its name, nor by what a browser says of it."""

from __future__ import annotations

from enum import StrEnum

from assessment.errors import Invalid
from assessment.locale import gettext as _

BEGINNING = 4096
"""How much of a file says what it is."""


class MediaType(StrEnum):
    """What we take as evidence."""

    TEXT = "text/plain"
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"
    MP4 = "video/mp4"
    QUICKTIME = "video/quicktime"
    WEBM = "video/webm"

    @property
    def suffix(self) -> str:
        """What a file of this kind is called."""
        return SUFFIXES[self]

    @property
    def is_picture(self) -> bool:
        """Whether we draw it ourselves, as one picture."""
        return self in PICTURES

    @property
    def is_video(self) -> bool:
        """Whether it moves."""
        return self in VIDEOS


SUFFIXES = {
    MediaType.TEXT: ".txt",
    MediaType.PNG: ".png",
    MediaType.JPEG: ".jpg",
    MediaType.WEBP: ".webp",
    MediaType.HEIC: ".heic",
    MediaType.PDF: ".pdf",
    MediaType.MP4: ".mp4",
    MediaType.QUICKTIME: ".mov",
    MediaType.WEBM: ".webm",
}
PICTURES = frozenset({MediaType.PNG, MediaType.JPEG, MediaType.WEBP, MediaType.HEIC})
VIDEOS = frozenset({MediaType.MP4, MediaType.QUICKTIME, MediaType.WEBM})
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"%PDF-", MediaType.PDF),
)
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
MP4_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41"}
    | {b"mp42", b"avc1", b"hvc1", b"av01", b"dash", b"M4V ", b"MSNV", b"3gp4", b"3gp5", b"3gp6"}
    | {b"3gp7", b"3g2a", b"3g2b", b"XAVC"}
)
OLD_QUICKTIME = frozenset({b"moov", b"mdat", b"wide"})
"""What a film begins with that is older than the box which says what it is."""


class NotTaken(Invalid):
    """A file of a kind or a size that we do not take, whatever is sent of it."""


def media_type(beginning: bytes) -> MediaType:
    """Return what a file is, by its first bytes; NotTaken if we do not take it."""
    found = _recognised(beginning)
    if found is None:
        raise NotTaken(
            _(
                "This file is no picture (JPEG, PNG, HEIC, WebP), no PDF and no video (MP4, MOV,"
                " WebM); only those are taken. A text is written into the page."
            ),
            field="file",
        )
    return found


def _recognised(beginning: bytes) -> MediaType | None:
    for signature, found in SIGNATURES:
        if beginning.startswith(signature):
            return found
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return MediaType.WEBP
    if beginning[:4] == b"\x1a\x45\xdf\xa3" and b"\x42\x82\x84webm" in beginning[:64]:
        return MediaType.WEBM
    return _of_boxes(beginning)


def _of_boxes(beginning: bytes) -> MediaType | None:
    """Return what a file made of boxes is: a film, or a picture of a telephone."""
    name = beginning[4:8]
    if name in OLD_QUICKTIME:
        return MediaType.QUICKTIME
    if name != b"ftyp":
        return None
    length = min(int.from_bytes(beginning[:4], "big"), len(beginning))
    brands = [beginning[8:12], *(beginning[at : at + 4] for at in range(16, length - 3, 4))]
    for known, found in ((HEIF_BRANDS, MediaType.HEIC), ({b"qt  "}, MediaType.QUICKTIME)):
        if brands[0] in known:
            return found
    if MP4_BRANDS.intersection(brands):
        return MediaType.MP4
    return MediaType.HEIC if HEIF_BRANDS.intersection(brands) - {b"mif1", b"msf1"} else None
