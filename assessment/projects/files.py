"""Files in a delivery: added until it is handed in, and shown to the employer as our own copies."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, delete, func, select

from assessment import clock
from assessment.access import Actor
from assessment.artefacts import service as artefacts
from assessment.artefacts.models import Artefact
from assessment.audit import service as audit
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.performances import service as performances
from assessment.performances.handling import EvidenceKind, Handling, kind_of
from assessment.performances.models import Performance
from assessment.projects.finding import (
    held_part,
    own_part,
    part_by_link,
    performance_of,
    team_of,
)
from assessment.projects.models import DeliveryFile, Participation
from assessment.upsert import insert_once

MOST_FILES = 10
MOST_CHOOSABLE = 50


def files_of(part: Participation) -> Sequence[Artefact]:
    """Return the files of a delivery, in the order in which they were added."""
    return db.session.scalars(_files(part).order_by(DeliveryFile.position)).all()


def _files(part: Participation) -> Select[Artefact]:
    rows = select(Artefact).join(
        DeliveryFile,
        (DeliveryFile.learner_id == Artefact.learner_id)
        & (DeliveryFile.artefact_id == Artefact.id),
    )
    return rows.where(
        DeliveryFile.learner_id == part.learner_id, DeliveryFile.participation_id == part.id
    )


def choosable(part: Participation) -> Sequence[Artefact]:
    """Return the files that the learner keeps and may add, the latest first."""
    here = select(DeliveryFile.artefact_id).filter_by(
        learner_id=part.learner_id, participation_id=part.id
    )
    own = select(Artefact).where(
        Artefact.learner_id == part.learner_id,
        Artefact.storage_key.is_not(None),
        Artefact.id.not_in(here),
    )
    latest = own.order_by(Artefact.added_at.desc(), Artefact.id).limit(MOST_CHOOSABLE)
    handling = _handling(part)
    return [each for each in db.session.scalars(latest) if _takes(handling, each)]


def _handling(part: Participation) -> Handling:
    return performances.handling_of(performance_of(part).task)


def _takes(handling: Handling, artefact: Artefact) -> bool:
    is_file = kind_of(artefact.media_type) is not EvidenceKind.TEXT
    return is_file and handling.takes(artefact.media_type)


def takes_files(part: Participation) -> bool:
    """Return whether the task takes anything but words."""
    return bool(set(_handling(part).evidence) - {EvidenceKind.TEXT})


def open_part(project_id: str, actor: Actor) -> Participation:
    """Return the actor's own part, locked; Conflict once it is delivered."""
    part = held_part(project_id, actor).part
    if part.delivered_at is not None:
        raise Conflict(_("You have delivered already; it changes no more."))
    return part


def add_file(project_id: str, artefact_id: str, actor: Actor) -> None:
    """Add a file of the learner's own; adding it again changes nothing."""
    part = open_part(project_id, actor)
    artefact, there = artefacts.own(part.learner_id, artefact_id), files_of(part)
    if artefact in there:
        return
    if artefact.storage_key is None:
        raise NoSuchRecord("artefact", artefact_id)
    if not _takes(_handling(part), artefact):
        raise Conflict(_("This task does not take evidence of this kind. See what it takes."))
    if len(there) >= MOST_FILES:
        sentence = _("A delivery holds at most %(n)s files. Take one out first.", n=MOST_FILES)
        raise Conflict(sentence)
    last = select(func.max(DeliveryFile.position)).filter_by(
        learner_id=part.learner_id, participation_id=part.id
    )
    insert_once(
        DeliveryFile,
        learner_id=part.learner_id,
        participation_id=part.id,
        artefact_id=artefact_id,
        position=1 + (db.session.scalar(last) or 0),
        added_at=clock.now(),
    )
    chain = audit.learner_chain(part.learner_id)
    audit.record(chain, "file added to delivery", actor, part.id, artefact=artefact_id)


def take_out(project_id: str, artefact_id: str, actor: Actor) -> None:
    """Take a file out of what is not delivered yet; it goes back to the learner's own."""
    part = open_part(project_id, actor)
    row = db.session.get(DeliveryFile, (part.learner_id, part.id, artefact_id))
    if row is None:
        raise NoSuchRecord("artefact", artefact_id)
    db.session.delete(row)
    db.session.flush()
    chain = audit.learner_chain(part.learner_id)
    audit.record(chain, "file taken out of delivery", actor, part.id, artefact=artefact_id)


def let_go(part: Participation) -> None:
    """Give all files of a delivery that will not be back to the learner's own."""
    rows = delete(DeliveryFile).where(
        DeliveryFile.learner_id == part.learner_id, DeliveryFile.participation_id == part.id
    )
    db.session.execute(rows)


def require_visible(part: Participation) -> None:
    """Refuse what the employer could not look at, and what nobody knows of yet if they could."""
    for number, each in enumerate(files_of(part), 1):
        seen = artefacts.shown(each)
        if seen.kind is artefacts.ShownAs.PREPARING:
            sentence = _(
                "File %(n)s is still being prepared. Wait a minute and deliver then, or take it"
                " out.",
                n=number,
            )
            raise Invalid(sentence, field="text")
        if seen.kind is artefacts.ShownAs.NOT:
            sentence = _(
                "The employer could not look at file %(n)s. %(why)s Take it out, or send it in"
                " another form.",
                n=number,
                why=seen.why,
            )
            raise Invalid(sentence, field="text")


def attach(part: Participation, anchors: dict[str, str], actor: Actor) -> list[str]:
    """Return which files are pieces of the performance too, as far as there is room.

    What those show stays that were pieces before.
    """
    performance = performance_of(part)
    there = {each.artefact_id for each in performance.shown}
    return [
        each.id
        for each in files_of(part)
        if each.id in there or _is_attached(performance, each, anchors, actor)
    ]


def _is_attached(
    performance: Performance, artefact: Artefact, anchors: dict[str, str], actor: Actor
) -> bool:
    has_room = performances.has_room(performance, artefact.size)
    if has_room:
        performances.attach_own(performance.id, artefact.id, anchors, actor)
    return has_room


def delivered_file(token: str, part_id: str, artefact_id: str) -> Artefact:
    """Return a file that was delivered to whoever holds a link; NoSuchRecord for any other."""
    return _delivered(part_by_link(token, part_id).part, artefact_id)


def team_file(project_id: str, part_id: str, artefact_id: str, actor: Actor) -> Artefact:
    """Return a file that somebody of the actor's own team delivered; NoSuchRecord for any other."""
    for each in team_of(own_part(project_id, actor).part):
        if each.id == part_id:
            return _delivered(each, artefact_id)
    raise NoSuchRecord("artefact", artefact_id)


def _delivered(part: Participation, artefact_id: str) -> Artefact:
    found = db.session.scalars(_files(part).where(Artefact.id == artefact_id)).first()
    if found is None or part.delivered_at is None:
        raise NoSuchRecord("artefact", artefact_id)
    return found
