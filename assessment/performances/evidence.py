"""What a performance consists of: artefacts, attached to the criteria that they show."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from assessment import clock, storage
from assessment.access import Actor
from assessment.artefacts.models import Artefact
from assessment.audit import service as audit
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.locale import ngettext
from assessment.performances.media import MediaType, media_type
from assessment.performances.models import Attachment, Performance
from assessment.performances.publishing import policy_of
from assessment.performances.showing import editable_performance

MOST_ARTEFACTS = 20
MOST_BYTES_OF_LEARNER = 200_000_000
LONGEST_TEXT = 20_000
LONGEST_NAME = 300
LONGEST_PLACE = 120

Anchors = Mapping[str, str]
"""Where to look for each criterion, by its key."""


def add_text(performance_id: str, text: str, anchors: Anchors, actor: Actor) -> Attachment:
    """Return a text of the learner's own as a new artefact."""
    performance = editable_performance(performance_id, actor)
    if not text.strip():
        raise Invalid(_("Write something first."), field="text")
    if len(text) > LONGEST_TEXT:
        most = ngettext("at most %(num)s character", "at most %(num)s characters", LONGEST_TEXT)
        raise Invalid(_("A text may have %(most)s.", most=most), field="text")
    return _add(performance, _Piece(text.strip().encode(), MediaType.TEXT, anchors), actor)


def add_file(
    performance_id: str, data: bytes, name: str, anchors: Anchors, actor: Actor
) -> Attachment:
    """Return a file as a new artefact; its name is kept for the learner and tells us nothing."""
    performance = editable_performance(performance_id, actor)
    if not data:
        raise Invalid(_("Choose a file that is not empty."), field="file")
    return _add(performance, _Piece(data, media_type(data), anchors, _readable(name)), actor)


def _readable(name: str) -> str:
    return "".join(each for each in name if each.isprintable())[:LONGEST_NAME]


@dataclass(frozen=True)
class _Piece:
    """What is added."""

    data: bytes
    kind: MediaType
    anchors: Anchors
    name: str | None = None


def _add(performance: Performance, piece: _Piece, actor: Actor) -> Attachment:
    checked = _checked(performance, piece.anchors)
    _require_room(performance, len(piece.data))
    artefact = Artefact(
        learner_id=performance.learner_id,
        id=new_id(),
        storage_key=storage.store(piece.data, piece.kind.suffix),
        sha256=hashlib.sha256(piece.data).hexdigest(),
        media_type=piece.kind,
        size=len(piece.data),
        original_name=piece.name,
        added_at=clock.now(),
    )
    db.session.add(artefact)
    db.session.flush()
    return attach(performance, artefact, checked, actor)


def attach(
    performance: Performance, artefact: Artefact, anchors: Anchors, actor: Actor
) -> Attachment:
    """Return an artefact of the learner's as a piece of a locked performance."""
    attachment = Attachment(
        learner_id=performance.learner_id,
        performance_id=performance.id,
        artefact_id=artefact.id,
        position=1 + max((each.position for each in performance.attachments), default=0),
        anchors=dict(anchors),
        since_version=performance.version + 1,
        attached_at=clock.now(),
    )
    db.session.add(attachment)
    db.session.flush()
    db.session.refresh(performance, ["attachments"])
    chain = audit.learner_chain(performance.learner_id)
    audit.record(chain, "artefact attached", actor, artefact.id, sha256=artefact.sha256)
    return attachment


def _checked(performance: Performance, anchors: Anchors) -> dict[str, str]:
    """Return the anchors of criteria that the task can show; refuse any other."""
    known = [each.key for each in policy_of(performance.task).shown]
    if not anchors:
        raise Invalid(_("Tick at least one criterion that this shows."), field="criteria")
    if not set(anchors) <= set(known):
        raise Invalid(_("The rubric of this task has no such criterion."), field="criteria")
    if any(len(place) > LONGEST_PLACE for place in anchors.values()):
        sentence = _("Say in at most %(n)s characters where to look.", n=LONGEST_PLACE)
        raise Invalid(sentence, field="criteria")
    return {key: anchors[key].strip() for key in known if key in anchors}


def _require_room(performance: Performance, size: int) -> None:
    if len(performance.shown) >= MOST_ARTEFACTS:
        number = MOST_ARTEFACTS
        raise Conflict(_("One performance holds at most %(n)s texts and files.", n=number))
    used = select(func.sum(Artefact.size)).filter_by(learner_id=performance.learner_id)
    if (db.session.scalar(used) or 0) + size > MOST_BYTES_OF_LEARNER:
        raise Conflict(_("There is no room left for more of your files."))


def remove(performance_id: str, artefact_id: str, actor: Actor) -> str:
    """Return the name in storage of an artefact that was never submitted, and is gone now."""
    performance = editable_performance(performance_id, actor)
    attachment = attachment_of(performance, artefact_id)
    if attachment.since_version <= performance.version:
        raise Conflict(_("Assessors have looked at this; it stays. Add to it instead."))
    artefact = attachment.artefact
    key = artefact.storage_key or ""
    db.session.delete(attachment)
    db.session.flush()
    db.session.delete(artefact)
    db.session.flush()
    db.session.refresh(performance, ["attachments"])
    chain = audit.learner_chain(performance.learner_id)
    audit.record(chain, "artefact removed", actor, artefact_id)
    return key


def attachment_of(performance: Performance, artefact_id: str) -> Attachment:
    """Return a piece of this performance by its artefact; NoSuchRecord for one of another."""
    for each in performance.attachments:
        if each.artefact_id == artefact_id:
            return each
    raise NoSuchRecord("artefact", artefact_id)


def artefact_of(performance: Performance, artefact_id: str) -> Artefact:
    """Return an artefact of this performance; NoSuchRecord for one of another."""
    return attachment_of(performance, artefact_id).artefact
