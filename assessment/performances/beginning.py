"""Beginning a performance of a task: one at a time, and as often as the task allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Forbidden
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import format_day, ngettext
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.performances.losing import NO_ATTEMPT, loss_of
from assessment.performances.models import (
    ENDED,
    Performance,
    PerformanceState,
    RatingRow,
    Task,
)
from assessment.performances.publishing import handling_of
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
    left = chances_of(task, learner_id)
    if left.number == 0:
        most = handling_of(task).attempts or 0
        raise Conflict(
            ngettext(
                "This task can be shown %(num)s time, and you have shown it. What you showed stays"
                " on your record.",
                "This task can be shown %(num)s times, and you have shown it so often. What you"
                " showed stays on your record.",
                most,
            )
        )
    if left.begins_at is not None and left.begins_at > clock.now():
        home = people.institution(task.institution_id)
        day = format_day(clock.local_date(left.begins_at, home.timezone))
        raise Conflict(_("You can show this again from %(day)s.", day=day))


@dataclass(frozen=True)
class Chances:
    """How often a learner may still begin, None for any number, and from when; None for now."""

    number: int | None
    begins_at: datetime | None


def chances_of(task: Task, learner_id: str) -> Chances:
    """Return how often a learner may still show a task, and from when."""
    handling, shown = handling_of(task), _shown(task, learner_id)
    left = None if handling.attempts is None else max(0, handling.attempts - len(shown))
    ends = [each.ended_at for each in shown if each.ended_at is not None]
    begins_at = max(ends) + timedelta(days=handling.wait_days) if ends else None
    return Chances(left, begins_at)


def _shown(task: Task, learner_id: str) -> list[Performance]:
    """Return the performances that count.

    What was withdrawn before anybody rated it does not, nor what lost its result through others.
    """
    rated = exists().where(
        RatingRow.performance_id == Performance.id, RatingRow.released_at.is_not(None)
    )
    rows = select(Performance).where(
        Performance.learner_id == learner_id,
        Performance.task_key == task.key,
        Performance.state.in_(ENDED),
        or_(Performance.state != PerformanceState.WITHDRAWN, rated),
    )
    return [each for each in db.session.scalars(rows) if loss_of(each) not in NO_ATTEMPT]


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
