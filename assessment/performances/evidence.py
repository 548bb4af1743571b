"""What a performance consists of: a learner's artefacts, attached to the criteria they show."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.artefacts import service as artefacts
from assessment.artefacts.models import Artefact
from assessment.audit import service as audit
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.performances.anchors import Ticks, checked_place, ticks_of
from assessment.performances.models import Attachment, Performance
from assessment.performances.publishing import handling_of, policy_of
from assessment.performances.showing import editable_performance

MOST_ARTEFACTS = 20
MOST_BYTES = 500_000_000
"""Of what belongs to a performance now: two videos and what goes with them."""
RESERVE_ARTEFACTS = 5
RESERVE_BYTES = 250_000_000
"""What each further round adds, so that what is asked for can always be added."""
MOST_CHOOSABLE = 50

Anchors = Mapping[str, str]
"""Where to look for each criterion, by its key."""


def add_text(performance_id: str, text: str, ticks: Ticks | Anchors, actor: Actor) -> Attachment:
    """Return a text of the learner's own as a new piece."""
    performance = editable_performance(performance_id, actor)
    kept = artefacts.store_text(performance.learner_id, as_counted(text), actor)
    return attach(performance, kept, ticks, actor)


def as_counted(text: str) -> str:
    """Return a text with the line ends that a browser counts: one character each."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def add_file(
    performance_id: str, data: bytes, name: str, ticks: Ticks | Anchors, actor: Actor
) -> Attachment:
    """Return a small file as a new piece; its name is kept for the learner and tells us nothing."""
    performance = editable_performance(performance_id, actor)
    kept = artefacts.store_small_file(performance.learner_id, data, name, actor)
    return attach(performance, kept, ticks, actor)


def attach_own(
    performance_id: str, artefact_id: str, ticks: Ticks | Anchors, actor: Actor
) -> Attachment:
    """Return something of the learner's own as a piece; of what is one already, what it shows."""
    performance = editable_performance(performance_id, actor)
    return attach(performance, own_artefact(performance, artefact_id), ticks, actor)


def own_artefact(performance: Performance, artefact_id: str) -> Artefact:
    """Return an artefact of the performance's learner; NoSuchRecord for one that is gone."""
    found = artefacts.own(performance.learner_id, artefact_id)
    if found.storage_key is None:
        raise NoSuchRecord("artefact", artefact_id)
    return found


def ticks_now(performance: Performance, artefact_id: str) -> Ticks:
    """Return what a form shows of an artefact that is attached, or is to be."""
    there = _attachment(performance, artefact_id)
    return Ticks((), {}) if there is None else ticks_of(there.anchors)


def choosable(performance: Performance) -> list[Artefact]:
    """Return what the learner may still choose from their own, the latest first."""
    here = {each.artefact_id for each in performance.shown}
    own = select(Artefact).where(
        Artefact.learner_id == performance.learner_id,
        Artefact.storage_key.is_not(None),
        Artefact.id.not_in(here),
    )
    latest = own.order_by(Artefact.added_at.desc(), Artefact.id).limit(MOST_CHOOSABLE)
    return list(db.session.scalars(latest))


def left_behind(performance: Performance) -> int:
    """Return how many files came in since it was begun and are part of no work, nor delivered."""
    anywhere = select(Attachment.artefact_id).filter_by(learner_id=performance.learner_id)
    rows = select(Artefact.id).where(
        Artefact.learner_id == performance.learner_id,
        Artefact.storage_key.is_not(None),
        Artefact.original_name.is_not(None),
        Artefact.added_at >= performance.begun_at,
        Artefact.id.not_in(anywhere),
    )
    held = artefacts.held_beside(performance.learner_id, Attachment.__tablename__)
    return len(set(db.session.scalars(rows)) - held)


def attach(
    performance: Performance, artefact: Artefact, ticks: Ticks | Anchors, actor: Actor
) -> Attachment:
    """Return an artefact as a piece of a locked performance, with what it shows."""
    anchors = _checked(performance, artefact, ticks)
    there = _attachment(performance, artefact.id)
    if there is None or there.until_version is not None:
        _require_taken(performance, artefact)
        _require_room(performance, artefact.size)
    if there is not None:
        return _change(performance, there, anchors, actor)
    return _attach(performance, artefact, anchors, actor)


def _attach(
    performance: Performance, artefact: Artefact, anchors: Anchors, actor: Actor
) -> Attachment:
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
    _flush(performance)
    chain = audit.learner_chain(performance.learner_id)
    audit.record(chain, "artefact attached", actor, artefact.id, sha256=artefact.sha256)
    return attachment


def _change(
    performance: Performance, attachment: Attachment, anchors: Anchors, actor: Actor
) -> Attachment:
    """Return a piece with other anchors; one that was taken out belongs to it again."""
    attachment.anchors = dict(anchors)
    if attachment.until_version is not None:
        _put_back(performance, attachment)
    _flush(performance)
    chain = audit.learner_chain(performance.learner_id)
    audit.record(chain, "artefact described", actor, attachment.artefact_id)
    return attachment


def _put_back(performance: Performance, attachment: Attachment) -> None:
    if attachment.until_version != performance.version:  # a version went by without it
        attachment.since_version = performance.version + 1
    attachment.until_version = None


def _flush(performance: Performance) -> None:
    db.session.flush()
    db.session.refresh(performance, ["attachments"])


def _checked(
    performance: Performance, artefact: Artefact, given: Ticks | Anchors
) -> dict[str, str]:
    """Return the anchors of criteria that the task can show; Invalid names each that is wrong."""
    ticks = given if isinstance(given, Ticks) else Ticks(tuple(given), given)
    known = [each.key for each in policy_of(performance.task).shown]
    if not set(ticks.ticked) | set(ticks.unticked) <= set(known):
        raise Invalid(_("The rubric of this task has no such criterion."), field="criteria")
    faults = {
        key: _("Tick it, or empty the field: you say where to look, and not that it is shown.")
        for key in ticks.unticked
    }
    if not ticks.ticked and not faults:
        faults[""] = _("Tick at least one criterion that this shows.")
    places = {key: _place(ticks.anchors[key], key, artefact, faults) for key in ticks.ticked}
    if faults:
        sentence = faults.get("") or next(iter(faults.values()))
        raise Invalid(sentence, field="criteria", faults=faults)
    return {key: places[key] for key in known if key in places}


def _place(text: str, key: str, artefact: Artefact, faults: dict[str, str]) -> str:
    """Return a place as it is kept; what is wrong with it is added to the faults."""
    try:
        return checked_place(text, artefact.media_type, len(artefact.pages))
    except Invalid as fault:
        faults[key] = fault.sentence
        return ""


def _require_taken(performance: Performance, artefact: Artefact) -> None:
    if not handling_of(performance.task).takes(artefact.media_type):
        raise Conflict(_("This task does not take evidence of this kind. See what it takes."))


def has_room(performance: Performance, *sizes: int) -> bool:
    """Return whether further pieces of these sizes still belong in a performance."""
    rounds = performance.round - 1
    used = sum(each.artefact.size for each in performance.shown)
    return (
        len(performance.shown) + len(sizes) <= MOST_ARTEFACTS + rounds * RESERVE_ARTEFACTS
        and used + sum(sizes) <= MOST_BYTES + rounds * RESERVE_BYTES
    )


def _require_room(performance: Performance, size: int) -> None:
    """Refuse what goes beyond what a performance holds: of what belongs to it now."""
    rounds = performance.round - 1
    most = MOST_ARTEFACTS + rounds * RESERVE_ARTEFACTS
    if len(performance.shown) >= most:
        raise Conflict(
            _("One performance holds at most %(n)s texts and files. Take something out.", n=most)
        )
    used = sum(each.artefact.size for each in performance.shown)
    if used + size > MOST_BYTES + rounds * RESERVE_BYTES:
        most_size = (MOST_BYTES + rounds * RESERVE_BYTES) // 1_000_000
        raise Conflict(
            _("One performance holds at most %(n)s MB. Take something out.", n=most_size)
        )


def take_out(performance_id: str, artefact_id: str, actor: Actor, *, keep: bool = True) -> None:
    """Take a piece out.

    What was never handed in goes back to the learner's own, or is deleted where `keep` is false and
    nothing else holds it. What was handed in before stays in that version, and is no part of the
    next one.
    """
    performance = editable_performance(performance_id, actor)
    attachment = attachment_of(performance, artefact_id)
    chain = audit.learner_chain(performance.learner_id)
    audit.record(chain, "artefact taken out", actor, artefact_id)
    if attachment.since_version <= performance.version:
        attachment.until_version = performance.version
    else:
        db.session.delete(attachment)
        db.session.flush()
        if not keep:
            _delete(performance.learner_id, artefact_id, actor)
    _flush(performance)


def _delete(learner_id: str, artefact_id: str, actor: Actor) -> None:
    with suppress(Conflict):  # other work holds it
        artefacts.remove_parked(learner_id, artefact_id, actor)


def put_back(performance_id: str, artefact_id: str, actor: Actor) -> Attachment:
    """Return a piece that was taken out after it was handed in, as part of it again."""
    performance = editable_performance(performance_id, actor)
    attachment = attachment_of(performance, artefact_id)
    return attach(performance, attachment.artefact, attachment.anchors, actor)


def _attachment(performance: Performance, artefact_id: str) -> Attachment | None:
    return next((each for each in performance.attachments if each.artefact_id == artefact_id), None)


def attachment_of(performance: Performance, artefact_id: str) -> Attachment:
    """Return a piece of this performance by its artefact; NoSuchRecord for one of another."""
    found = _attachment(performance, artefact_id)
    if found is None:
        raise NoSuchRecord("artefact", artefact_id)
    return found


def artefact_of(performance: Performance, artefact_id: str) -> Artefact:
    """Return an artefact of this performance; NoSuchRecord for one of another."""
    return attachment_of(performance, artefact_id).artefact
