"""A file is what its bytes are."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.artefacts.kinds import MediaType, media_type
from assessment.artefacts.quotas import taken
from assessment.config import MEGABYTE
from assessment.errors import Invalid
from tests.assessment.artefacts.files import box, film, paper, picture, webm
from tests.assessment.artefacts.heic import heic


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (picture("JPEG"), MediaType.JPEG),
        (picture("PNG"), MediaType.PNG),
        (picture("WEBP"), MediaType.WEBP),
        (heic(), MediaType.HEIC),
        (box(b"ftyp", b"mif1", bytes(4), b"mif1heic"), MediaType.HEIC),
        (paper(), MediaType.PDF),
        (film(), MediaType.MP4),
        (film(b"qt  "), MediaType.QUICKTIME),
        (box(b"wide") + box(b"mdat"), MediaType.QUICKTIME),
        (webm(), MediaType.WEBM),
    ],
    ids=lambda value: value.name if isinstance(value, MediaType) else "",
)
def test_a_file_is_what_its_bytes_are(data: bytes, wanted: MediaType) -> None:
    assert media_type(data) is wanted
    assert wanted.suffix.startswith(".")


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a/*<script>*/",
        b"\n%PDF-1.7",
        b"PK\x03\x04",
        b"plain words",
        b"",
        b"RIFF\0\0\0\0WAVE",
        b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska",
        box(b"ftyp", b"M4A ", bytes(4)),
        box(b"ftyp", b"avif", bytes(4), b"mif1"),
        b"\0\0\0\x08ftyp",
    ],
)
def test_nothing_else_is_taken(context: Flask, data: bytes) -> None:
    with pytest.raises(Invalid, match="only those are taken"):
        media_type(data)


def test_each_kind_has_a_size(context: Flask) -> None:
    assert taken(film(), 200 * MEGABYTE) is MediaType.MP4
    for data, size, most in ((film(), 200, "200 MB"), (paper(), 50, "50 MB")):
        with pytest.raises(Invalid, match=most):
            taken(data, size * MEGABYTE + 1)
