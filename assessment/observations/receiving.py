"""Receiving what an observer saw: kept once, with the conflicts that show, and a copy mailed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from assessment import clock, mail
from assessment.access import Actor, ActorKind
from assessment.audit import service as audit
from assessment.errors import Expired
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.observations.conflicts import Circumstances, Tie, is_conflict, signs_of
from assessment.observations.employers import employer_for, observer_for
from assessment.observations.links import hashed, require_open
from assessment.observations.mailboxes import is_public
from assessment.observations.models import (
    CallBack,
    Interest,
    Nomination,
    Observation,
    Observer,
    Particulars,
    Relationship,
    Sign,
)
from assessment.observations.saying import Seen, Terms, require_sound
from assessment.people import particulars

DRAWS, CALLED = 10_000, 1_000
CALL_WITHIN = timedelta(days=5)


def actor_of_link(nomination: Nomination) -> Actor:
    """Return whoever holds the link of a nomination, when they act."""
    return Actor(ActorKind.LINK, nomination.id)


def received(nomination: Nomination, once: str) -> Observation | None:
    """Return what the same form brought before; None where nothing was sent yet.

    Expired where the link was used by another form.
    """
    if nomination.used_at is None:
        return None
    rows = select(Observation).filter_by(nomination_id=nomination.id)
    found = db.session.scalars(rows).one()
    if found.once != hashed(once):
        require_open(nomination)
    return found


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where an observation comes from, and what it is about; without a nomination, a project."""

    learner_id: str
    performance_id: str
    institution_id: str
    email: str
    nomination_id: str | None = None
    is_capped: bool = False
    pieces: tuple[str, ...] = ()
    """The ids of the artefacts that were seen, where it was not the work itself."""


def receive(
    nomination: Nomination, seen: Seen, terms: Terms, sent: Circumstances, actor: Actor
) -> Observation:
    """Return the observation that now stands; its link is used up. The learner is locked."""
    require_open(nomination)
    if nomination.email is None:
        raise Expired(_("This request was erased. There is nothing to do."))
    source = Source(
        learner_id=nomination.learner_id,
        performance_id=nomination.performance_id,
        institution_id=nomination.institution_id,
        email=nomination.email,
        nomination_id=nomination.id,
    )
    row = receive_from(source, seen, terms, sent, actor)
    nomination.used_at = row.received_at
    db.session.flush()
    return row


def receive_from(
    source: Source, seen: Seen, terms: Terms, sent: Circumstances, actor: Actor
) -> Observation:
    """Return what somebody saw, kept with the conflicts that show; the learner is locked."""
    require_sound(seen, source.email, terms)
    name, place = particulars.name(seen.name), particulars.name(seen.employer)
    observer = observer_for(source.email, name, employer_for(source.email, place))
    tie = Tie(source.learner_id, source.email, name, Interest(seen.interest), observer)
    row = _keep(source, seen, terms, signs_of(tie, sent), observer)
    _keep_particulars(row, seen, source.email)
    _draw_call(row)
    db.session.flush()
    _record(row, actor)
    return row


def _keep(
    source: Source,
    seen: Seen,
    terms: Terms,
    signs: tuple[Sign, ...],
    observer: Observer,
) -> Observation:
    row = Observation(
        learner_id=source.learner_id,
        performance_id=source.performance_id,
        nomination_id=source.nomination_id,
        institution_id=source.institution_id,
        observer_id=observer.id,
        employer_id=observer.employer_id,
        rubric_key=terms.rubric_key,
        rubric_version=terms.rubric_version,
        marks={key: seen.marks[key] for key in terms.criteria},
        comments={key: text.strip() for key, text in seen.comments.items() if text.strip()},
        days=sorted(set(seen.days)),
        relationship=Relationship(seen.relationship),
        interest=Interest(seen.interest),
        signs=list(signs),
        counts=terms.conflicts_count or not is_conflict(signs),
        counted_as=observer.employer_id if terms.cap_by_employer else observer.id,
        is_capped=source.is_capped,
        pieces=list(source.pieces),
        draw=secrets.randbelow(DRAWS) if is_public(source.email) else None,
        once=hashed(seen.once),
        language=language(),
        received_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _keep_particulars(row: Observation, seen: Seen, email: str) -> None:
    db.session.add(
        Particulars(
            learner_id=row.learner_id,
            observation_id=row.id,
            name=particulars.name(seen.name),
            email=email,
            employer=particulars.name(seen.employer),
            role=particulars.name(seen.role),
            telephone=seen.telephone.strip(),
            note=seen.note.strip(),
        )
    )


def _draw_call(row: Observation) -> None:
    """Let a sample of those with a public mailbox be called at their workplace."""
    if row.draw is not None and row.draw < CALLED:
        db.session.add(
            CallBack(
                learner_id=row.learner_id,
                observation_id=row.id,
                institution_id=row.institution_id,
                due_at=row.received_at + CALL_WITHIN,
                tries=0,
            )
        )


def _record(row: Observation, actor: Actor) -> None:
    audit.record(
        audit.learner_chain(row.learner_id),
        "observation received",
        actor,
        row.id,
        performance=row.performance_id,
        marks=row.marks,
        signs=row.signs,
        counts=row.counts,
    )


def mail_copy(row: Observation, email: str, subject: str, text: str) -> None:
    """Mail an observer the copy of what they sent; sending the form again mails nothing more."""
    key = f"observation:{row.id}"
    mail.send(email, subject, text, language=row.language, once_key=key)
