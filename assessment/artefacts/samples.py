"""Where the samples of one track lie in an MP4 file, by the tables of the track."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assessment.artefacts.patches import CannotBeNeutralised

Numbers = NDArray[np.int64]
MOST_SAMPLES = 2_000_000
MOST_CHUNKS = 50_000


def ranges(tables: Mapping[bytes, bytes]) -> list[tuple[int, int]]:
    """Return from where to where each chunk of the track lies; `tables` are the bodies of boxes."""
    try:
        chunks = _chunks(tables)
        if not len(chunks):
            return []
        counts = _samples_in_each(tables[b"stsc"], len(chunks))
        return _lying(chunks, counts, _sizes(tables))
    except (KeyError, IndexError, ValueError) as wrong:
        raise CannotBeNeutralised("tables that cannot be read") from wrong


def _lying(chunks: Numbers, counts: Numbers, sizes: Numbers) -> list[tuple[int, int]]:
    if counts.sum() > len(sizes) or counts.min() < 0:
        raise ValueError("more samples than sizes")
    ends = np.cumsum(counts)
    upto = np.concatenate(([0], np.cumsum(sizes)))
    lengths = upto[ends] - upto[ends - counts]
    pairs = zip(chunks.tolist(), (chunks + lengths).tolist(), strict=True)
    return [(start, end) for start, end in pairs if end > start]


def _table(body: bytes, dtype: str, width: int, start: int = 8) -> Numbers:
    """Return the numbers of a table: `width` in a row, as many rows as stand before them."""
    count = int.from_bytes(body[start - 4 : start], "big")
    if count > MOST_SAMPLES:
        raise ValueError("too long a table")
    found = np.frombuffer(body, dtype=dtype, count=count * width, offset=start)
    return found.astype(np.int64).reshape(count, width)


def _chunks(tables: Mapping[bytes, bytes]) -> Numbers:
    wide = b"co64" in tables
    found = _table(tables[b"co64" if wide else b"stco"], ">u8" if wide else ">u4", 1)
    if len(found) > MOST_CHUNKS:
        raise ValueError("too many chunks")
    return found[:, 0]


def _samples_in_each(body: bytes, chunks: int) -> Numbers:
    """Return how many samples each chunk holds, written as runs of chunks with as many."""
    runs = _table(body, ">u4", 3)
    firsts = np.append(runs[:, 0] - 1, chunks)
    if firsts[0] != 0 or (np.diff(firsts) < 0).any():
        raise ValueError("runs out of order")
    return np.repeat(runs[:, 1], np.diff(firsts))


def _sizes(tables: Mapping[bytes, bytes]) -> Numbers:
    body = tables[b"stsz"]
    each, count = int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big")
    if count > MOST_SAMPLES:
        raise ValueError("too many samples")
    if each:
        return np.full(count, each, dtype=np.int64)
    return _table(body, ">u4", 1, start=12)[:, 0]
