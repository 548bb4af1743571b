"""Files as telephones and programs write them, small, with what they say beside the picture."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any

from PIL import Image

CANARY = b"canary-Ada-Lovelace"
PLACE = b"+45.5017-073.5673/"
"""Where the film was made, as telephones write it."""


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    """Return a red picture with its camera's name, lying on its side."""
    target, exif = BytesIO(), Image.Exif()
    exif[0x010F] = CANARY.decode()
    exif[0x0112] = 6
    Image.new("RGB", size, "red").save(target, kind, exif=exif, **more)
    return target.getvalue()


def box(name: bytes, *bodies: bytes) -> bytes:
    """Return a box of a film."""
    body = b"".join(bodies)
    return struct.pack(">I", 8 + len(body)) + name + body


def full(name: bytes, *bodies: bytes, flags: int = 0) -> bytes:
    """Return a box that begins with a version and flags."""
    return box(name, struct.pack(">I", flags), *bodies)


MADE = struct.pack(">II", 3_800_000_000, 3_800_000_001)
"""When it was made and changed."""


def track(kind: bytes, offset: int, sizes: list[int], *more: bytes) -> bytes:
    """Return a track whose samples lie in one chunk at `offset`."""
    name = {b"vide": b"avc1", b"soun": b"mp4a"}.get(kind, b"mebx")
    compressor = CANARY if kind == b"vide" else b""
    entry = box(name, bytes(6), b"\0\1", bytes(34), compressor.ljust(32, b"\0"), bytes(4))
    table = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), entry),
        full(b"stts", struct.pack(">III", 1, len(sizes), 100)),
        full(b"stsc", struct.pack(">IIII", 1, 1, len(sizes), 1)),
        full(b"stsz", struct.pack(">II", 0, len(sizes)), struct.pack(f">{len(sizes)}I", *sizes)),
        full(b"stco", struct.pack(">II", 1, offset)),
    )
    source = box(b"dinf", full(b"dref", struct.pack(">I", 1), full(b"url ", CANARY, flags=1)))
    media = box(
        b"mdia",
        full(b"mdhd", MADE, bytes(12)),
        full(b"hdlr", bytes(4), kind, bytes(12), CANARY + b"\0"),
        box(b"minf", full(b"vmhd", bytes(8)), source, table),
    )
    return box(b"trak", full(b"tkhd", MADE, bytes(72)), media, *more)


SEEN, HEARD, PLACES = b"seen" * 8, b"heard!" * 5, PLACE * 2


def film(brand: bytes = b"isom", *, extra: bytes = b"") -> bytes:
    """Return a film with a picture, sound, and a track of places; and remarks wherever they fit."""
    samples = SEEN + HEARD + PLACES
    head = box(b"ftyp", brand, bytes(4), brand, b"mp42")
    start = len(head) + 8
    remarks = box(b"udta", box(b"\xa9xyz", PLACE), full(b"meta", CANARY))
    header = box(
        b"moov",
        full(b"mvhd", MADE, bytes(92)),
        track(b"vide", start, [16, 16], remarks),
        track(b"soun", start + len(SEEN), [30]),
        track(b"meta", start + len(SEEN) + len(HEARD), [len(PLACE), len(PLACE)]),
        remarks,
        box(b"free", CANARY),
    )
    tail = box(b"uuid", bytes(16), CANARY) + box(b"sefd", CANARY) + extra
    return head + box(b"mdat", samples) + header + tail


def element(name: int, *bodies: bytes, unknown: bool = False) -> bytes:
    """Return an element of a film."""
    body = b"".join(bodies)
    head = name.to_bytes((name.bit_length() + 7) // 8, "big")
    length = b"\x01" + b"\xff" * 7 if unknown else (1 << 56 | len(body)).to_bytes(8, "big")
    return head + length + body


def webm(*, live: bool = False, track_type: int = 1, more: bytes = b"") -> bytes:
    """Return a film of the web; `live` as browsers record it, without lengths."""
    sought = [element(0x4DBB, element(0x53AB, name.to_bytes(4, "big")), element(0x53AC, b"\1"))
              for name in (0x1549A966, 0x1254C367)]  # fmt: skip
    info = element(
        0x1549A966,
        element(0x2AD7B1, b"\x0f\x42\x40"),
        element(0x4489, struct.pack(">d", 1000.0)),
        element(0x7BA9, CANARY),
        element(0x4461, bytes(8)),
        element(0x4D80, CANARY),
    )
    entry = element(
        0xAE, element(0xD7, b"\1"), element(0x83, bytes([track_type])), element(0x536E, CANARY),
        element(0x86, b"V_VP8"),
    )  # fmt: skip
    cluster = element(
        0x1F43B675, element(0xE7, b"\0"), element(0xA3, b"\x81\0\0\x80" + SEEN), unknown=live
    )
    tags = element(0x1254C367, element(0x7373, CANARY, PLACE))
    head = element(0x1A45DFA3, b"\x42\x82\x84webm")
    parts = (element(0x114D9B74, *sought), info, element(0x1654AE6B, entry), cluster, tags, more)
    return head + element(0x18538067, *parts, unknown=live)


LAID_OUT = b"/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>"


def paper(pages: int = 1) -> bytes:
    """Return a PDF that says who wrote it, with a line on each page."""
    drawn = b"BT /F1 48 Tf 60 400 Td (Isolated and locked) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>"
        % (pages, b" ".join(b"%d 0 R" % (6 + n) for n in range(pages))),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Author(" + CANARY + b")>>",
        *[b"<</Type/Page/Parent 2 0 R" + LAID_OUT + b"/Contents 4 0 R>>"] * pages,
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R/Info 5 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
