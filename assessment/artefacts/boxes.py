"""MP4 and QuickTime films: which bytes may say who made them, where and when.

A film is a tree of boxes (ISO/IEC 14496-12). What a player needs is known and kept; times are set
to nothing; every other box becomes `free` and empty, in its place, so that nothing moves. A track
that is neither seen nor heard (places from a satellite, faces, captions) goes, with its samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from assessment.artefacts.patches import CannotBeNeutralised, Patch
from assessment.artefacts.samples import ranges

MOST_BOXES = 20_000
MOST_PATCHES = 200_000
MOST_HEADER = 64_000_000
"""Bytes of a film's own description; the samples lie elsewhere."""
EMPTY = frozenset({b"free", b"skip", b"wide"})
KEPT_INSIDE: dict[bytes, frozenset[bytes]] = {
    b"": frozenset({b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"mfra", b"sidx", b"ssix"}),
    b"moov": frozenset({b"mvhd", b"trak", b"mvex", b"iods"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia", b"tapt"}),
    b"edts": frozenset({b"elst"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf"}),
    b"minf": frozenset({b"vmhd", b"smhd", b"dinf", b"stbl", b"hdlr"}),
    b"dinf": frozenset({b"dref"}),
    b"stbl": frozenset(
        {b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64"}
        | {b"stss", b"stps", b"stsh", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"}
    ),
    b"mvex": frozenset({b"mehd", b"trex"}),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"traf": frozenset({b"tfhd", b"tfdt", b"trun", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"}),
    b"mfra": frozenset({b"tfra", b"mfro"}),
}
"""What is needed to play a film, by the box around it."""
TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
SEEN_OR_HEARD = frozenset({b"vide", b"soun"})
REMARKS = frozenset({b"udta", b"meta", b"uuid"})
SELF_CONTAINED = 1


@dataclass(frozen=True)
class Box:
    """One box of a film."""

    name: bytes
    start: int
    body: int
    end: int


class Film:
    """One film, walked once."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.size = source.seek(0, 2)
        self.seen = 0
        self.blanked = 0
        """Bytes that zeros were put over, each as often as it was."""
        self.patches: list[Patch] = []

    def read(self, start: int, length: int) -> bytes:
        """Return bytes that have to be there."""
        self.source.seek(start)
        data = self.source.read(length)
        if len(data) != length:
            raise CannotBeNeutralised("cut off")
        return data

    def boxes(self, start: int, end: int) -> Iterator[Box]:
        """Yield the boxes between two places, which have to fill it."""
        while start < end:
            if end - start < 8:
                self.blank(start, end)  # QuickTime ends a list with four zeros
                return
            box = self._box(start, end)
            yield box
            start = box.end

    def _box(self, start: int, end: int) -> Box:
        self.seen += 1
        head = self.read(start, 8)
        length, body = int.from_bytes(head[:4], "big"), start + 8
        if length == 1:
            length, body = int.from_bytes(self.read(body, 8), "big"), start + 16
        elif length == 0:
            length = end - start
        if not body - start <= length <= end - start or self.seen > MOST_BOXES:
            raise CannotBeNeutralised("boxes that do not fit into each other")
        return Box(head[4:8], start, body, start + length)

    def blank(self, start: int, end: int) -> None:
        """Put zeros between two places."""
        if end <= start:
            return
        self.blanked += end - start
        if self.blanked > 2 * self.size or len(self.patches) >= MOST_PATCHES:
            raise CannotBeNeutralised("the same samples over and over")
        self.patches.append(Patch(start, end))

    def free(self, box: Box) -> None:
        """Empty a box, which then says nothing."""
        self.patches.append(Patch(box.start + 4, box.start + 8, b"free"))
        self.blank(box.body, box.end)

    def walk(self, start: int, end: int, around: bytes = b"") -> None:
        """Keep what is needed between two places, and empty the rest."""
        for box in self.boxes(start, end):
            if box.name in EMPTY:
                self.blank(box.body, box.end)
            elif box.name not in KEPT_INSIDE[around]:
                self.free(box)
            elif box.name == b"trak":
                self._track(box)
            else:
                self.keep(box)

    def keep(self, box: Box) -> None:
        """Go into a box that is kept, and take out of it what is not needed."""
        if box.name in TIMED:
            self._forget_times(box)
        elif box.name == b"hdlr":
            self.blank(box.body + 12, box.end)  # whose program wrote it, and its name
        elif box.name == b"dref":
            self._require_self_contained(box)
        elif box.name == b"stsd":
            self._forget_writers(box)
        elif box.name in KEPT_INSIDE:
            self.walk(box.body, box.end, box.name)

    def _forget_times(self, box: Box) -> None:
        width = 8 if self.read(box.body, 1) == b"\x01" else 4
        self.blank(box.body + 4, box.body + 4 + 2 * width)

    def _require_self_contained(self, box: Box) -> None:
        """Refuse a film whose samples lie in another file; the path of its own is taken out."""
        for entry in self.boxes(box.body + 8, box.end):
            if not self.read(entry.body, 4)[3] & SELF_CONTAINED:
                raise CannotBeNeutralised("samples in another file")
            self.blank(entry.body + 4, entry.end)

    def _forget_writers(self, box: Box) -> None:
        """Take the maker and the name of the compressor out of the descriptions of pictures."""
        for entry in self.boxes(box.body + 8, box.end):
            if entry.name in {b"rtp ", b"urim", b"mett", b"metx"}:
                raise CannotBeNeutralised("samples of another kind")
            if self.picture and entry.end - entry.start >= 86:
                self.blank(entry.start + 20, entry.start + 24)
                self.blank(entry.start + 50, entry.start + 82)
                self._free_remarks(entry)

    def _free_remarks(self, entry: Box) -> None:
        for each in self.boxes(entry.start + 86, entry.end):
            if each.name in REMARKS:
                self.free(each)

    picture = False
    """Whether the track in hand is seen rather than heard."""

    def _track(self, track: Box) -> None:
        kind = self._kind(track)
        if kind in SEEN_OR_HEARD:
            self.picture = kind == b"vide"
            self.walk(track.body, track.end, track.name)
        else:
            self._drop(track)

    def _kind(self, track: Box) -> bytes:
        media = self.inside(track, b"mdia")
        handler = self.inside(media, b"hdlr")
        return self.read(handler.body + 8, 4)

    def inside(self, box: Box, name: bytes) -> Box:
        """Return the one box of this name in another."""
        found = [each for each in self.boxes(box.body, box.end) if each.name == name]
        if len(found) != 1:
            raise CannotBeNeutralised(f"{len(found)} boxes {name!r} where one belongs")
        return found[0]

    def _drop(self, track: Box) -> None:
        """Empty a track that is neither seen nor heard, and the samples that it names."""
        table = track
        for name in (b"mdia", b"minf", b"stbl"):
            table = self.inside(table, name)
        lists = {
            box.name: self.read(box.body, box.end - box.body)
            for box in self.boxes(table.body, table.end)
        }
        for start, end in ranges(lists):
            if start < 0 or end > self.size:
                raise CannotBeNeutralised("samples beyond the end")
            self.blank(start, end)
        self.dropped = True
        self.free(track)

    dropped = False


def patches(source: BinaryIO) -> list[Patch]:
    """Return what to change in a copy; CannotBeNeutralised where it is not enough to be sure."""
    film = Film(source)
    top = list(film.boxes(0, film.size))
    names = [box.name for box in top]
    if names.count(b"moov") != 1 or b"mdat" not in names:
        raise CannotBeNeutralised("no film")
    header = next(box for box in top if box.name == b"moov")
    if header.end - header.start > MOST_HEADER:
        raise CannotBeNeutralised("too long a description")
    film.patches.clear()
    film.walk(0, film.size)
    if film.dropped and b"moof" in names:
        raise CannotBeNeutralised("samples of several tracks in fragments")
    return film.patches
