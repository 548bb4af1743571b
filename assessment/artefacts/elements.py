"""WebM films: which bytes may say who made them, where and when.

A film is a tree of elements (EBML, RFC 8794; Matroska, RFC 9559). What a player needs is known and
kept; every other element becomes `Void`, in its place, so that nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from assessment.artefacts.patches import CannotBeNeutralised, Patch

EBML, SEGMENT, VOID = 0x1A45DFA3, 0x18538067, 0xEC
SEEK_HEAD, SEEK, SEEK_ID = 0x114D9B74, 0x4DBB, 0x53AB
INFO, TRACKS, CLUSTER, CUES = 0x1549A966, 0x1654AE6B, 0x1F43B675, 0x1C53BB6B
TRACK_ENTRY, TRACK_TYPE = 0xAE, 0x83
WRITERS = frozenset({0x4D80, 0x5741})
"""Which program wrote it: has to be there, and may say nothing."""
KEPT_OF_SEGMENT = frozenset({SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES})
KEPT_OF_INFO = frozenset({0x2AD7B1, 0x4489})
"""How long a tick is, and how many there are."""
LEFT_OUT_OF_TRACK = frozenset({0x536E, 0x258688, 0x3B4040, 0x26B240, 0x7446, 0xBF})
"""Names, addresses, attachments and checks of a track."""
KEPT_OF_CLUSTER = frozenset({0xE7, 0xA7, 0xAB, 0xA3, 0xA0, 0x5854})
SEEN, HEARD = 1, 2
MOST_ELEMENTS = 500_000


@dataclass(frozen=True)
class Element:
    """One element of a film."""

    name: int
    start: int
    body: int
    end: int | None
    """None where the element does not say how long it is."""


class Film:
    """One film, walked once."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.size = source.seek(0, 2)
        self.seen = 0
        self.patches: list[Patch] = []

    def read(self, start: int, length: int) -> bytes:
        """Return bytes that have to be there."""
        self.source.seek(start)
        data = self.source.read(length)
        if len(data) != length:
            raise CannotBeNeutralised("cut off")
        return data

    def element(self, start: int, end: int) -> Element:
        """Return the element at a place; it has to end before `end`."""
        self.seen += 1
        name_length = _length(self.read(start, 1), 4)
        name = int.from_bytes(self.read(start, name_length), "big")
        length = _length(self.read(start + name_length, 1), 8)
        body = start + name_length + length
        size = int.from_bytes(self.read(start + name_length, length), "big")
        size &= (1 << 7 * length) - 1
        unknown = size == (1 << 7 * length) - 1
        if self.seen > MOST_ELEMENTS or body > end or (not unknown and body + size > end):
            raise CannotBeNeutralised("elements that do not fit into each other")
        return Element(name, start, body, None if unknown else body + size)

    def inside(self, element: Element) -> Iterator[Element]:
        """Yield what an element of known length consists of."""
        start, end = element.body, self.end_of(element)
        while start < end:
            each = self.element(start, end)
            yield each
            start = self.end_of(each)

    def end_of(self, element: Element) -> int:
        """Return where an element ends, which has to be known."""
        if element.end is None:
            raise CannotBeNeutralised("an element without a length")
        return element.end

    def void(self, element: Element) -> None:
        """Empty an element, which then says nothing."""
        start, end = element.start, self.end_of(element)
        width = 1 if end - start <= 127 else 8
        length = (1 << 7 * width) | (end - start - 1 - width)
        self.patches.append(Patch(start, end, bytes([VOID]) + length.to_bytes(width, "big")))

    def film(self) -> None:
        """Walk the whole."""
        head = self.element(0, self.size)
        if head.name != EBML:
            raise CannotBeNeutralised("no film")
        segment = self.element(self.end_of(head), self.size)
        if segment.name != SEGMENT:
            raise CannotBeNeutralised("no segment")
        end = self.size if segment.end is None else segment.end
        self.segment(segment.body, end)
        if end < self.size:
            self.patches.append(Patch(end, self.size))

    def segment(self, start: int, end: int) -> None:
        """Keep what a player needs of the segment, and empty the rest."""
        while start < end:
            each = self.element(start, end)
            if each.name == CLUSTER:
                start = self.cluster(each, end)
                continue
            if each.name in KEPT_OF_SEGMENT:
                self.keep(each)
            else:
                self.void(each)
            start = self.end_of(each)

    def cluster(self, cluster: Element, limit: int) -> int:
        """Return where a cluster ends: where it says, or where the next part of the film begins."""
        start, end = cluster.body, cluster.end or limit
        while start < end:
            each = self.element(start, end)
            if cluster.end is None and each.name > 0xFFFFFF:  # names of parts have four bytes
                return start
            if each.name not in KEPT_OF_CLUSTER:
                self.void(each)
            start = self.end_of(each)
        return end

    def keep(self, part: Element) -> None:
        """Go into a part that is kept, and take out of it what is not needed."""
        if part.name == SEEK_HEAD:
            self._forget_places(part)
        elif part.name == INFO:
            self._forget_circumstances(part)
        elif part.name == TRACKS:
            self._forget_names(part)

    def _forget_places(self, head: Element) -> None:
        """Take out of the table of contents what is not in the film any more."""
        for entry in self.inside(head):
            if entry.name != SEEK or self._sought(entry) not in KEPT_OF_SEGMENT:
                self.void(entry)

    def _sought(self, entry: Element) -> int:
        for each in self.inside(entry):
            if each.name == SEEK_ID and self.end_of(each) - each.body == 4:
                return int.from_bytes(self.read(each.body, 4), "big")
        return VOID

    def _forget_circumstances(self, info: Element) -> None:
        for each in self.inside(info):
            if each.name in WRITERS:
                self.patches.append(Patch(each.body, self.end_of(each)))
            elif each.name not in KEPT_OF_INFO:
                self.void(each)

    def _forget_names(self, tracks: Element) -> None:
        for entry in self.inside(tracks):
            if entry.name != TRACK_ENTRY:
                self.void(entry)
                continue
            parts = list(self.inside(entry))
            self._require_seen_or_heard(parts)
            for each in parts:
                if each.name in LEFT_OUT_OF_TRACK:
                    self.void(each)

    def _require_seen_or_heard(self, parts: list[Element]) -> None:
        kinds = [self.read(each.body, 1)[0] for each in parts if each.name == TRACK_TYPE]
        if len(kinds) != 1 or kinds[0] not in (SEEN, HEARD):
            raise CannotBeNeutralised("a track that is neither seen nor heard")


def _length(first: bytes, most: int) -> int:
    """Return how many bytes a name or a length takes, as its first one says."""
    length = 9 - first[0].bit_length()
    if length > most:
        raise CannotBeNeutralised("no element")
    return length


def patches(source: BinaryIO) -> list[Patch]:
    """Return what to change in a copy; CannotBeNeutralised where it is not enough to be sure."""
    film = Film(source)
    film.film()
    return film.patches
