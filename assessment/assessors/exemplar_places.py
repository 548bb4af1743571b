"""Places on exemplars: made for one person at a time, and looking like any other."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import func, select

from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.errors import Conflict, NoSuchRecord
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.performances.claiming import hold_person
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    Closing,
    RatingRow,
)
from assessment.performances.publishing import rubric_of
from assessment.performances.trust_models import ExemplarReference
from assessment.upsert import insert_once

SLOTS = 2**31 - 1
TURN_AROUND = timedelta(days=10)


def open_exemplar(
    reference: ExemplarReference,
    person_id: str,
    role: AssignmentRole,
    institution_id: str,
    like: Assignment | None = None,
) -> Assignment:
    """Return a place on an exemplar for a person whom the caller holds; nobody has it yet.

    It waits and is due as the live one that it is `like`. The slot is drawn: an exemplar has as
    many places as people who rate it, and an unlikely draw twice is refused by the unique key.
    """
    now, levels = clock.now(), reference.levels
    place_id = new_id()
    inserted = insert_once(
        Assignment,
        id=place_id,
        learner_id=reference.learner_id,
        performance_id=reference.performance_id,
        institution_id=institution_id,
        round=1 + _last_round(reference.performance_id, person_id),
        role=role,
        slot=secrets.randbelow(SLOTS),
        criteria=[each.key for each in rubric_of(reference.rubric).criteria if each.key in levels],
        rubric_key=reference.rubric_key,
        language=reference.language,
        state=AssignmentState.OPEN,
        risk=like.risk if like else 0,
        turn_at=like.turn_at if like else now + TURN_AROUND,
        is_shared=False,
        waiting_since=like.waiting_since if like else now,
        due_at=like.due_at if like else now + TURN_AROUND,
        closed_because=Closing.OPEN,
        person_id=person_id,
        leased_until=now,
    )
    if not inserted:
        raise Conflict(_("That did not work just now. Please try again."))
    return db.session.get_one(Assignment, place_id)


def _last_round(performance_id: str, person_id: str) -> int:
    rounds = select(func.max(Assignment.round)).filter_by(
        performance_id=performance_id, person_id=person_id
    )
    return db.session.scalar(rounds) or 0


def where_to_rate(preferred: str, actor: Actor) -> str:
    """Return the institution at which the actor rates: the preferred one if they assess there."""
    reach = institutions_for(actor, Action.ASSESS)
    return preferred if preferred in reach else min(reach)


def exemplar_of(rating: RatingRow) -> ExemplarReference:
    """Return what is expected of a rating of an exemplar."""
    return db.session.get_one(ExemplarReference, (rating.learner_id, rating.performance_id))


def met_by(person_id: str) -> dict[str, int]:
    """Return how often a person was given each exemplar, by its performance; 0 is left out."""
    rows = (
        select(Assignment.performance_id, func.count())
        .join(ExemplarReference, ExemplarReference.performance_id == Assignment.performance_id)
        .where(Assignment.person_id == person_id)
        .group_by(Assignment.performance_id)
    )
    return {str(row[0]): int(row[1]) for row in db.session.execute(rows)}


def held(actor: Actor) -> str:
    """Return the actor's person, whose requests come one after the other from here on."""
    if actor.person_id is None:
        raise NoSuchRecord("person", "")
    hold_person(actor.person_id)
    return actor.person_id


def under_way(person_id: str, rubric_key: str, role: AssignmentRole) -> Assignment | None:
    """Return the place on an exemplar that a person has begun in this role."""
    rows = select(Assignment).filter_by(
        person_id=person_id, rubric_key=rubric_key, role=role, state=AssignmentState.OPEN
    )
    return db.session.scalars(rows.order_by(Assignment.id).limit(1)).first()
