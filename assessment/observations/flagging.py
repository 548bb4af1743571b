"""Observations that are worth a look: in a conflict of interest, or with a sign of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, and_, cast, select

from assessment.access import Action, Actor, institutions_for
from assessment.extensions import db
from assessment.observations.models import Employer, Observation, ObservationVoid, Observer, Sign
from assessment.people import service as people

MOST_LISTED = 100
NO_SIGNS = "[]"


@dataclass(frozen=True)
class Flagged:
    """One observation with what speaks for a conflict; who says it, and of whom."""

    learner_name: str
    observer_name: str
    employer: str
    signs: tuple[Sign, ...]
    counts: bool
    received_at: datetime


def flagged(actor: Actor) -> list[Flagged]:
    """Return the latest observations with a sign, for a registrar of where they were asked for."""
    voided = and_(
        ObservationVoid.learner_id == Observation.learner_id,
        ObservationVoid.observation_id == Observation.id,
    )
    rows = (
        select(Observation, Observer.name, Employer.name, ObservationVoid.observation_id)
        .join(Observer, Observer.id == Observation.observer_id)
        .join(Employer, Employer.id == Observation.employer_id)
        .outerjoin(ObservationVoid, voided)
        .where(
            Observation.institution_id.in_(institutions_for(actor, Action.GRANT_CREDIT)),
            Observation.learner_id != (actor.learner_id or ""),
            cast(Observation.signs, String) != NO_SIGNS,
        )
        .order_by(Observation.received_at.desc(), Observation.id)
        .limit(MOST_LISTED)
    )
    return [_flagged(*row) for row in db.session.execute(rows)]


def _flagged(row: Observation, name: str | None, employer: str, void: str | None) -> Flagged:
    learner = people.person_of_learner(row.learner_id)
    return Flagged(
        learner_name=learner.legal_name or learner.display_name if learner else "",
        observer_name=name or "",
        employer=employer,
        signs=tuple(Sign(each) for each in row.signs),
        counts=row.counts and void is None,
        received_at=row.received_at,
    )
