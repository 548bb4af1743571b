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
from assessment.performances.concluding import resolutions_of
from assessment.performances.losing import ended_at, fell_through_others, was_attempt
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
    return _left(task, *_used(task.key, learner_id))


def _used(task_key: str, learner_id: str) -> tuple[int, list[datetime]]:
    """Return how many attempts a learner has had, and when everything that is over ended."""
    over = _over(task_key, learner_id)
    ends = [moment for moment in map(ended_at, over) if moment is not None]
    return sum(map(was_attempt, over)), ends


def _left(task: Task, used: int, ends: list[datetime]) -> Chances:
    handling = handling_of(task)
    left = None if handling.attempts is None else max(0, handling.attempts - used)
    begins_at = max(ends) + timedelta(days=handling.wait_days) if ends else None
    return Chances(left, begins_at)


def _over(task_key: str, learner_id: str) -> list[Performance]:
    """Return the performances that are over, without what was withdrawn before anybody rated it."""
    rows = select(Performance).where(
        Performance.learner_id == learner_id,
        Performance.task_key == task_key,
        Performance.state.in_(ENDED),
        or_(Performance.state != PerformanceState.WITHDRAWN, _is_rated()),
    )
    return list(db.session.scalars(rows))


def _is_rated() -> Exists:
    return exists().where(
        RatingRow.learner_id == Performance.learner_id,
        RatingRow.performance_id == Performance.id,
        RatingRow.released_at.is_not(None),
    )


def counts_once_withdrawn(performance: Performance) -> bool:
    """Return whether open work takes up one of the times that its task may be shown, withdrawn."""
    rated = select(Performance.id).where(Performance.id == performance.id, _is_rated())
    return not fell_through_others(performance) and db.session.scalar(rated) is not None


def refusal_to_begin(task: Task, learner_id: str) -> str:
    """Return why a task cannot be begun anew by a learner now; "" where it can."""
    return _refusal(task, chances_of(task, learner_id))


def _refusal(task: Task, left: Chances) -> str:
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
        return _refusal(task, _once_given_back(task, performance)) or _(
            "You can begin anew at any time."
        )
    return _price(task, _once_withdrawn(task, performance))


def _once_withdrawn(task: Task, performance: Performance) -> Chances:
    used, ends = _used(task.key, performance.learner_id)
    return _left(task, used + 1, [*ends, clock.now()])


def _once_given_back(task: Task, performance: Performance) -> Chances:
    """Return what is left once open work is withdrawn that is no attempt."""
    used, ends = _used(task.key, performance.learner_id)
    concluded = [each.resolved_at for each in resolutions_of(performance)[-1:]]
    return _left(task, used, [*ends, *concluded])


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
