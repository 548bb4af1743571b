"""What arrives of a file: looked at, drawn if that is quick, and kept before any row names it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

from assessment import storage
from assessment.artefacts import drawing
from assessment.artefacts.drawing import CannotBeDrawn
from assessment.artefacts.kinds import BEGINNING, MediaType
from assessment.artefacts.models import Readiness
from assessment.artefacts.quotas import taken
from assessment.artefacts.reasons import sentence_for
from assessment.errors import Invalid
from assessment.ids import ID_LENGTH, new_id
from assessment.locale import gettext as _

AREA = "artefacts"
QUICK_PIXELS, QUICK_BYTES = 12_000_000, 15_000_000
"""A larger picture is drawn by a worker, in a process of its own."""
LONGEST_NAME = 300
LONGEST_TEXT = 20_000

_drawing = threading.BoundedSemaphore(2)
"""Pictures that are unpacked at once in this process: each may take 150 MB for a moment."""


@dataclass(frozen=True)
class Arrived:
    """A file that is in storage; no row names it yet."""

    artefact_id: str
    storage_key: str
    sha256: str
    media_type: MediaType
    size: int
    original_name: str | None
    shown_key: str | None
    readiness: Readiness

    def clear(self) -> None:
        """Delete it, where it came too late to be kept."""
        for key in (self.storage_key, self.shown_key):
            if key is not None:
                storage.delete(key)


def name_for(artefact_id: str, suffix: str, part: str = "") -> str:
    """Return a name in storage which says whose it is; `part` is for what we made of it."""
    extra = f"-{part}" if part else ""
    return f"{AREA}/{artefact_id[:2]}/{artefact_id}{extra}{suffix}"


def artefact_of_name(name: str) -> str:
    """Return the id of the artefact that a file in storage is a part of."""
    return name.rpartition("/")[2][:ID_LENGTH]


def readable(name: str) -> str:
    """Return a file's name without what a screen cannot show or turns round."""
    return "".join(each for each in name if each.isprintable())[:LONGEST_NAME]


def text(written: str) -> Arrived:
    """Return a text of the learner's own, kept."""
    if not written.strip():
        raise Invalid(_("Write something first."), field="text")
    if len(written) > LONGEST_TEXT:
        sentence = _("A text may have at most %(n)s characters.", n=LONGEST_TEXT)
        raise Invalid(sentence, field="text")
    data = written.strip().encode()
    return _kept(new_id(), [data], MediaType.TEXT, None, None)


def small_file(data: bytes, name: str) -> Arrived:
    """Return a file that came whole, kept; Invalid for what we do not take or cannot read."""
    if not data:
        raise Invalid(_("Choose a file that is not empty."), field="file")
    return pieces([data], len(data), name)


def pieces(found: Iterable[bytes], size: int, name: str) -> Arrived:
    """Return a file that came in pieces, kept; no more than a small picture is held in memory."""
    coming = iter(found)
    first = next(coming, b"")
    kind = taken(first[:BEGINNING], size)
    artefact_id, shown = new_id(), None
    if kind.is_picture and kind is not MediaType.HEIC and size <= QUICK_BYTES:
        first = b"".join([first, *coming])
        shown = _drawn(first)
    return _kept(artefact_id, _all(first, coming), kind, name, shown)


def _all(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def _drawn(data: bytes) -> bytes | None:
    """Return our copy of a picture, or None where a worker has to draw it."""
    try:
        with _drawing:
            if drawing.measured(BytesIO(data)) > QUICK_PIXELS:
                return None
            return drawing.drawn(BytesIO(data))
    except CannotBeDrawn as why:
        raise Invalid(sentence_for(str(why)), field="file") from None


def _kept(
    artefact_id: str,
    coming: Iterable[bytes],
    kind: MediaType,
    name: str | None,
    shown: bytes | None,
) -> Arrived:
    key, passing = name_for(artefact_id, kind.suffix), _Counted()
    kept = storage.current()
    kept.keep_pieces(key, passing.through(coming))
    shown_key = None
    if shown is not None:
        shown_key = name_for(artefact_id, ".jpg", new_id())
        kept.keep(shown_key, shown)
    is_there = shown is not None or kind is MediaType.TEXT
    return Arrived(
        artefact_id=artefact_id,
        storage_key=key,
        sha256=passing.digest.hexdigest(),
        media_type=kind,
        size=passing.size,
        original_name=None if name is None else readable(name),
        shown_key=shown_key,
        readiness=Readiness.READY if is_there else Readiness.PREPARING,
    )


class _Counted:
    """Counts and digests bytes as they pass."""

    def __init__(self) -> None:
        self.size = 0
        self.digest = hashlib.sha256()

    def through(self, coming: Iterable[bytes]) -> Iterator[bytes]:
        """Yield what comes."""
        for piece in coming:
            self.size += len(piece)
            self.digest.update(piece)
            yield piece
