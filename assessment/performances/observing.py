"""Behind an observer's link: what is asked, what is sent, and what follows from it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import current_app
from sqlalchemy import select

import rubrics
from assessment import transactions
from assessment.access import Actor
from assessment.errors import Expired
from assessment.extensions import db
from assessment.languages import wording
from assessment.locale import format_day, language
from assessment.locale import gettext as _
from assessment.observations import service as observations
from assessment.observations import words
from assessment.observations.models import Asks, Ending, Nomination, Observation
from assessment.observations.saying import day_of
from assessment.people import service as people
from assessment.people import throttle
from assessment.people.models import Person
from assessment.performances.denied import require_believed
from assessment.performances.models import ENDED, Assignment, Performance, Task
from assessment.performances.nominating import terms_of
from assessment.performances.publishing import policy_of, rubric_of
from assessment.performances.settling import settle


@dataclass(frozen=True)
class Asked:
    """What whoever holds a link is asked about: whose work, which task, and which criteria."""

    nomination: Nomination
    task: Task
    rubric: rubrics.Rubric
    criteria: tuple[rubrics.Criterion, ...]
    learner_name: str
    institution_name: dict[str, str]
    needs_telephone: bool


def asked_by(token: str) -> Asked:
    """Return what an open link asks; Expired, with what to do, where it is good no more."""
    nomination = observations.require_open(observations.nomination_of(token))
    return asked(nomination, performance_of(nomination))


def asked(nomination: Nomination, performance: Performance) -> Asked:
    """Return what a nomination asks."""
    learner = people.person_of_learner(nomination.learner_id)
    return Asked(
        nomination=nomination,
        task=performance.task,
        rubric=rubric_of(performance.task.rubric),
        criteria=policy_of(performance.task).observable,
        learner_name=learner.display_name if learner else "",
        institution_name=people.institution(nomination.institution_id).name,
        needs_telephone=observations.is_public(nomination.email or ""),
    )


def performance_of(nomination: Nomination) -> Performance:
    """Return the performance, read anew, unless it is over."""
    key = (nomination.learner_id, nomination.performance_id)
    found = db.session.get_one(Performance, key, populate_existing=True)
    if found.state in ENDED:
        raise Expired(_("This work is assessed or withdrawn by now. There is nothing to do."))
    return found


def hold(token: str, asks: Asks = Asks.WHAT) -> Nomination:
    """Return the nomination of a link, read anew once its learner is locked."""
    nomination = observations.nomination_of(token, asks)
    people.lock_learner(nomination.learner_id)
    db.session.refresh(nomination)
    return nomination


def open_form(token: str) -> None:
    """Keep that whoever holds the link saw the work and opens the form; nothing is used up."""
    nomination = observations.require_open(hold(token))
    observations.opened(nomination)


def decline(token: str, because: Ending, address: str, asks: Asks = Asks.WHAT) -> None:
    """End a link whose holder did not see the work, or is not meant; doing it again is the same."""
    admit(address)
    nomination = hold(token, asks)
    if nomination.ended_because == because:
        return
    observations.require_open(nomination)
    observations.end(nomination, because, observations.actor_of_link(nomination))


def admit(address: str) -> None:
    """Count one more use of a link from an address; TooMany beyond the limit."""
    throttle.admit(throttle.from_address(throttle.LINK_FROM_ADDRESS, address))
    transactions.begin_writing()


def observe(
    token: str, seen: observations.Seen, sent: observations.Circumstances, address: str
) -> Observation:
    """Return what an observer saw, kept once, with all that follows from it, in one transaction.

    The same form sent again is the same observation; Unusable says what is wrong in a form.
    """
    admit(address)
    nomination = hold(token)
    earlier = observations.received(nomination, seen.once)
    if earlier is not None:
        return earlier
    observations.require_open(nomination)
    performance = performance_of(nomination)
    require_believed(nomination.mailbox, performance.learner_id, performance.id)
    actor, sent = (
        observations.actor_of_link(nomination),
        replace(sent, rated_by=raters_of(nomination.performance_id)),
    )
    row = observations.receive(nomination, seen, terms_of(performance.task), sent, actor)
    _mail_copy(asked(nomination, performance), row, seen)
    settle(performance, actor)
    return row


def raters_of(performance_id: str) -> frozenset[str]:
    """Return by their mailboxes all who were given this work to rate, in whatever role."""
    rows = select(Person.email).join(Assignment, Assignment.person_id == Person.id)
    given = rows.where(Assignment.performance_id == performance_id)
    return frozenset(map(observations.known_by, db.session.scalars(given)))


def _mail_copy(asked: Asked, row: Observation, seen: observations.Seen) -> None:
    """Mail the observer a copy of all that they sent."""
    days = [format_day(day) for day in map(day_of, row.days) if day is not None]
    sent = observations.Sent(
        who=_who(seen), days="; ".join(days), lines=_lines(asked, row), note=seen.note.strip()
    )
    token = observations.token_of(asked.nomination.nonce)
    base = current_app.extensions["attest_settings"].base_url
    letter = observations.copy_of(asked.task.title, sent, f"{base}/observe/{token}/thanks")
    observations.mail_copy(row, asked.nomination.email or "", letter.subject, letter.text)


def _who(seen: observations.Seen) -> list[tuple[str, str]]:
    """Return what an observer said of themselves, by what the form asks."""
    return [
        (_("Your name"), seen.name.strip()),
        (_("Where you work, or worked then"), seen.employer.strip()),
        (_("What you do there"), seen.role.strip()),
        (_("Telephone number of your workplace"), seen.telephone.strip()),
        (_("What you are to this person at work"), words.relationships()[seen.relationship]),
        (_("Ties beside work"), words.interests()[seen.interest]),
    ]


def _lines(asked: Asked, row: Observation) -> list[observations.Line]:
    titles = {each.key: wording(each.title, language()) for each in asked.rubric.levels}
    return [
        observations.Line(
            criterion=wording(each.title, language()),
            level=titles.get(row.marks[each.key], _("Not observed")),
            comment=row.comments.get(each.key, ""),
        )
        for each in asked.criteria
    ]


@dataclass(frozen=True)
class Thanks:
    """What whoever sent a form sees afterwards; whether it is kept under their own account."""

    nomination: Nomination
    is_claimed: bool
    is_own: bool
    may_claim: bool
    """Whether the link still keeps it under an account."""


def thanks_of(token: str, actor: Actor) -> Thanks:
    """Return what is shown once a form was sent; Expired where none was."""
    nomination = observations.nomination_of(token)
    if nomination.used_at is None:
        observations.require_open(nomination)
        raise Expired(_("Nothing was sent so far. Open the link in your mail to send it."))
    return Thanks(
        nomination=nomination,
        is_claimed=observations.is_claimed(nomination, actor),
        is_own=actor.learner_id == nomination.learner_id,
        may_claim=observations.may_claim(nomination),
    )


def keep_under_account(token: str, actor: Actor, address: str) -> None:
    """Keep what a link brought under the actor's account; the observation does not change."""
    admit(address)
    observations.claim(observations.nomination_of(token), actor)
