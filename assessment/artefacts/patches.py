"""What is changed in a copy of a file without moving anything in it: places, and what stands there.

The walks over films (`boxes`, `elements`) answer with patches; one that begins later lies on top.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

PIECE = 1024 * 1024


class CannotBeNeutralised(Exception):
    """A film in which we cannot find everything that may say who made it, where and when."""


@dataclass(frozen=True, order=True)
class Patch:
    """From `start` to `end`: `data` first, then zeros."""

    start: int
    end: int
    data: bytes = b""

    def within(self, start: int, end: int) -> tuple[int, bytes]:
        """Return where in the piece from `start` to `end` this begins, and what stands there."""
        first, last = max(self.start, start), min(self.end, end)
        there = self.data[first - self.start : last - self.start]
        return first - start, there.ljust(last - first, b"\0")


def patched(source: BinaryIO, patches: Iterable[Patch]) -> Iterator[bytes]:
    """Yield the file piece by piece, with the patches on."""
    waiting = deque(sorted(patches))
    source.seek(0)
    start, reaching = 0, list[Patch]()
    while piece := source.read(PIECE):
        end = start + len(piece)
        while waiting and waiting[0].start < end:
            reaching.append(waiting.popleft())
        yield _with(piece, start, reaching)
        reaching = [patch for patch in reaching if patch.end > end]
        start = end


def _with(piece: bytes, start: int, patches: list[Patch]) -> bytes:
    if not patches:
        return piece
    changed = bytearray(piece)
    for patch in patches:
        at, data = patch.within(start, start + len(piece))
        changed[at : at + len(data)] = data
    return bytes(changed)
