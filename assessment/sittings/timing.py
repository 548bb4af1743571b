"""How long a sitting lasts: the server's clock, accommodations, and time given back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from assessment.access import Actor
from assessment.audit import service as audit
from assessment.extensions import db
from assessment.people import service as people
from assessment.sittings.models import Sitting, SittingState

GRACE = timedelta(seconds=10)
"""How long after the deadline an answer may still arrive: the network's time, not the learner's."""


def deadline(
    started_at: datetime, minutes: int | None, given_back_seconds: int = 0
) -> datetime | None:
    """Return when a sitting of `minutes` ends; None where there is no limit."""
    if minutes is None:
        return None
    return started_at + timedelta(minutes=minutes, seconds=given_back_seconds)


def is_over(sitting: Sitting, moment: datetime) -> bool:
    """Return whether the sitting's time, grace included, has run out."""
    return sitting.deadline is not None and moment > sitting.deadline + GRACE


def seconds_left(sitting: Sitting, moment: datetime) -> int | None:
    """Return the whole seconds that remain, never below 0; None where there is no limit."""
    if sitting.deadline is None:
        return None
    return max(0, int((sitting.deadline - moment).total_seconds()))


def apply_allowance(learner_id: str, actor: Actor) -> int:
    """Return how many open sittings got another deadline from the learner's new allowance.

    A sitting that is open never loses time that it already had.
    """
    people.lock_learner(learner_id)
    under_way = _current(Sitting.learner_id == learner_id, Sitting.state == SittingState.OPEN)
    changed = [sitting for sitting in under_way if _extend(sitting)]
    for sitting in changed:
        _record_change(sitting, "time extended", actor)
    db.session.flush()
    return len(changed)


def _extend(sitting: Sitting) -> bool:
    """Whether the sitting got more time than it had."""
    if sitting.minutes_standard is None:
        return False
    allowance = people.allowance(sitting.learner_id, sitting.test.institution_id)
    minutes = allowance.extend(sitting.minutes_standard)
    if minutes <= (sitting.minutes_allowed or 0):
        return False
    sitting.minutes_allowed = minutes
    sitting.deadline = deadline(sitting.started_at, minutes, sitting.given_back_seconds)
    return True


def give_back(began_at: datetime, ended_at: datetime, actor: Actor) -> int:
    """Return how many open sittings got back the time in which we were not there."""
    affected = (
        Sitting.state == SittingState.OPEN,
        Sitting.deadline > began_at,
        Sitting.started_at < ended_at,
    )
    people.lock_learners(db.session.scalars(select(Sitting.learner_id).where(*affected)))
    credited = _current(*affected)  # asked anew: one may have been submitted before the lock
    for sitting in credited:
        lost = ended_at - max(began_at, sitting.started_at)
        sitting.given_back_seconds += int(lost.total_seconds())
        sitting.deadline = deadline(
            sitting.started_at, sitting.minutes_allowed, sitting.given_back_seconds
        )
        _record_change(sitting, "time given back", actor)
    db.session.flush()
    return len(credited)


def _current(*conditions: ColumnElement[bool]) -> list[Sitting]:
    """Return sittings as they are now that their learners are locked."""
    rows = select(Sitting).where(*conditions).order_by(Sitting.learner_id, Sitting.id)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def _record_change(sitting: Sitting, act: str, actor: Actor) -> None:
    audit.record(
        audit.learner_chain(sitting.learner_id),
        act,
        actor,
        sitting.id,
        minutes_allowed=sitting.minutes_allowed,
        given_back_seconds=sitting.given_back_seconds,
        deadline=sitting.deadline,
    )
