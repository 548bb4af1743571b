"""Mails about performances: that work waits, that more is asked for, that there is a result.

Nobody is named in them, nor is anything of the work.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from assessment import clock
from assessment.extensions import db
from assessment.jobs.service import enqueue
from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.people.models import Person
from assessment.performances.letters import Letter, address, send, send_to_learner
from assessment.performances.models import (
    AssignmentRole,
    Performance,
    RatingRow,
    ResolutionRow,
)
from assessment.performances.outcomes import outcome_from_text

WORK_WAITS = "performances.work_waits"
SOON = timedelta(minutes=10)
"""So that what arrives together is told of together."""


def work_waits(institution_id: str, rubric_key: str, because: str = "") -> None:
    """Let assessors know, soon, that there is something to rate; once a day for each cause."""
    day = clock.now().date().isoformat()
    key = (WORK_WAITS, institution_id, rubric_key, because, day)
    enqueue(
        WORK_WAITS,
        {"institution_id": institution_id, "rubric_key": rubric_key, "day": day},
        once_key=":".join(each for each in key if each),
        run_at=clock.now() + SOON,
    )


def tell_work_waits(person: Person, day: str) -> None:
    """Mail an assessor that there is something to rate, at most once a day."""
    send(person, _work_waits, f"{WORK_WAITS}:{person.id}:{day}")


def _work_waits() -> Letter:
    text = _(
        "There is work that you may rate:\n\n%(link)s\n\n"
        "Whoever handed it in was told when to expect an answer. This mail comes at most once"
        " a day.\n",
        link=address("/assessor"),
    )
    return Letter(_("Work waits to be rated"), text)


def tell_more_evidence(performance: Performance) -> None:
    """Let the learner know that the assessors ask for more."""

    def write() -> Letter:
        text = _(
            "The assessors could not see all of what you showed for: %(title)s.\n\n"
            "It does not count as an attempt. What is missing, and how to add it:\n\n%(link)s\n\n"
            "Take the time that you need: nothing runs out.\n",
            **_named(performance),
        )
        return Letter(_("More evidence, please"), text)

    once = f"more evidence:{performance.id}:{performance.round}"
    send_to_learner(performance.learner_id, write, once)


def tell_result(performance: Performance, number: int) -> None:
    """Let the learner know that there is a result, and where it is so, that of their appeal."""
    write = _appeal_decided if _decides_an_appeal(performance, number) else _result
    once = f"performance resolved:{performance.id}:{number}"
    send_to_learner(performance.learner_id, lambda: write(performance), once)


def _result(performance: Performance) -> Letter:
    text = _(
        "There is a result for: %(title)s.\n\n%(link)s\n\n"
        "There you also see what the assessors said, and what you can do if you disagree.\n",
        **_named(performance),
    )
    return Letter(_("Your work has been assessed"), text)


def _appeal_decided(performance: Performance) -> Letter:
    text = _(
        "Somebody who had no part in the first result looked again at what you appealed for:"
        " %(title)s.\n\n%(link)s\n\n"
        "There you see what they found and why, and the result that stands now.\n",
        **_named(performance),
    )
    return Letter(_("Your appeal was decided"), text)


def tell_counts_no_more(performance: Performance, loss: str, step: Callable[[], str]) -> None:
    """Let the learner know that a result fell, that it is no failure, and the next step.

    One mail for each `loss` of a result, so that they know when the next step is another one.
    """

    def write() -> Letter:
        text = _(
            "Something that this result rested on was set aside, and what is left does not show"
            " enough: %(title)s.\n\n%(step)s It is no failed attempt. What happened, and what comes"
            " next:\n\n%(link)s\n",
            step=step(),
            **_named(performance),
        )
        return Letter(_("A result of yours counts no more"), text)

    last = select(func.max(ResolutionRow.number)).filter_by(
        learner_id=performance.learner_id, performance_id=performance.id
    )
    once = f"result fell:{performance.id}:{db.session.scalar(last)}:{loss}"
    send_to_learner(performance.learner_id, write, once)


def tell_does_not_count(performance: Performance, observation_id: str) -> None:
    """Let the learner know that what somebody said they saw does not count."""

    def write() -> Letter:
        text = _(
            "What somebody said of this work does not count: %(title)s.\n\nWhy, and what you can"
            " do, you read here:\n\n%(link)s\n",
            title=wording(performance.task.title, language()),
            link=address(f"/performances/{performance.id}/observers"),
        )
        return Letter(_("Somebody else who saw your work has to be named"), text)

    send_to_learner(performance.learner_id, write, f"does not count:{observation_id}")


def _decides_an_appeal(performance: Performance, number: int) -> bool:
    """Return whether a result came of somebody's word on appeal that the last one knew not of."""
    last = select(ResolutionRow.outcome).filter_by(
        learner_id=performance.learner_id, performance_id=performance.id, number=number - 1
    )
    before, now = db.session.scalar(last), performance.outcome
    if before is None or now is None:
        return False
    added = {*outcome_from_text(now).ratings} - {*outcome_from_text(before).ratings}
    reviews = select(RatingRow.id).where(
        RatingRow.id.in_(added), RatingRow.role == AssignmentRole.REVIEWER
    )
    return db.session.scalar(reviews.limit(1)) is not None


def _named(performance: Performance) -> dict[str, str]:
    """Return what a mail says of a performance: the task, and where its page is."""
    return {
        "title": wording(performance.task.title, language()),
        "link": address(f"/performances/{performance.id}"),
    }
