"""Beginning a performance of a task: one at a time, and as often as the task allows."""

from __future__ import annotations

from sqlalchemy import func, select

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Forbidden
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.performances.chances import refusal_to_begin
from assessment.performances.models import ENDED, Performance, PerformanceState, Task
from assessment.upsert import insert_once


def begin(task: Task, actor: Actor) -> Performance:
    """Return the learner's open performance of `task`: begun now, or already under way."""
    if actor.learner_id is None:
        raise Forbidden(_("Sign in to show your work: it is kept under your account."))
    people.lock_learner(actor.learner_id)
    own = select(Performance).filter_by(learner_id=actor.learner_id, task_key=task.key)
    under_way = own.where(Performance.state.not_in(ENDED))
    found = db.session.scalars(under_way.execution_options(populate_existing=True)).first()
    if found is not None:
        return found
    _require_another(task, actor.learner_id)
    return _begin(task, actor.learner_id, actor)


def _require_another(task: Task, learner_id: str) -> None:
    """Refuse a performance beyond those that the task allows, or before its time has come."""
    refusal = refusal_to_begin(task, learner_id)
    if refusal:
        raise Conflict(refusal)


def _begin(task: Task, learner_id: str, actor: Actor) -> Performance:
    own = {"learner_id": learner_id, "task_key": task.key}
    number = 1 + (db.session.scalar(select(func.max(Performance.number)).filter_by(**own)) or 0)
    first = insert_once(
        Performance,
        id=new_id(),
        task_id=task.id,
        number=number,
        state=PerformanceState.DRAFT,
        round=1,
        version=0,
        begun_at=clock.now(),
        **own,
    )
    row = db.session.scalars(select(Performance).filter_by(number=number, **own)).one()
    if first:
        chain = audit.learner_chain(learner_id)
        audit.record(chain, "performance begun", actor, row.id, task=task.key)
    return row
