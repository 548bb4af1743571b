"""Files that arrive piece by piece, each piece kept once; what was cut off goes on where it was.

A piece is stored before it is counted, under a name made of the upload and its number: the same
piece sent twice is one file, and counting is one statement that only the next piece can win.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update

from assessment import clock, storage
from assessment.access import Actor
from assessment.artefacts import arriving
from assessment.artefacts.arriving import Arrived
from assessment.artefacts.keeping import keep, own, require_room
from assessment.artefacts.kinds import BEGINNING
from assessment.artefacts.models import Artefact, Upload
from assessment.artefacts.quotas import in_megabytes, quotas, taken
from assessment.audit import service as audit
from assessment.errors import AssessmentError, Conflict, Forbidden, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.upsert import insert_once

AREA = "uploads"
PIECE_BYTES = 1024 * 1024
MOST_OPEN = 3


class TooLarge(AssessmentError):
    """More than we take, said before any of it is sent."""

    status = 413
    code = "too_large"


class OutOfPlace(Conflict):
    """A piece that is not the next one; `received` says from where to go on."""

    code = "out_of_place"

    def __init__(self, received: int) -> None:
        sentence = _("This is not the next part of the file. It goes on from where it stands.")
        super().__init__(sentence, received=received)


@dataclass(frozen=True)
class Announced:
    """What a browser says of a file before it sends it."""

    name: str
    size: int
    modified: str = ""

    @property
    def fingerprint(self) -> str:
        """By which a file that was cut off is known again."""
        said = f"{self.name}\n{self.size}\n{self.modified}"
        return hashlib.sha256(said.encode(errors="replace")).hexdigest()


@dataclass(frozen=True)
class Whole:
    """An upload of which every piece is there."""

    upload_id: str
    name: str
    size: int

    def pieces(self) -> Iterator[bytes]:
        """Yield its pieces."""
        kept = storage.current()
        for offset in range(0, self.size, PIECE_BYTES):
            yield kept.read(piece_name(self.upload_id, offset))

    def clear(self) -> None:
        """Delete its pieces."""
        for offset in range(0, self.size, PIECE_BYTES):
            storage.delete(piece_name(self.upload_id, offset))


def piece_name(upload_id: str, offset: int) -> str:
    """Return the name in storage of the piece that begins at `offset`."""
    return f"{AREA}/{upload_id}/{offset // PIECE_BYTES}"


def learner_of(actor: Actor) -> str:
    """Return the learner as whom somebody acts; Forbidden for whoever is none."""
    if actor.learner_id is None:
        raise Forbidden(_("Sign in to show your work: it is kept under your account."))
    return actor.learner_id


def begin(announced: Announced, actor: Actor) -> Upload:
    """Return the upload of a file: begun now, or the one that was cut off."""
    learner_id = learner_of(actor)
    _require_fitting(announced.size)
    people.lock_learner(learner_id)
    under_way = _open(learner_id).filter_by(fingerprint=announced.fingerprint)
    found = db.session.scalars(under_way.execution_options(populate_existing=True)).first()
    return found or _begin(learner_id, announced, actor)


def _require_fitting(size: int) -> None:
    if size <= 0:
        raise Invalid(_("Choose a file that is not empty."), field="file")
    most = quotas().file_bytes
    if size > most:
        raise TooLarge(_("A file may have at most %(size)s MB.", size=in_megabytes(most)))


def _open(learner_id: str) -> Select[Upload]:
    return select(Upload).where(Upload.learner_id == learner_id, Upload.artefact_id.is_(None))


def open_uploads(learner_id: str) -> list[Upload]:
    """Return the learner's files that are on their way, the latest first."""
    return list(db.session.scalars(_open(learner_id).order_by(Upload.begun_at.desc(), Upload.id)))


def _begin(learner_id: str, announced: Announced, actor: Actor) -> Upload:
    number = db.session.scalar(select(func.count()).select_from(_open(learner_id).subquery()))
    if (number or 0) >= MOST_OPEN:
        raise Conflict(
            _("%(n)s of your files are on their way. Finish or discard one first.", n=MOST_OPEN)
        )
    require_room(learner_id, announced.size)
    moment, upload_id = clock.now(), new_id()
    insert_once(
        Upload,
        learner_id=learner_id,
        id=upload_id,
        fingerprint=announced.fingerprint,
        original_name=arriving.readable(announced.name),
        size=announced.size,
        received=0,
        begun_at=moment,
        touched_at=moment,
    )
    chain = audit.learner_chain(learner_id)
    audit.record(chain, "upload begun", actor, upload_id, size=announced.size)
    return own_upload(upload_id, actor)


def own_upload(upload_id: str, actor: Actor) -> Upload:
    """Return an upload of the actor's own; NoSuchRecord for anybody else's."""
    found = db.session.get(Upload, (actor.learner_id or "", upload_id), populate_existing=True)
    if found is None:
        raise NoSuchRecord("upload", upload_id)
    return found


def keep_piece(upload: Upload, offset: int, data: bytes) -> bool:
    """Return whether a piece is new, and stored; False for one that is there already.

    Nothing is counted yet. A file that we do not take is refused with its first piece.
    """
    if upload.artefact_id is not None or offset + len(data) <= upload.received:
        return False
    if offset != upload.received:
        raise OutOfPlace(upload.received)
    if len(data) != min(PIECE_BYTES, upload.size - offset):
        raise Invalid(_("A part of the file arrived cut off. It has to be sent again."))
    if offset == 0:
        taken(data[:BEGINNING], upload.size)
    storage.current().keep(piece_name(upload.id, offset), data)
    return True


def count_piece(upload_id: str, offset: int, length: int, actor: Actor) -> Upload:
    """Return the upload with this piece counted, once, whoever counts it."""
    db.session.execute(
        update(Upload)
        .where(
            Upload.learner_id == actor.learner_id,
            Upload.id == upload_id,
            Upload.received == offset,
            Upload.artefact_id.is_(None),
        )
        .values(received=offset + length, touched_at=clock.now())
    )
    return own_upload(upload_id, actor)


def whole(upload: Upload) -> Whole:
    """Return an upload whose pieces can be put together; OutOfPlace while some are missing."""
    if upload.received < upload.size:
        raise OutOfPlace(upload.received)
    return Whole(upload.id, upload.original_name or "", upload.size)


def put_together(found: Whole, sha256: str = "") -> Arrived:
    """Return the file as it is kept now, in one piece; outside of any transaction.

    `sha256` is what its sender says the whole has to be, where they can tell.
    """
    refusal = Invalid(_("What arrived is not the file that was sent. Send it again."), field="file")
    try:
        arrived = arriving.pieces(found.pieces(), found.size, found.name)
    except storage.NoSuchFile:  # as after a restore: a backup takes no pieces along
        raise refusal from None
    if arrived.size != found.size or sha256 not in ("", arrived.sha256):
        arrived.clear()
        raise refusal
    return arrived


def complete(upload_id: str, arrived: Arrived, actor: Actor) -> Artefact:
    """Return what an upload became: this, or what another request made of it a moment before."""
    learner_id = learner_of(actor)
    people.lock_learner(learner_id)
    upload = own_upload(upload_id, actor)
    if upload.artefact_id is not None:
        return own(learner_id, upload.artefact_id)
    upload.artefact_id, upload.touched_at = arrived.artefact_id, clock.now()
    db.session.flush()  # the room that was kept for it on its way is its own now
    return keep(learner_id, arrived, actor)


def discard(upload_id: str, actor: Actor) -> Whole:
    """Return what there was of an upload that is given up: its pieces can go."""
    people.lock_learner(learner_of(actor))
    upload = own_upload(upload_id, actor)
    if upload.artefact_id is not None:
        raise Conflict(_("This file has arrived. You find it among your files."))
    gone = Whole(upload.id, "", upload.received)
    db.session.delete(upload)
    db.session.flush()
    audit.record(audit.learner_chain(upload.learner_id), "upload discarded", actor, upload_id)
    return gone


def expired(before: datetime) -> list[tuple[str, str]]:
    """Return learner and id of every upload that nothing was added to since `before`."""
    query = select(Upload.learner_id, Upload.id).where(Upload.touched_at < before)
    return [(row.learner_id, row.id) for row in db.session.execute(query)]
