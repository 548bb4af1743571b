"""Clearing away what nobody needs: uploads that were given up, and files that no row names.

A file is always stored before the row that names it, so a process that ends in between leaves one
that nothing names. Its name says whose it would have been; after a day it is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice

from sqlalchemy import select

from assessment import clock, storage, transactions
from assessment.access import system
from assessment.artefacts import arriving, uploads
from assessment.artefacts.models import Artefact, Upload
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.jobs.sweeping import one_by_one
from assessment.people import service as people

KEPT_FOR = timedelta(days=7)
"""How long a file that was cut off waits for the rest of it."""
ORPHANED_AFTER = timedelta(days=1)
BATCH = 500
ACTOR = system("artefacts.sweep")

Unnamed = Callable[[list[str]], list[str]]


def expire() -> None:
    """Give up the uploads that nothing came for, and forget those that are complete."""
    found = uploads.expired(clock.now() - KEPT_FOR)
    one_by_one("artefacts.sweep", found, lambda key: _expire(*key))


def _expire(learner_id: str, upload_id: str) -> None:
    people.lock_learner(learner_id)
    upload = db.session.get(Upload, (learner_id, upload_id), populate_existing=True)
    if upload is None or upload.touched_at >= clock.now() - KEPT_FOR:
        return
    if upload.artefact_id is None:
        audit.record(audit.learner_chain(learner_id), "upload expired", ACTOR, upload_id)
    db.session.delete(upload)


def clear_orphans() -> list[str]:
    """Return the names of files that no row has named for a day; they are deleted."""
    before, kept = clock.now() - ORPHANED_AFTER, storage.current()
    gone = [
        *_orphaned(kept.written_before(arriving.AREA, before), _without_artefact),
        *_orphaned(kept.written_before(uploads.AREA, before), _without_upload),
    ]
    for name in gone:
        kept.delete(name)
    for area in (arriving.AREA, uploads.AREA):
        kept.clear_drafts(area, before)
    return gone


def _orphaned(names: Iterator[str], unnamed: Unnamed) -> Iterator[str]:
    while batch := list(islice(names, BATCH)):
        yield from unnamed(batch)
        transactions.rollback()


def _without_artefact(names: list[str]) -> list[str]:
    """Return those of `names` that the artefact of which they would be a part does not have."""
    ids = {arriving.artefact_of_name(name) for name in names}
    rows = db.session.execute(
        select(Artefact.storage_key, Artefact.shown_key, Artefact.pages).where(Artefact.id.in_(ids))
    )
    named = {key for row in rows for key in (row.storage_key, row.shown_key, *row.pages)}
    return [name for name in names if name not in named]


def _without_upload(names: list[str]) -> list[str]:
    """Return those of `names` that are pieces of no upload that is under way."""
    ids = {name.split("/")[1] for name in names}
    under_way = select(Upload.id).where(Upload.id.in_(ids), Upload.artefact_id.is_(None))
    standing = set(db.session.scalars(under_way))
    return [name for name in names if name.split("/")[1] not in standing]
