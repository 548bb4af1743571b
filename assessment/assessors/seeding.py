"""Exemplars among live work: handed out by chance, and like any other place to whoever rates."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.assessors.exemplar_places import open_exemplar
from assessment.extensions import db
from assessment.performances.claiming import Instead, claim_next
from assessment.performances.eligibility import Choice
from assessment.performances.models import (
    COUNTED,
    Assignment,
    AssignmentRole,
    Performance,
    Skip,
    Task,
)
from assessment.performances.qualifications import seed_share
from assessment.performances.trust_models import ExemplarReference, KeptBack, SeedDraw
from assessment.upsert import insert_once

_chance = random.SystemRandom()
SHORTEST, LONGEST = timedelta(hours=2), timedelta(hours=24)
"""For how long the work in whose stead an exemplar was given is not offered to the same person."""


def take_next(
    actor: Actor, choice: Choice | None = None, *, another: bool = False
) -> Assignment | None:
    """Return what an assessor rates next, leased; by chance an exemplar, which looks like any."""
    wanted = choice or Choice()
    return claim_next(actor, wanted, another=another, instead=instead_for(actor))


def instead_for(actor: Actor) -> Instead:
    """Return what may hand out an exemplar in place of the live one that was found."""
    return partial(_instead, actor)


def _instead(actor: Actor, live: Assignment) -> Assignment | None:
    share = seed_share(live.rubric_key)
    if share is None or actor.person_id is None or live.role not in COUNTED:
        return None
    if live.person_id == actor.person_id:  # begun before: what they wrote has to be there
        return None
    draw = _chance.random()
    reference = _unmet(live, actor.person_id) if draw < share else None
    place = live
    if reference is not None:
        place = open_exemplar(
            reference, actor.person_id, AssignmentRole.SEEDED, live.institution_id, live
        )
        _keep_back(live, actor.person_id)
    _keep(place, draw, share)
    return place


def _keep(place: Assignment, draw: float, share: float) -> None:
    """Keep the draw of a place; of one that was taken before, the first."""
    insert_once(
        SeedDraw,
        assignment_id=place.id,
        draw=draw,
        share=share,
        is_seed=place.role == AssignmentRole.SEEDED,
        drawn_at=clock.now(),
    )


def _keep_back(live: Assignment, person_id: str) -> None:
    """Offer live work to others alone for a while, as if this person had it.

    What stayed at the head of their queue would tell that the other was an exemplar. It comes back
    at a moment that is drawn, as places come back whose time ran out with somebody else.
    """
    row = KeptBack(
        person_id=person_id,
        performance_id=live.performance_id,
        learner_id=live.learner_id,
        until=_until(live.due_at),
    )
    db.session.merge(row)  # the caller holds the person


def _until(due_at: datetime) -> datetime:
    """Return a moment soon, the sooner the nearer it is due."""
    now = clock.now()
    longest = min(LONGEST, max(SHORTEST, (due_at - now) / 4))
    return now + SHORTEST + _chance.random() * (longest - SHORTEST)


def _unmet(live: Assignment, person_id: str) -> ExemplarReference | None:
    """Return an exemplar that a person never met, of the same task and language as the live one."""
    task = live.performance.task
    met = select(Assignment.performance_id).where(Assignment.person_id == person_id)
    skipped = select(Skip.performance_id).where(Skip.person_id == person_id)
    rows = (
        select(ExemplarReference)
        .join(Performance, Performance.id == ExemplarReference.performance_id)
        .join(Task, Task.id == Performance.task_id)
        .where(
            ExemplarReference.rubric_id == task.rubric_id,
            ExemplarReference.for_seeds,
            ExemplarReference.retired_at.is_(None),
            ExemplarReference.language == live.language,
            Task.key == task.key,
            ExemplarReference.performance_id.not_in(met),
            ExemplarReference.performance_id.not_in(skipped),
        )
    )
    found = list(db.session.scalars(rows.order_by(ExemplarReference.performance_id)))
    return _chance.choice(found) if found else None
