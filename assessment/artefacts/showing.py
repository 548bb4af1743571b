"""What may be shown of an artefact, and the responses that show it; none carries its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from flask import Response, request
from werkzeug.http import parse_range_header

from assessment import storage
from assessment.artefacts.kinds import MediaType
from assessment.artefacts.models import Artefact, Readiness
from assessment.artefacts.reasons import sentence_for
from assessment.errors import NoSuchRecord
from assessment.storage import Storage

ISOLATED = "default-src 'none'; sandbox; frame-ancestors 'none'"
PIECE = 1024 * 1024
LONGEST_ANSWER = 2 * PIECE
"""Of a film that is asked for from somewhere to its end: the player asks on, and no thread of ours
waits while it plays."""


class ShownAs(StrEnum):
    """How an artefact is seen by those who rate it."""

    TEXT = "text"
    PICTURE = "picture"
    PAGES = "pages"
    VIDEO = "video"
    PREPARING = "preparing"
    NOT = "not shown"


@dataclass(frozen=True)
class Shown:
    """What there is to see of an artefact."""

    kind: ShownAs
    pages: int = 0
    """How many pages there are, or so far."""
    why: str = ""
    """Why nothing can be seen, for its learner."""

    @property
    def is_settled(self) -> bool:
        """Whether it will stay so."""
        return self.kind is not ShownAs.PREPARING


def shown(artefact: Artefact) -> Shown:
    """Return what there is to see of an artefact; "" is why, where its bytes were given back."""
    if artefact.storage_key is None:
        return Shown(ShownAs.NOT)
    if artefact.readiness == Readiness.IMPOSSIBLE:
        return Shown(ShownAs.NOT, why=sentence_for(artefact.why_not or ""))
    if artefact.readiness == Readiness.PREPARING:
        return Shown(ShownAs.PREPARING, pages=len(artefact.pages))
    return _ready(artefact, MediaType(artefact.media_type))


def _ready(artefact: Artefact, kind: MediaType) -> Shown:
    if kind is MediaType.TEXT:
        return Shown(ShownAs.TEXT)
    if kind is MediaType.PDF:
        return Shown(ShownAs.PAGES, pages=len(artefact.pages))
    return Shown(ShownAs.VIDEO if kind.is_video else ShownAs.PICTURE)


def is_ready(artefact: Artefact) -> bool:
    """Return whether those who rate can see it."""
    return shown(artefact).kind not in {ShownAs.PREPARING, ShownAs.NOT}


def text(artefact: Artefact) -> str:
    """Return a text as it was written."""
    _require(artefact, ShownAs.TEXT)
    return storage.read(artefact.storage_key or "").decode()


def picture(artefact: Artefact) -> Response:
    """Return our own drawing of a picture."""
    _require(artefact, ShownAs.PICTURE)
    return _jpeg(artefact.shown_key or "")


def page(artefact: Artefact, number: int) -> Response:
    """Return our own drawing of a page, from 1."""
    _require(artefact, ShownAs.PAGES)
    if not 1 <= number <= len(artefact.pages):
        raise NoSuchRecord("page", f"{artefact.id}/{number}")
    return _jpeg(artefact.pages[number - 1])


def _require(artefact: Artefact, kind: ShownAs) -> None:
    if shown(artefact).kind is not kind:
        raise NoSuchRecord(kind.value, artefact.id)


def _jpeg(key: str) -> Response:
    return _isolated(Response(storage.read(key), content_type=MediaType.JPEG.value), "inline")


def _isolated(response: Response, disposition: str) -> Response:
    response.headers["Content-Disposition"] = disposition
    response.headers["Content-Security-Policy"] = ISOLATED
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def video(artefact: Artefact) -> Response:
    """Return our copy of a film, or the part of it that this request asks for."""
    _require(artefact, ShownAs.VIDEO)
    key, kept = artefact.shown_key or "", storage.current()
    size = kept.size(key)
    asked = _asked(size)
    if asked is None:
        response = Response(_streamed(kept, key, size))
        response.content_length = size
    elif asked[0] >= asked[1]:
        response = Response(status=416)
        response.headers["Content-Range"] = f"bytes */{size}"
    else:
        response = Response(kept.part(key, *asked), 206)
        response.headers["Content-Range"] = f"bytes {asked[0]}-{asked[1] - 1}/{size}"
    response.content_type = "video/webm" if key.endswith(".webm") else "video/mp4"
    response.headers["Accept-Ranges"] = "bytes"
    return _isolated(response, "inline")


def _asked(size: int) -> tuple[int, int] | None:
    """Return from where to where this request asks for; None for the whole, empty for nothing."""
    asked = parse_range_header(request.headers.get("Range"))
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    start, end = asked.ranges[0]
    start = max(0, size + start) if start < 0 else start
    return start, min(size, end or size, start + LONGEST_ANSWER)


def original(artefact: Artefact, called: str) -> Response:
    """Return the learner's own file, which no browser opens as a page of ours; `called` is ours."""
    if artefact.storage_key is None:
        raise NoSuchRecord("file", artefact.id)
    kind, kept = MediaType(artefact.media_type), storage.current()
    response = Response(_streamed(kept, artefact.storage_key, artefact.size))
    response.content_type = kind.value
    response.content_length = artefact.size
    return _isolated(response, f'attachment; filename="{called}{kind.suffix}"')


def _streamed(kept: Storage, key: str, size: int) -> Iterator[bytes]:
    for start in range(0, size, PIECE):
        yield kept.part(key, start, min(size, start + PIECE))
