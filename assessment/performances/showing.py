"""A learner's own performances, as they are read and as they are changed."""

from __future__ import annotations

from sqlalchemy import select

from assessment.access import Actor
from assessment.errors import Conflict, NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.performances.models import EDITABLE, Performance


def own_performance(performance_id: str, actor: Actor) -> Performance:
    """Return the actor's own performance; NoSuchRecord for anybody else's."""
    found = db.session.get(Performance, (actor.learner_id or "", performance_id))
    if found is None:
        raise NoSuchRecord("performance", performance_id)
    return found


def held_performance(performance_id: str, actor: Actor) -> Performance:
    """Return the actor's own performance, read anew once the learner is locked."""
    learner_id = actor.learner_id or ""
    people.lock_learner(learner_id)
    found = db.session.get(Performance, (learner_id, performance_id), populate_existing=True)
    if found is None:
        raise NoSuchRecord("performance", performance_id)
    return found


def is_editable(performance: Performance) -> bool:
    """Return whether the learner may change it now."""
    return performance.state in EDITABLE


def editable_performance(performance_id: str, actor: Actor) -> Performance:
    """Return the actor's own performance, locked; Conflict where it can no longer be changed."""
    found = held_performance(performance_id, actor)
    if not is_editable(found):
        raise Conflict(_("This work has been handed in; it can be changed no more."))
    return found


def performances_of(learner_id: str) -> list[Performance]:
    """Return a learner's performances, the latest first."""
    rows = select(Performance).filter_by(learner_id=learner_id)
    return list(db.session.scalars(rows.order_by(Performance.begun_at.desc(), Performance.id)))
