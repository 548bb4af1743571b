"""How a performance goes, step by step: what is done, where it stands, and what comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

import rubrics
from assessment import clock
from assessment.extensions import db
from assessment.languages import wording
from assessment.locale import format_day, language, ngettext
from assessment.locale import gettext as _
from assessment.performances.appeal_days import is_in_time, last_day
from assessment.performances.concluding import resolutions_of
from assessment.performances.losing import loss_of
from assessment.performances.models import (
    COUNTED,
    Assignment,
    AssignmentState,
    Performance,
    PerformanceState,
)
from assessment.performances.outcomes import Outcome, OutcomeKind, outcome_from_text
from assessment.performances.publishing import handling_of, policy_of
from assessment.performances.seen_so_far import seen_so_far


class Progress(StrEnum):
    """Where a step is on the way."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Step:
    """One step: what it is called, what to know of it, and when it was."""

    progress: Progress
    title: str
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Standings:
    """What the steps are made from: who has rated, and who is still awaited."""

    outcome: Outcome | None
    ratings_in: int
    due_at: datetime | None
    lacks_anybody: bool = False
    """Whether nobody may rate it at the moment, and the institution was told."""


def due_of(performance: Performance) -> datetime | None:
    """Return when all ratings that are awaited are expected; None where none is."""
    open_ones = select(func.max(Assignment.due_at)).where(
        Assignment.learner_id == performance.learner_id,
        Assignment.performance_id == performance.id,
        Assignment.state == AssignmentState.OPEN,
        Assignment.role.in_(COUNTED),
    )
    return db.session.scalar(open_ones)


def timeline_of(performance: Performance, standings: Standings) -> tuple[Step, ...]:
    """Return the steps of a performance, in the page's language."""
    return tuple(_steps(performance, standings))


def _steps(performance: Performance, standings: Standings) -> Iterator[Step]:
    yield Step(Progress.DONE, _("Begun"), at=performance.begun_at)
    yield from _handed_in(performance)
    match performance.state:
        case PerformanceState.DRAFT:
            yield Step(Progress.NOW, _("Collect your evidence"), _("Nobody sees it yet."))
            yield from _ahead(performance)
        case PerformanceState.MORE_EVIDENCE:
            yield _more(performance)
            yield from _ahead(performance)
        case PerformanceState.WITHDRAWN:
            yield Step(Progress.DONE, _("Withdrawn"), at=performance.ended_at)
        case PerformanceState.RESOLVED:
            yield from _resolved(performance, standings)
        case _:
            yield from _being_rated(performance, standings)


def _handed_in(performance: Performance) -> Iterator[Step]:
    """Yield when it was handed in, and when there was a result that fell since."""
    done = {
        each.submitted_at: _("Handed in") if each.version == 1 else _("Handed in again")
        for each in performance.submissions
    }
    if performance.state != PerformanceState.RESOLVED and loss_of(performance):
        last = resolutions_of(performance)[-1]
        done[last.resolved_at] = _("Result, which counts no more")
    for moment in sorted(done):
        yield Step(Progress.DONE, done[moment], at=moment)


def _ahead(performance: Performance) -> Iterator[Step]:
    days = handling_of(performance.task).turn_around_days
    again = performance.state == PerformanceState.MORE_EVIDENCE
    yield Step(Progress.AHEAD, _("Hand it in again") if again else _("Hand it in"))
    expected = ngettext(
        "Expected within %(num)s day of handing in.",
        "Expected within %(num)s days of handing in.",
        days,
    )
    yield Step(Progress.AHEAD, _assessing(performance), expected)
    yield from _observing(performance)
    yield Step(Progress.AHEAD, _("Result"))


def _assessing(performance: Performance) -> str:
    return ngettext(
        "An assessor looks at it",
        "%(num)s assessors look at it, each without knowing of the other",
        policy_of(performance.task).raters,
    )


def _observing(performance: Performance, *, begun: bool = False) -> Iterator[Step]:
    """Yield that somebody who saw the work is asked, where the task needs it."""
    needed, missing = policy_of(performance.task).observers_needed, seen_so_far(performance).missing
    if not needed:
        return
    title = ngettext(
        "Somebody who saw the work says so", "%(num)s people who saw the work say so", needed
    )
    if not begun:
        yield Step(Progress.AHEAD, title)
    elif missing:
        awaited = ngettext(
            "%(num)s person is still awaited.", "%(num)s people are still awaited.", missing
        )
        yield Step(Progress.NOW, title, awaited)
    else:
        yield Step(Progress.DONE, title)


def _being_rated(performance: Performance, standings: Standings) -> Iterator[Step]:
    outcome = standings.outcome
    needed = policy_of(performance.task).raters
    kind = outcome.kind if outcome else OutcomeKind.RATING
    lacking = outcome.needs_assessors if outcome and kind == OutcomeKind.RATING else 0
    number = min(standings.ratings_in, needed - lacking)
    progress = Progress.DONE if number == needed else Progress.NOW
    due = _expected(standings)
    words = ngettext(
        "%(done)s of %(num)s rating is in.",
        "%(done)s of %(num)s ratings are in.",
        needed,
        done=number,
    )
    text = f"{words} {due}".strip() if progress is Progress.NOW else words
    yield Step(progress, _assessing(performance), text)
    if kind == OutcomeKind.THIRD_RATER:
        yield Step(Progress.NOW, _("Another assessor looks at it"), _they_differ(due))
    elif kind == OutcomeKind.ADJUDICATION:
        yield Step(Progress.NOW, _("Somebody who decides looks at it"), _they_differ(due))
    yield from _observing(performance, begun=True)
    yield from _unseen(performance, outcome)
    yield Step(Progress.AHEAD, _("Result"))


def _unseen(performance: Performance, outcome: Outcome | None) -> Iterator[Step]:
    """Yield that more will be asked for, where too few could see something and others rate on."""
    reasons = outcome.reasons if outcome else ()
    keys = {each.criterion for each in reasons if each.cause is rubrics.Cause.NOT_OBSERVED}
    shown = policy_of(performance.task).shown
    titles = [wording(each.title, language()) for each in shown if each.key in keys]
    if titles:
        text = _(
            "Assessors could not see enough of this: %(criteria)s. It is not held against you. You"
            " are asked for more of it when the others have rated; you can get it ready now.",
            criteria="; ".join(titles),
        )
        yield Step(Progress.AHEAD, _("Add more evidence"), text)


def _they_differ(due: str) -> str:
    differ = _("Assessors see it differently.")
    return f"{differ} {due}".strip()


def _expected(standings: Standings) -> str:
    """Return until when it is expected, and what to think where that is past, or cannot be said."""
    due_at = standings.due_at
    if due_at is None:
        return ""
    if standings.lacks_anybody:
        return _(
            "At the moment there is nobody who may give the rating that is missing, so no day can"
            " be promised. The institution was told and has to find somebody. You need to do"
            " nothing."
        )
    day = format_day(due_at)
    if due_at < clock.now():
        return _("It was expected by %(day)s and takes longer. You need to do nothing.", day=day)
    return _("Expected by %(day)s.", day=day)


def _more(performance: Performance) -> Step:
    return Step(
        Progress.NOW,
        _("Add what is asked for"),
        _("You have all the time you need: no date runs, and this is no failed attempt."),
    )


def _resolved(performance: Performance, standings: Standings) -> Iterator[Step]:
    """Yield the result, and what may follow: nothing, where it is what the task asks for."""
    yield Step(Progress.DONE, _("Result"), at=performance.ended_at)
    if standings.due_at is not None:  # on appeal
        yield Step(Progress.NOW, _("Another assessor looks at it"), _expected(standings))
    if performance.outcome and outcome_from_text(performance.outcome).is_reached:
        return
    until = last_day(performance)
    if until is not None and is_in_time(performance) and not loss_of(performance):
        text = _("Until %(day)s, for single criteria.", day=format_day(until))
        yield Step(Progress.NOW, _("You can ask for another look"), text)
