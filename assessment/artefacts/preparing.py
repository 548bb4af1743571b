"""Making the copies that may be shown, by a worker: pages of a PDF, large pictures, videos."""

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
from assessment.artefacts.arriving import name_for
from assessment.artefacts.kinds import MediaType
from assessment.artefacts.models import Artefact, Readiness
from assessment.artefacts.patches import PIECE
from assessment.artefacts.reasons import WhyNot
from assessment.extensions import db
from assessment.ids import new_id
from assessment.people import service as people

LONGEST_SECONDS = 120
"""A process that reads what was sent is ended after this, whatever it does."""
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
    with TemporaryDirectory(prefix="attest-drawing-") as folder:
        original = Path(folder, "original")
        with storage.current().opened(source.storage_key) as there, original.open("wb") as here:
            copyfileobj(there, here, PIECE)
        if source.media_type.is_video:
            return _neutralised(source, original)
        return _collected(source, original, Path(folder))


def _neutralised(source: Source, original: Path) -> Copies:
    """Return a copy of a film without what may say who made it, where and when."""
    size = original.stat().st_size
    with process("neutralising", source.media_type.value, str(original)) as lines:
        last = next(lines, "")
    if last == WhyNot.NOT_NEUTRAL:
        return Copies(why_not=WhyNot.NOT_NEUTRAL)
    if last != "done" or original.stat().st_size != size:
        return Copies(why_not=WhyNot.TOO_LONG)
    key = source.copy_name(".webm" if source.media_type is MediaType.WEBM else ".mp4")
    with original.open("rb") as film:
        storage.current().keep_pieces(key, iter(lambda: film.read(PIECE), b""))
    return Copies(shown_key=key)


def _collected(source: Source, original: Path, folder: Path) -> Copies:
    """Return what the process that draws has drawn, kept page by page."""
    pages: list[str] = []
    last = ""
    drawn = ("drawing", source.media_type.value, str(original), str(folder))
    with process(*drawn) as lines:
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
def process(module: str, *words: str) -> Iterator[Iterator[str]]:
    """What a process of its own says while it reads a file; it has ended when the block has.

    It is given no environment, and with it none of our keys.
    """
    command = [sys.executable, "-I", "-m", f"assessment.artefacts.{module}"]
    with subprocess.Popen(  # noqa: S603 - every word of it is ours
        [*command, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1"},
        text=True,
    ) as running:
        watch = threading.Timer(LONGEST_SECONDS, running.kill)
        watch.start()
        try:
            yield (line.strip() for line in running.stdout or ())
        finally:
            watch.cancel()
            running.kill()
