"""How often a task may still be shown, and from when: now, and once open work is withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Exists, exists, or_, select

from assessment import clock
from assessment.extensions import db
from assessment.locale import format_day, ngettext
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.performances.losing import NO_ATTEMPT, Loss, loss_of
from assessment.performances.models import (
    ENDED,
    Performance,
    PerformanceState,
    RatingRow,
    Task,
)
from assessment.performances.publishing import current_task, handling_of


@dataclass(frozen=True)
class Chances:
    """How often a learner may still begin, None for any number, and from when; None for now."""

    number: int | None
    begins_at: datetime | None


def chances_of(task: Task, learner_id: str) -> Chances:
    """Return how often a learner may still show a task, and from when."""
    shown = _shown(task.key, learner_id)
    return _left(task, len(shown), [each.ended_at for each in shown if each.ended_at is not None])


def _left(task: Task, used: int, ends: list[datetime]) -> Chances:
    handling = handling_of(task)
    left = None if handling.attempts is None else max(0, handling.attempts - used)
    begins_at = max(ends) + timedelta(days=handling.wait_days) if ends else None
    return Chances(left, begins_at)


def _shown(task_key: str, learner_id: str) -> list[Performance]:
    """Return the performances that count.

    What was withdrawn before anybody rated it does not, nor what lost its result through others.
    """
    rows = select(Performance).where(
        Performance.learner_id == learner_id,
        Performance.task_key == task_key,
        Performance.state.in_(ENDED),
        or_(Performance.state != PerformanceState.WITHDRAWN, _is_rated()),
    )
    return [each for each in db.session.scalars(rows) if loss_of(each) not in NO_ATTEMPT]


def _is_rated() -> Exists:
    return exists().where(
        RatingRow.learner_id == Performance.learner_id,
        RatingRow.performance_id == Performance.id,
        RatingRow.released_at.is_not(None),
    )


def counts_once_withdrawn(performance: Performance) -> bool:
    """Return whether open work takes up one of the times that its task may be shown, withdrawn."""
    rated = select(Performance.id).where(Performance.id == performance.id, _is_rated())
    keeps = loss_of(performance) in {Loss.NONE, Loss.SET_ASIDE}
    return keeps and db.session.scalar(rated) is not None


def refusal_to_begin(task: Task, learner_id: str) -> str:
    """Return why a task cannot be begun anew by a learner now; "" where it can."""
    left = chances_of(task, learner_id)
    if left.number == 0:
        return ngettext(
            "This task can be shown %(num)s time, and you have shown it. What you showed stays"
            " on your record.",
            "This task can be shown %(num)s times, and you have shown it so often. What you"
            " showed stays on your record.",
            handling_of(task).attempts or 0,
        )
    day = _day_to_wait_for(task, left)
    return _("You can show this again from %(day)s.", day=day) if day else ""


def refusal_to_show(task: Task, learner_id: str) -> str:
    """Return why a learner cannot go on with a task, nor begin it; "" where they can do either."""
    under_way = select(Performance.id).where(
        Performance.learner_id == learner_id,
        Performance.task_key == task.key,
        Performance.state.not_in(ENDED),
    )
    if db.session.scalars(under_way).first() is not None:
        return ""
    return refusal_to_begin(task, learner_id)


def _day_to_wait_for(task: Task, left: Chances) -> str:
    """Return the day from which it can be shown; "" for now."""
    if left.begins_at is None or left.begins_at <= clock.now():
        return ""
    home = people.institution(task.institution_id)
    return format_day(clock.local_date(left.begins_at, home.timezone))


def refusal_to_repeat(performance: Performance) -> str:
    """Return why its learner cannot show the task of ended work anew now; "" where they can."""
    return refusal_to_begin(_task_now(performance), performance.learner_id)


def _task_now(performance: Performance) -> Task:
    return current_task(performance.task_key) or performance.task


def price_of_withdrawing(performance: Performance) -> str:
    """Return what withdrawing open work takes from its learner, and when they can begin anew."""
    task = _task_now(performance)
    if not counts_once_withdrawn(performance):
        left = chances_of(task, performance.learner_id)
        day = _day_to_wait_for(task, left)
        if left.number != 0 and not day:
            return _("You can begin anew at any time.")
        return refusal_to_begin(task, performance.learner_id)
    return _price(task, _once_withdrawn(task, performance))


def _once_withdrawn(task: Task, performance: Performance) -> Chances:
    shown = _shown(task.key, performance.learner_id)
    ends = [each.ended_at for each in shown if each.ended_at is not None]
    return _left(task, len(shown) + 1, [*ends, clock.now()])


def _price(task: Task, left: Chances) -> str:
    if left.number == 0:
        return _(
            "An assessor has rated it already, so it counts as shown. It was the last time: this"
            " task cannot be shown again."
        )
    day = _day_to_wait_for(task, left)
    begins = (
        _("You can begin anew from %(day)s.", day=day)
        if day
        else _("You can begin anew at any time.")
    )
    if left.number is None:
        return begins
    counts = ngettext(
        "An assessor has rated it already, so it counts as shown: %(num)s time is left.",
        "An assessor has rated it already, so it counts as shown: %(num)s times are left.",
        left.number,
    )
    return f"{counts} {begins}"
