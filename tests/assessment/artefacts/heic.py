"""A picture as telephones keep it (HEIC), written by hand: 16 by 16 points of one colour.

There is no free encoder to draw one with; a block of plain samples (PCM, ITU-T H.265 section 7.3.8)
needs three coded bits, and the rest is a description.
"""

from __future__ import annotations

import struct

SIDE = 16


class Bits:
    """Bits, written one after the other."""

    def __init__(self) -> None:
        self.text = ""

    def put(self, value: int, width: int) -> Bits:
        """Write a number of so many bits."""
        self.text += format(value, f"0{width}b") if width else ""
        return self

    def ue(self, *values: int) -> Bits:
        """Write numbers as the standard writes those of no known size."""
        for value in values:
            digits = format(value + 1, "b")
            self.text += "0" * (len(digits) - 1) + digits
        return self

    def end(self) -> bytes:
        """Return the bytes, ended by a one and zeros."""
        self.text += "1"
        return self.aligned()

    def aligned(self) -> bytes:
        """Return the bytes, filled up with zeros."""
        text = self.text + "0" * (-len(self.text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")


def nal(kind: int, body: bytes) -> bytes:
    """Return a unit; after two zeros, a small byte is set apart by a three."""
    out, zeros = bytearray([kind << 1, 1]), 0
    for each in body:
        if zeros >= 2 and each <= 3:
            out.append(3)
            zeros = 0
        out.append(each)
        zeros = zeros + 1 if each == 0 else 0
    return bytes(out)


def level(bits: Bits) -> Bits:
    """Write the profile (main still picture) and the level."""
    bits.put(0, 2).put(0, 1).put(3, 5).put(0x7000_0000, 32)
    return bits.put(0b1001, 4).put(0, 43).put(0, 1).put(30, 8)


def descriptions() -> list[tuple[int, bytes]]:
    """Return the three sets of parameters."""
    video = Bits().put(0, 4).put(3, 2).put(0, 6).put(0, 3).put(1, 1).put(0xFFFF, 16)
    level(video).put(1, 1).ue(0, 0, 0).put(0, 6).ue(0).put(0, 1).put(0, 1)
    sequence = Bits().put(0, 4).put(0, 3).put(1, 1)
    level(sequence).ue(0, 1, SIDE, SIDE).put(0, 1).ue(0, 0, 0).put(1, 1).ue(0, 0, 0)
    sequence.ue(1, 0, 0, 2, 0, 0)  # blocks of 16, transforms of 4 to 16
    sequence.put(0, 1).put(0, 1).put(0, 1)  # no lists, no asymmetric parts, no offsets
    sequence.put(1, 1).put(7, 4).put(7, 4).ue(1, 0).put(1, 1)  # plain samples of 8 bits, of 16
    sequence.ue(0).put(0, 1).put(0, 1).put(0, 1).put(0, 1).put(0, 1)
    picture = Bits().ue(0, 0).put(0, 1).put(0, 1).put(0, 3).put(0, 1).put(0, 1).ue(0, 0)
    picture.ue(0).put(0, 1).put(0, 1).put(0, 1).ue(0, 0).put(0, 4)
    picture.put(0, 1).put(0, 1).put(0, 1).put(0, 1).put(0, 1).put(0, 1).ue(0).put(0, 2)
    return [(32, video.end()), (33, sequence.end()), (34, picture.end())]


def slice_of(shade: int) -> bytes:
    """Return the one slice: a header, one block of plain samples, and the end."""
    head = Bits().put(1, 1).put(0, 1).ue(0).ue(2).ue(0).end()
    first, last = Bits(), Bits()
    for bits, low in ((first, 510 - 240 - 2), (last, 510 - 2)):
        ended(bits, low)
    samples = bytes([shade]) * SIDE**2 + bytes([128]) * (SIDE**2 // 2)
    return head + first.aligned() + samples + last.aligned()


def ended(bits: Bits, low: int) -> None:
    """Write `low` bit by bit as the interval, two wide, is doubled seven times, then the rest."""
    outstanding, is_first, width = 0, True, 2
    while width < 256:
        if low < 256 or low >= 512:
            bit = int(low >= 512)
            low -= 512 * bit
            bits.text += ("" if is_first else str(bit)) + str(1 - bit) * outstanding
            outstanding, is_first = 0, False
        else:
            low -= 256
            outstanding += 1
        low, width = low << 1, width << 1
    bit = low >> 9 & 1
    bits.text += ("" if is_first else str(bit)) + str(1 - bit) * outstanding
    bits.put(low >> 7 & 3 | 1, 2)


def box(name: bytes, body: bytes, flags: int | None = None) -> bytes:
    """Return a box, with version and flags if it has any."""
    full = b"" if flags is None else struct.pack(">I", flags)
    return struct.pack(">I", 8 + len(full) + len(body)) + name + full + body


def configuration() -> bytes:
    """Return how the samples are to be read: the sets of parameters, one after the other."""
    head = bytes([1, 3]) + struct.pack(">I", 0x7000_0000) + b"\x90" + bytes(5) + bytes([30])
    head += b"\xf0\x00\xfc\xfd\xf8\xf8\x00\x00\x0f"
    units = b""
    for kind, body in descriptions():
        unit = nal(kind, body)
        units += bytes([0x80 | kind]) + struct.pack(">HH", 1, len(unit)) + unit
    return box(b"hvcC", head + bytes([3]) + units)


def heic(shade: int = 100) -> bytes:
    """Return a picture of one shade of grey."""
    unit = nal(19, slice_of(shade))
    samples = struct.pack(">I", len(unit)) + unit
    head = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")

    def meta(offset: int) -> bytes:
        entry = box(b"infe", struct.pack(">HH", 1, 0) + b"hvc1\0", 2 << 24)
        properties = box(b"ipco", configuration() + box(b"ispe", struct.pack(">II", SIDE, SIDE), 0))
        linked = box(b"ipma", struct.pack(">IHBBB", 1, 1, 2, 0x81, 2), 0)
        lies = struct.pack(">HHHHHII", 0x4400, 1, 1, 0, 1, offset, len(samples))
        return box(
            b"meta",
            box(b"hdlr", bytes(4) + b"pict" + bytes(13), 0)
            + box(b"pitm", struct.pack(">H", 1), 0)
            + box(b"iloc", lies, 0)
            + box(b"iinf", struct.pack(">H", 1) + entry, 0)
            + box(b"iprp", properties + linked),
            0,
        )

    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + box(b"mdat", samples)
