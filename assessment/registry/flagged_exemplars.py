"""Exemplars at which assessors asked for a second look: is what is expected of them right?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from assessment.access import Action, Actor, institutions_for
from assessment.extensions import db
from assessment.performances.models import Performance, SecondLook, Task
from assessment.performances.trust_models import ExemplarReference

MOST_LISTED = 100


@dataclass(frozen=True)
class FlaggedExemplar:
    """One exemplar that somebody wanted looked at: which one, of which task, and why."""

    key: str
    task_title: dict[str, str]
    words: str
    asked_at: datetime
    retired_at: datetime | None
    """Since when it is used no more: another took its place."""


def flagged_exemplars(actor: Actor) -> list[FlaggedExemplar]:
    """Return the flagged exemplars of the actor's institutions, the latest flag first.

    None for whoever rates, anywhere: they would know an exemplar among live work.
    """
    if institutions_for(actor, Action.ASSESS):
        return []
    of_work = and_(
        ExemplarReference.learner_id == SecondLook.learner_id,
        ExemplarReference.performance_id == SecondLook.performance_id,
    )
    shown = and_(
        Performance.learner_id == SecondLook.learner_id,
        Performance.id == SecondLook.performance_id,
    )
    rows = (
        select(
            ExemplarReference.key,
            Task.title,
            SecondLook.words,
            SecondLook.asked_at,
            ExemplarReference.retired_at,
        )
        .join(ExemplarReference, of_work)
        .join(Performance, shown)
        .join(Task, Task.id == Performance.task_id)
        .where(ExemplarReference.institution_id.in_(institutions_for(actor, Action.GRANT_CREDIT)))
        .order_by(SecondLook.asked_at.desc(), ExemplarReference.key, SecondLook.person_id)
        .limit(MOST_LISTED)
    )
    return [FlaggedExemplar(*row) for row in db.session.execute(rows)]
