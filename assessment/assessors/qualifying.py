"""Who is through a gate, since when, and for how long."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

from sqlalchemy import update

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.performances.models import RatingRow
from assessment.performances.publishing import current_rubric
from assessment.performances.qualifications import Standing, gate_of
from assessment.performances.trust_models import Gate, Qualification, QualificationState
from assessment.upsert import insert_once

RENEWABLE = timedelta(days=60)
RENEWABLE_RATINGS = 50


def gate_for(rubric_key: str) -> Gate:
    """Return the gate of a rubric; NoSuchRecord where there is none."""
    gate = gate_of(rubric_key)
    if gate is None:
        raise NoSuchRecord("gate", rubric_key)
    return gate


def is_renewable(standing: Standing) -> bool:
    """Return whether a qualification ends so soon that it may be renewed."""
    is_late = standing.until is not None and standing.until - clock.now() <= RENEWABLE
    left = standing.ratings_left
    return is_late or (left is not None and left <= RENEWABLE_RATINGS)


def qualification_of(person_id: str, gate: Gate) -> Qualification:
    """Return where a person stands at a gate, made as "training" where there is nothing yet."""
    current = current_rubric(gate.rubric_key)
    insert_once(
        Qualification,
        person_id=person_id,
        rubric_key=gate.rubric_key,
        state=QualificationState.TRAINING,
        rubric_version=current.version if current else 0,
        since=clock.now(),
        because="",
    )
    key = (person_id, gate.rubric_key)
    return db.session.get_one(Qualification, key, populate_existing=True)


def qualify(person_id: str, rubric_key: str, because: str, actor: Actor) -> Qualification:
    """Return the qualification of a person, from now on for as long as the gate says."""
    gate, now = gate_for(rubric_key), clock.now()
    row, current = qualification_of(person_id, gate), current_rubric(rubric_key)
    row.state, row.because, row.since = QualificationState.QUALIFIED, because, now
    row.rubric_version = current.version if current else 0
    row.until = None if gate.months is None else months_after(now, gate.months)
    row.ratings_left, row.retry_at = gate.ratings, None
    db.session.flush()
    chain = audit.institution_chain(gate.institution_id)
    audit.record(chain, "assessor qualified", actor, person_id, rubric=rubric_key, because=because)
    return row


def months_after(moment: datetime, months: int) -> datetime:
    """Return the same day so many months later, or the last one of a shorter month."""
    year, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + year, month + 1
    return moment.replace(
        year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1])
    )


def count_down(rating: RatingRow) -> None:
    """Take one off the ratings for which the qualification of a rater lasts."""
    db.session.execute(
        update(Qualification)
        .where(
            Qualification.person_id == rating.person_id,
            Qualification.rubric_key == rating.assignment.rubric_key,
            Qualification.ratings_left > 0,
        )
        .values(ratings_left=Qualification.ratings_left - 1)
    )
