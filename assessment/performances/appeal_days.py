"""Until when a result can be appealed: whole days, as the institution that assesses counts them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from assessment import clock
from assessment.catalogue import service as catalogue
from assessment.extensions import db
from assessment.people import service as people
from assessment.performances.concluding import levels_since
from assessment.performances.models import Performance, PerformanceState, ResolutionRow
from assessment.performances.publishing import handling_of


def last_resolution(performance: Performance) -> ResolutionRow | None:
    """Return the conclusion that stands last, or None."""
    rows = select(ResolutionRow).filter_by(
        learner_id=performance.learner_id, performance_id=performance.id
    )
    return db.session.scalar(rows.order_by(ResolutionRow.number.desc()).limit(1))


def last_day(performance: Performance) -> date | None:
    """Return the last day on which any of the result can be appealed; None where it cannot be."""
    return max(last_days(performance).values(), default=None)


def last_days(performance: Performance) -> dict[str, date]:
    """Return the last day on which the level of each criterion can be appealed.

    They are counted from the conclusion that gave the level: another one that leaves it as it was,
    as where nobody could see more on appeal, begins no new days.
    """
    if performance.state != PerformanceState.RESOLVED:
        return {}
    since, zone = levels_since(performance), _zone(performance)
    days = {moment: _days(performance, moment) for moment in set(since.values())}
    return {
        key: clock.local_date(moment, zone) + timedelta(days=days[moment])
        for key, moment in since.items()
        if days[moment]
    }


def _days(performance: Performance, since: datetime) -> int:
    """Return the days that the task states, or that an achievement does, whichever are more."""
    task = performance.task
    stated = catalogue.appeal_days(task.rubric.key, task.institution_id, since)
    return max(handling_of(task).appeal_days, stated)


def is_in_time(performance: Performance) -> bool:
    """Return whether that day is not past yet, where the institution is."""
    return bool(open_criteria(performance))


def open_criteria(performance: Performance) -> set[str]:
    """Return the criteria whose last day is not past yet, where the institution is."""
    today = clock.local_date(clock.now(), _zone(performance))
    return {key for key, last in last_days(performance).items() if today <= last}


def _zone(performance: Performance) -> str:
    return people.institution(performance.task.institution_id).timezone
