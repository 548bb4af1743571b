"""Assessors who were named as observers: they cannot rate that work while it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from assessment.access import Action, Actor, Role, institutions_for
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.observations.models import Nomination
from assessment.people import service as people
from assessment.people.models import Person, RoleGrant
from assessment.performances.models import ENDED, Performance
from assessment.performances.qualifications import closed_rubrics


@dataclass(frozen=True)
class KeptAway:
    """One assessor of a rubric who was named as an observer of work to be rated on it."""

    assessor_name: str
    learner_name: str
    task_title: dict[str, str]
    nominated_at: datetime
    nomination: Nomination


def kept_away(actor: Actor) -> list[KeptAway]:
    """Return the assessors of the actor's institutions who were named for work not decided yet.

    A learner who names somebody that they did not work with may mean to keep them away.
    """
    places = institutions_for(actor, Action.GRANT_CREDIT)
    assessors = _assessors(places)
    if not assessors:
        return []
    named = observations.live(places, frozenset(assessors))
    own = actor.learner_id or ""
    return [
        _kept_away(assessors[each.mailbox], each)
        for each in named
        if each.learner_id != own and _would_rate(assessors[each.mailbox], each)
    ]


def _assessors(places: frozenset[str]) -> dict[str, Person]:
    """Return the assessors of institutions, by what tells their mailboxes apart."""
    held = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.ASSESSOR, RoleGrant.institution_id.in_(places)
    )
    rows = select(Person).where(Person.id.in_(held))
    return {observations.known_by(each.email): each for each in db.session.scalars(rows)}


def _would_rate(assessor: Person, nomination: Nomination) -> bool:
    key = (nomination.learner_id, nomination.performance_id)
    work = db.session.get_one(Performance, key)
    if work.state in ENDED:
        return False
    return work.task.rubric.key not in closed_rubrics(assessor.id)


def _kept_away(assessor: Person, nomination: Nomination) -> KeptAway:
    learner = people.person_of_learner(nomination.learner_id)
    return KeptAway(
        assessor_name=assessor.legal_name or assessor.display_name,
        learner_name=learner.legal_name or learner.display_name if learner else "",
        task_title=nomination.task_title,
        nominated_at=nomination.created_at,
        nomination=nomination,
    )
