"""What those who were there saw of made-up work, told without their mails and forms."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.extensions import db
from assessment.ids import new_id
from assessment.observations import service as observations
from assessment.observations.models import Interest, Nomination, Observation, Relationship
from assessment.people import service as people
from assessment.people.accounts import actor_of
from assessment.people.models import Person
from assessment.performances.models import Performance
from assessment.performances.nominating import terms_of
from assessment.performances.settling import settle


def name(performance: Performance, named: observations.Named, actor: Actor) -> Nomination:
    """Return the nomination of somebody who saw the work; their link is on its way."""
    people.lock_learner(performance.learner_id)
    task = performance.task
    subject = observations.Subject(
        performance.learner_id, performance.id, task.title, task.institution_id
    )
    return observations.nominate(named, subject, actor)


def observe(
    nomination: Nomination,
    performance: Performance,
    marks: Mapping[str, str | None],
    interest: Interest = Interest.NONE,
) -> Observation:
    """Return what whoever was named says that they saw, once all that follows from it has."""
    people.lock_learner(performance.learner_id)
    actor, terms = observations.actor_of_link(nomination), terms_of(performance.task)
    seen = observations.Seen(
        marks={key: marks[key] for key in terms.criteria},
        days=(clock.now().date().isoformat(),),
        relationship=Relationship.SUPERVISOR,
        interest=interest,
        name=nomination.name or "",
        employer=nomination.employer or "",
        role="Shop supervisor",
        telephone="705 555-0142",
        is_confirmed=True,
        once=new_id(),
    )
    received = observations.receive(nomination, seen, terms, observations.Circumstances(), actor)
    settle(performance, actor)
    return received


def keep_under_account(person: Person) -> None:
    """Let somebody find under their account what they sent by the links in their mails."""
    mailbox = observations.known_by(person.email)
    rows = select(Nomination).where(Nomination.mailbox == mailbox, Nomination.used_at.is_not(None))
    last = db.session.scalars(rows.order_by(Nomination.used_at.desc()).limit(1)).one()
    observations.claim(last, actor_of(person))
