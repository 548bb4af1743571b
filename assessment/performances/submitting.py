"""Handing a performance in, with what its learner declares, and withdrawing it."""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from assessment import clock
from assessment.access import Actor
from assessment.artefacts import service as artefacts
from assessment.audit import service as audit
from assessment.errors import Conflict, Invalid
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.locale import language as current_language
from assessment.observations import service as observations
from assessment.performances.changes import what_would_change
from assessment.performances.concluding import resolutions_of
from assessment.performances.handling import EvidenceKind, kind_of
from assessment.performances.models import (
    EDITABLE,
    AssignmentRole,
    Attachment,
    Performance,
    PerformanceState,
    ResolutionRow,
    Submission,
)
from assessment.performances.outcomes import outcome_from_text
from assessment.performances.places import close_places, open_places
from assessment.performances.publishing import policy_of
from assessment.performances.settling import unrated
from assessment.performances.showing import held_performance


def declaration() -> str:
    """Return what a learner declares on submitting, in the page's language."""
    return _(
        "This is my own work. Where others helped me or I used tools that write or draw for me,"
        " I say so in it."
    )


def consent() -> str:
    """Return what a learner declares of other people in pictures and the like."""
    return _(
        "Other people who can be recognised in what I show agreed to it, or I made them"
        " unrecognisable."
    )


def shows_others(performance: Performance) -> bool:
    """Return whether others may be recognised in what is shown: in anything but texts."""
    kinds = {kind_of(each.artefact.media_type) for each in performance.shown}
    return bool(kinds - {EvidenceKind.TEXT})


def submit(performance_id: str, actor: Actor) -> Performance:
    """Return the performance, handed in; submitting it again changes nothing.

    The caller has asked for the declarations, which are kept in the words that were read.
    """
    found = held_performance(performance_id, actor)
    if found.state not in EDITABLE:
        return found
    _require_something_new(found)
    _require_visible(found)
    found.version += 1
    found.state = PerformanceState.SUBMITTED
    found.submitted_at = clock.now()
    db.session.add(_submission(found))
    db.session.flush()
    db.session.refresh(found, ["submissions"])
    open_places(found, AssignmentRole.ASSESSOR, policy_of(found.task).raters, _asked(found))
    chain, version = audit.learner_chain(found.learner_id), found.version
    audit.record(
        chain,
        "performance submitted",
        actor,
        found.id,
        version=version,
        files=[each.artefact.sha256 for each in found.shown],
    )
    return found


def _asked(performance: Performance) -> tuple[str, ...]:
    """Return the criteria to rate: all of them at first, then those that more was asked for.

    With those that were rated by too few since, so that nobody is asked once more for these.
    """
    before = outcome_from_text(performance.outcome).criteria if performance.outcome else ()
    wanted = {*before, *unrated(performance)} if before else set()
    shown = (each.key for each in policy_of(performance.task).shown)
    return tuple(key for key in shown if key in wanted or not wanted)


def _submission(performance: Performance) -> Submission:
    statements = [declaration(), consent()] if shows_others(performance) else [declaration()]
    return Submission(
        learner_id=performance.learner_id,
        performance_id=performance.id,
        version=performance.version,
        statement="\n".join(statements),
        language=current_language(),
        pieces={each.id: dict(each.anchors) for each in performance.shown},
        submitted_at=performance.submitted_at,
    )


def _require_something_new(performance: Performance) -> None:
    if not performance.shown:
        raise Invalid(_("Add a text or a file first: there is nothing to look at yet."))
    if not performance.submissions:
        return
    changes = what_would_change(performance)
    if not changes.new and not changes.moved:
        raise Invalid(_("Add what the assessors asked for first: nothing is new yet."))


def _require_visible(performance: Performance) -> None:
    """Refuse what nobody who rates could look at; what is still being prepared will be there."""
    for each in performance.shown:
        seen = artefacts.shown(each.artefact)
        if seen.kind is artefacts.ShownAs.NOT:
            raise Invalid(
                _(
                    "Assessors could not look at evidence %(n)s. %(why)s Take it out, or show it in"
                    " another form.",
                    n=each.position,
                    why=seen.why,
                )
            )


def withdraw(performance_id: str, actor: Actor, *, forget: bool = False) -> Performance:
    """Return the performance, withdrawn: nobody rates it any more, and it counts for nothing.

    With `forget`, the bytes of what no other work shows, and nothing else holds (such as what was
    delivered to an employer), are given back; the receipts stay. Where a
    result had been made of it, so do the files: the conclusion stands in the ledger.
    """
    found = held_performance(performance_id, actor)
    if found.state == PerformanceState.RESOLVED:
        raise Conflict(_("This work has been assessed; it can be withdrawn no more."))
    if found.state != PerformanceState.WITHDRAWN:
        found.state = PerformanceState.WITHDRAWN
        found.ended_at = clock.now()
        close_places(found)
        observations.end_all(found.learner_id, found.id, actor)
        chain = audit.learner_chain(found.learner_id)
        audit.record(chain, "performance withdrawn", actor, found.id)
        if forget and not resolutions_of(found):
            _give_back(found, actor)
    return found


def _give_back(performance: Performance, actor: Actor) -> None:
    was_concluded = exists().where(
        ResolutionRow.learner_id == Performance.learner_id,
        ResolutionRow.performance_id == Performance.id,
    )
    others = (
        select(Attachment.artefact_id)
        .join(Performance)
        .where(
            Attachment.learner_id == performance.learner_id,
            or_(Performance.state != PerformanceState.WITHDRAWN, was_concluded),
        )
    )
    needed = set(db.session.scalars(others))
    needed |= artefacts.held_beside(performance.learner_id, Attachment.__tablename__)
    for each in performance.attachments:
        if each.artefact_id not in needed:
            artefacts.release_bytes(each.artefact, actor)
