"""What a learner keeps: files and texts, how many and how large, and giving their bytes back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ForeignKeyConstraint, exists, func, select
from sqlalchemy.sql.elements import ColumnElement

from assessment import clock
from assessment.access import Actor
from assessment.artefacts import arriving
from assessment.artefacts.arriving import Arrived
from assessment.artefacts.models import Artefact, Readiness, Upload
from assessment.artefacts.quotas import in_megabytes, quotas
from assessment.audit import service as audit
from assessment.errors import Conflict, NoSuchRecord
from assessment.extensions import Model, db
from assessment.jobs.service import enqueue
from assessment.locale import gettext as _
from assessment.people import service as people

PREPARE = "artefacts.prepare"
FORGET = "artefacts.forget"


@dataclass(frozen=True)
class Room:
    """What a learner keeps, with what is on its way, and how much they may."""

    files: int
    bytes: int

    @property
    def share(self) -> float:
        """How much of the room is taken, from 0 to 1."""
        return min(1.0, self.bytes / quotas().learner_bytes)


def store_text(learner_id: str, written: str, actor: Actor) -> Artefact:
    """Return a text as a new artefact of the learner's; parked until something holds it."""
    return keep(learner_id, arriving.text(written), actor)


def store_small_file(learner_id: str, data: bytes, name: str, actor: Actor) -> Artefact:
    """Return a file that came whole as a new artefact of the learner's; parked."""
    return keep(learner_id, arriving.small_file(data, name), actor)


def keep(learner_id: str, arrived: Arrived, actor: Actor) -> Artefact:
    """Return what arrived as an artefact of the learner's; Conflict where there is no room."""
    people.lock_learner(learner_id)
    require_room(learner_id, arrived.size)
    artefact = Artefact(
        learner_id=learner_id,
        id=arrived.artefact_id,
        storage_key=arrived.storage_key,
        sha256=arrived.sha256,
        media_type=arrived.media_type,
        size=arrived.size,
        original_name=arrived.original_name,
        shown_key=arrived.shown_key,
        pages=[],
        readiness=arrived.readiness,
        added_at=clock.now(),
    )
    db.session.add(artefact)
    db.session.flush()
    _enqueue_preparing(artefact)
    chain = audit.learner_chain(learner_id)
    audit.record(chain, "artefact added", actor, artefact.id, sha256=artefact.sha256)
    return artefact


def _enqueue_preparing(artefact: Artefact) -> None:
    if artefact.readiness == Readiness.PREPARING:
        payload = {"learner_id": artefact.learner_id, "artefact_id": artefact.id}
        enqueue(PREPARE, payload, once_key=f"artefacts.prepare:{artefact.id}")


def room(learner_id: str, but: str = "") -> Room:
    """Return how much of their room a learner takes, without the upload `but`."""
    kept = select(func.count(), func.sum(Artefact.size)).where(
        Artefact.learner_id == learner_id, Artefact.given_back_at.is_(None)
    )
    coming = select(func.count(), func.sum(Upload.size)).where(
        Upload.learner_id == learner_id, Upload.artefact_id.is_(None), Upload.id != but
    )
    (files, size), (more, more_size) = (db.session.execute(each).one() for each in (kept, coming))
    return Room(files + more, (size or 0) + (more_size or 0))


def require_room(learner_id: str, size: int, but: str = "") -> None:
    """Refuse a file for which the learner has no room left."""
    taken = room(learner_id, but)
    if taken.files >= quotas().learner_files:
        raise Conflict(
            _("You keep %(n)s files, which is as many as we can. Remove some first.", n=taken.files)
        )
    if taken.bytes + size > quotas().learner_bytes:
        most = in_megabytes(quotas().learner_bytes)
        raise Conflict(
            _("There is no room for this file: you may keep %(n)s MB. Remove some first.", n=most)
        )


def own(learner_id: str, artefact_id: str) -> Artefact:
    """Return an artefact of this learner's; NoSuchRecord for anybody else's."""
    found = db.session.get(Artefact, (learner_id, artefact_id))
    if found is None:
        raise NoSuchRecord("artefact", artefact_id)
    return found


def parked(learner_id: str) -> list[Artefact]:
    """Return what a learner keeps and nothing holds, the latest first."""
    mine = select(Artefact).where(Artefact.learner_id == learner_id, ~is_held())
    standing = mine.where(Artefact.given_back_at.is_(None))
    return list(db.session.scalars(standing.order_by(Artefact.added_at.desc(), Artefact.id)))


def held_beside(learner_id: str, table: str) -> set[str]:
    """Return the ids of a learner's artefacts to which rows of any table but this one refer."""
    rows = select(Artefact.id).where(Artefact.learner_id == learner_id, is_held(but=table))
    return set(db.session.scalars(rows))


def is_held(but: str = "") -> ColumnElement[bool]:
    """Return whether any row of another table refers to an artefact; of all but one, if named."""
    artefacts = Model.metadata.tables[Artefact.__tablename__]
    held: ColumnElement[bool] = ~exists(select(1))
    for table in (each for each in Model.metadata.sorted_tables if each.name != but):
        for key in table.foreign_key_constraints:
            if key.referred_table is artefacts:
                held = held | _refers(key)
    return held


def _refers(key: ForeignKeyConstraint) -> ColumnElement[bool]:
    pairs = [each.parent == each.column for each in key.elements]
    return exists(select(1).select_from(key.table).where(*pairs)).correlate(Artefact)


def remove_parked(learner_id: str, artefact_id: str, actor: Actor) -> None:
    """Remove what nothing holds; its bytes are deleted once that is committed."""
    people.lock_learner(learner_id)
    artefact = own(learner_id, artefact_id)
    held = select(is_held()).where(Artefact.learner_id == learner_id, Artefact.id == artefact_id)
    if db.session.scalar(held.select_from(Artefact)):
        raise Conflict(_("This is part of work that you show. Take it out there first."))
    _forget(artefact)
    db.session.delete(artefact)
    db.session.flush()
    audit.record(audit.learner_chain(learner_id), "artefact removed", actor, artefact_id)


def release_bytes(artefact: Artefact, actor: Actor) -> None:
    """Give the bytes of an artefact back, and keep its receipt; the caller holds the learner."""
    if artefact.given_back_at is not None:
        return
    _forget(artefact)
    artefact.storage_key = artefact.shown_key = None
    artefact.pages = []
    artefact.given_back_at = clock.now()
    db.session.flush()
    chain = audit.learner_chain(artefact.learner_id)
    audit.record(chain, "artefact given back", actor, artefact.id, sha256=artefact.sha256)


def _forget(artefact: Artefact) -> None:
    """Delete the files of an artefact, by a job: they outlive a transaction that is rolled back."""
    files = [each for each in (artefact.storage_key, artefact.shown_key) if each]
    enqueue(FORGET, {"files": [*files, *artefact.pages]})


@dataclass(frozen=True)
class SameBytes:
    """Where else the same bytes are kept: a flag for whoever looks into it, and no more."""

    own: tuple[str, ...]
    """Other artefacts of the same learner."""
    by_others: bool


def same_bytes(learner_id: str, sha256: str, but: str = "") -> SameBytes:
    """Return where the bytes of a file are kept besides the artefact `but`."""
    same = select(Artefact.learner_id, Artefact.id).where(
        Artefact.sha256 == sha256, Artefact.id != but
    )
    found = db.session.execute(same.order_by(Artefact.added_at, Artefact.id)).all()
    mine = tuple(row.id for row in found if row.learner_id == learner_id)
    return SameBytes(mine, len(mine) < len(found))
