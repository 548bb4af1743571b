"""Making the copies that may be shown, in a worker: pages of a PDF, large pictures, videos."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

from sqlalchemy import update

from assessment import storage, transactions
from assessment.artefacts import boxes, elements
from assessment.artefacts.arriving import name_for
from assessment.artefacts.kinds import MediaType
from assessment.artefacts.models import Artefact, Readiness
from assessment.artefacts.patches import CannotBeNeutralised, patched
from assessment.artefacts.reasons import WhyNot
from assessment.extensions import db
from assessment.ids import new_id
from assessment.people import service as people

LONGEST_SECONDS = 120
"""A process that draws is ended after this, whatever it does."""
TOLD_EVERY = 5
"""Pages after which the learner's page says how many there are."""

Tell = Callable[[list[str]], None]


@dataclass(frozen=True)
class Source:
    """What is known of a file that is to be shown."""

    learner_id: str
    artefact_id: str
    storage_key: str
    media_type: MediaType

    def copy_name(self, suffix: str) -> str:
        """Return a new name for something that is made of it."""
        return name_for(self.artefact_id, suffix, new_id())


@dataclass(frozen=True)
class Copies:
    """What came of it."""

    shown_key: str | None = None
    pages: list[str] = field(default_factory=list)
    why_not: WhyNot | None = None


def prepare(learner_id: str, artefact_id: str) -> None:
    """Make the copies of one artefact, unless they are there or it is gone."""
    source = _source(learner_id, artefact_id)
    transactions.rollback()  # nothing is held while it is drawn
    if source is None:
        return
    made = _made(source)
    with transactions.writing():
        people.lock_learner(learner_id)
        is_ready = made.why_not is None
        _write(
            source,
            shown_key=made.shown_key,
            pages=made.pages,
            why_not=made.why_not,
            readiness=Readiness.READY if is_ready else Readiness.IMPOSSIBLE,
        )


def _source(learner_id: str, artefact_id: str) -> Source | None:
    found = db.session.get(Artefact, (learner_id, artefact_id), populate_existing=True)
    if found is None or found.readiness != Readiness.PREPARING or found.storage_key is None:
        return None
    return Source(learner_id, artefact_id, found.storage_key, MediaType(found.media_type))


def _write(source: Source, **values: object) -> None:
    """Write what was made, while the artefact still waits for it."""
    db.session.execute(
        update(Artefact)
        .where(
            Artefact.learner_id == source.learner_id,
            Artefact.id == source.artefact_id,
            Artefact.readiness == Readiness.PREPARING,
        )
        .values(**values)
    )


def _made(source: Source) -> Copies:
    if source.media_type.is_video:
        return _neutralised(source)
    return _drawn(source)


def _neutralised(source: Source) -> Copies:
    """Return a copy of a film without what may say who made it, where and when."""
    kept = storage.current()
    walk = elements if source.media_type is MediaType.WEBM else boxes
    suffix = ".webm" if source.media_type is MediaType.WEBM else ".mp4"
    with kept.opened(source.storage_key) as film:
        try:
            patches = walk.patches(film)
        except CannotBeNeutralised:
            return Copies(why_not=WhyNot.NOT_NEUTRAL)
        key = source.copy_name(suffix)
        kept.keep_pieces(key, patched(film, patches))
    return Copies(shown_key=key)


def _drawn(source: Source) -> Copies:
    with TemporaryDirectory(prefix="attest-drawing-") as folder:
        original = Path(folder, "original")
        with storage.current().opened(source.storage_key) as there, original.open("wb") as here:
            copyfileobj(there, here, 1024 * 1024)
        return _collected(source, original, Path(folder))


def _collected(source: Source, original: Path, folder: Path) -> Copies:
    """Return what the process that draws has drawn, kept page by page."""
    pages: list[str] = []
    last = ""
    with drawing_process(source.media_type, original, folder) as lines:
        for last in lines:
            if not last.isdigit():
                break
            pages.append(_stored(source, folder / f"{last}.jpg"))
            if len(pages) % TOLD_EVERY == 0:
                _tell(source, pages)
    if last != "done":
        known = {each.value for each in WhyNot}
        return Copies(why_not=WhyNot(last) if last in known else WhyNot.TOO_MUCH)
    if source.media_type is MediaType.PDF:
        return Copies(pages=pages)
    return Copies(shown_key=pages[0])


def _stored(source: Source, drawn: Path) -> str:
    key = source.copy_name(".jpg")
    storage.current().keep(key, drawn.read_bytes())
    drawn.unlink()
    return key


def _tell(source: Source, pages: list[str]) -> None:
    with transactions.writing():
        _write(source, pages=list(pages))


@contextmanager
def drawing_process(kind: MediaType, original: Path, folder: Path) -> Iterator[Iterator[str]]:
    """What a process of its own says while it draws; it has ended when the block has.

    It is given no environment, and with it none of our keys.
    """
    command = [sys.executable, "-I", "-m", "assessment.artefacts.drawing"]
    with subprocess.Popen(  # noqa: S603 - every word of it is ours
        [*command, kind.value, str(original), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1"},
        text=True,
    ) as process:
        watch = threading.Timer(LONGEST_SECONDS, process.kill)
        watch.start()
        try:
            yield (line.strip() for line in process.stdout or ())
        finally:
            watch.cancel()
            process.kill()
