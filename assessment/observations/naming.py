"""Naming those who saw the work: their links are mailed, sent again and taken back by oneself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import and_, func, or_, select

from assessment import clock, transactions
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.ids import new_id
from assessment.jobs import service as jobs
from assessment.languages import LANGUAGES
from assessment.locale import gettext as _
from assessment.observations.links import (
    LIFETIME,
    OPEN,
    Stage,
    hashed,
    new_nonce,
    stage_of,
    token_of,
)
from assessment.observations.mailboxes import canonical, known_by
from assessment.observations.models import Asks, Ending, Nomination
from assessment.people import particulars, throttle
from assessment.people import service as people
from assessment.upsert import insert_once

MAIL_LINK = "observations.mail_link"
REMIND = "observations.remind"
REMINDER_DAYS = (3, 7)
NAMED_AS = {Asks.WHAT: "observer named", Asks.WHO: "employer asked who saw it"}
MOST_OPEN = 6
MOST_SENT = 4
NAMED_BY_PERSON = throttle.Limit("observers named by person", 12, timedelta(days=1))
ASKED_OF_MAILBOX = throttle.Limit("observer asked at mailbox", 6, timedelta(days=1))


@dataclass(frozen=True, kw_only=True)
class Named:
    """Whom somebody names: as they wrote it."""

    name: str
    email: str
    employer: str = ""
    language: str = "en"
    origin: str = ""
    """A keyed hash of where, and with which browser, they are named."""
    asks: Asks = Asks.WHAT


class OwnAddress(Invalid):
    """Whoever is named has the address of the person whose work it is."""


class AskedAlready(Invalid):
    """Whoever is named is asked already."""


class WrongPerson(Invalid):
    """Whoever is named has said that they are not meant."""


class Full(Conflict):
    """So many people are asked that no more can be."""


@dataclass(frozen=True)
class Subject:
    """What observers are asked about: one performance, by what it is called."""

    learner_id: str
    performance_id: str
    title: Mapping[str, str]
    institution_id: str


def checked(named: Named) -> Named:
    """Return what was written, in the form in which it is kept; Invalid names the field."""
    if named.language not in LANGUAGES:
        raise Invalid(_("Pages are in English and in French."), field="language")
    return replace(
        named,
        name=particulars.name(named.name, "name"),
        email=particulars.email_address(named.email),
        employer=particulars.name(named.employer, "employer") if named.employer.strip() else "",
    )


def admit(named: Named, actor: Actor) -> None:
    """Count one more mail to somebody, in a transaction of its own; TooMany beyond the limits."""
    admit_all((named,), actor.reference)


def admit_all(named: Sequence[Named], reference: str) -> None:
    """Count the mails to those whom somebody names, by the reference of whose names they are."""
    tries = [throttle.Try(ASKED_OF_MAILBOX, canonical(each.email)) for each in named]
    throttle.admit(*tries, *[throttle.Try(NAMED_BY_PERSON, reference)] * len(tries))
    transactions.begin_writing()


def nominate(named: Named, subject: Subject, actor: Actor) -> Nomination:
    """Return the new nomination, its link on the way; the caller has locked the learner."""
    _require_somebody_else(named.email, subject.learner_id)
    earlier = nominations(subject.learner_id, subject.performance_id)
    if sum(stage_of(each) in OPEN for each in earlier) >= MOST_OPEN:
        raise Full(_("So many people are asked already. Take one request back first."))
    same = [each for each in earlier if each.asks == named.asks]
    _require_not_asked(known_by(named.email), same, subject.learner_id)
    row = _insert(named, subject, actor)
    _enqueue_mails(row)
    chain = audit.learner_chain(row.learner_id)
    audit.record(chain, NAMED_AS[row.asks], actor, row.id, performance=row.performance_id)
    return row


def _require_somebody_else(email: str, learner_id: str) -> None:
    person = people.person_of_learner(learner_id)
    if person is not None and canonical(person.email) == canonical(email):
        sentence = _("This is your own address. Name somebody else who saw you do it.")
        raise OwnAddress(sentence, field="email")


def _require_not_asked(mailbox: str, earlier: list[Nomination], learner_id: str) -> None:
    """Refuse a second link to one mailbox, and any to whoever said that they are not meant."""
    for each in earlier:
        if each.mailbox == mailbox and stage_of(each) in OPEN:
            raise _asked_already()
        if each.mailbox == mailbox and stage_of(each) is Stage.RAN_OUT:
            each.ended_at, each.ended_because = clock.now(), Ending.REVOKED
    refused = select(Nomination.id).filter_by(
        learner_id=learner_id, mailbox=mailbox, ended_because=Ending.WRONG_PERSON
    )
    if db.session.scalar(refused.limit(1)) is not None:
        sentence = _("Whoever reads this address is the wrong person. Check the address.")
        raise WrongPerson(sentence, field="email")


def _asked_already() -> AskedAlready:
    sentence = _("This person is asked already. Send the mail again.")
    return AskedAlready(sentence, field="email")


def _insert(named: Named, subject: Subject, actor: Actor) -> Nomination:
    moment, nonce, nomination_id = clock.now(), new_nonce(), new_id()
    made = insert_once(
        Nomination,
        learner_id=subject.learner_id,
        id=nomination_id,
        performance_id=subject.performance_id,
        asks=named.asks,
        nonce=nonce,
        token_hash=hashed(token_of(nonce)),
        mailbox=known_by(named.email),
        email=named.email,
        name=named.name,
        employer=named.employer or None,
        task_title=dict(subject.title),
        institution_id=subject.institution_id,
        nominated_by=actor.reference,
        origin=named.origin,
        language=named.language,
        created_at=moment,
        sent=1,
        sent_at=moment,
        expires_at=moment + LIFETIME,
    )
    if not made:
        raise _asked_already()
    return db.session.get_one(Nomination, (subject.learner_id, nomination_id))


def _enqueue_mails(row: Nomination) -> None:
    payload = {"learner_id": row.learner_id, "nomination_id": row.id}
    jobs.enqueue(MAIL_LINK, payload)
    for day in REMINDER_DAYS:
        key, at = f"remind:{row.id}:{day}", row.created_at + timedelta(days=day)
        jobs.enqueue(REMIND, {**payload, "day": day}, once_key=key, run_at=at)


def is_past(row: Nomination, day: int) -> bool:
    """Return whether the next reminder is due already: a worker that stood still sends one."""
    later = [each for each in REMINDER_DAYS if each > day]
    return any(row.created_at + timedelta(days=each) <= clock.now() for each in later)


def nominations(learner_id: str, performance_id: str) -> list[Nomination]:
    """Return those named for a performance, in the order in which they were."""
    rows = select(Nomination).filter_by(learner_id=learner_id, performance_id=performance_id)
    ordered = rows.order_by(Nomination.created_at, Nomination.id)
    return list(db.session.scalars(ordered.execution_options(populate_existing=True)))


def of_performance(learner_id: str, performance_id: str, nomination_id: str) -> Nomination:
    """Return one nomination of a performance; NoSuchRecord for one of another."""
    found = db.session.get(Nomination, (learner_id, nomination_id), populate_existing=True)
    if found is None or found.performance_id != performance_id:
        raise NoSuchRecord("nomination", nomination_id)
    return found


def resend(row: Nomination, actor: Actor) -> None:
    """Mail the same link again, good for 21 days from now; the learner is locked."""
    if stage_of(row) not in OPEN | {Stage.RAN_OUT}:
        raise Conflict(_("This request is closed; there is nothing to send again."))
    if row.sent >= MOST_SENT:
        raise Conflict(_("It was sent often enough. Ask them in person, or name somebody else."))
    moment = clock.now()
    row.sent, row.sent_at, row.expires_at = row.sent + 1, moment, moment + LIFETIME
    db.session.flush()
    payload = {"learner_id": row.learner_id, "nomination_id": row.id}
    jobs.enqueue(MAIL_LINK, payload)
    audit.record(audit.learner_chain(row.learner_id), "observer asked again", actor, row.id)


def end(row: Nomination, because: Ending, actor: Actor) -> None:
    """Close a nomination whose link is still open; its link answers 410 from now on."""
    if stage_of(row) in OPEN | {Stage.RAN_OUT}:
        row.ended_at, row.ended_because = clock.now(), because
        db.session.flush()
        chain = audit.learner_chain(row.learner_id)
        audit.record(chain, "observer's link ended", actor, row.id, because=because)


def end_all(learner_id: str, performance_id: str, actor: Actor) -> None:
    """Close every open nomination of a performance that is over."""
    for row in nominations(learner_id, performance_id):
        end(row, Ending.OVER, actor)


def live(institutions: frozenset[str], mailboxes: frozenset[str]) -> list[Nomination]:
    """Return the requests to mailboxes that wait or were answered, the latest first."""
    is_live = or_(
        Nomination.used_at.is_not(None),
        and_(Nomination.ended_at.is_(None), Nomination.expires_at > clock.now()),
    )
    rows = select(Nomination).where(
        Nomination.institution_id.in_(institutions), Nomination.mailbox.in_(mailboxes), is_live
    )
    return list(db.session.scalars(rows.order_by(Nomination.created_at.desc(), Nomination.id)))


def answered(row: Nomination, named: Sequence[Nomination], actor: Actor) -> None:
    """Use up the link of somebody at an employer, who has said who saw the work."""
    row.used_at = clock.now()
    db.session.flush()
    chain = audit.learner_chain(row.learner_id)
    ids = [each.id for each in named]
    audit.record(chain, "employer named observers", actor, row.id, named=ids)


def opened(row: Nomination) -> None:
    """Keep that somebody opened the form, saying that they saw the work; the first time counts."""
    if row.opened_at is None:
        row.opened_at = clock.now()
        db.session.flush()


def number_waiting(learner_id: str, performance_id: str) -> int:
    """Return how many links of a performance are still open."""
    rows = select(func.count()).where(
        Nomination.learner_id == learner_id,
        Nomination.performance_id == performance_id,
        Nomination.used_at.is_(None),
        Nomination.ended_at.is_(None),
        Nomination.expires_at > clock.now(),
    )
    return db.session.scalar(rows.select_from(Nomination)) or 0
