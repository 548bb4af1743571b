"""Leaving a performance to somebody else, and asking for another look at it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Invalid
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    PerformanceState,
    RatingRow,
    SecondLook,
    Skip,
)
from assessment.performances.places import hurry, open_places
from assessment.performances.rating import held_rating
from assessment.performances.skips import SkipReason
from assessment.upsert import insert_once

LONGEST_WORDS = 1_000
WITHOUT_WORDS = 5
"""So many may be skipped within a day for a reason alone; one more needs words with it."""
A_DAY = timedelta(days=1)
URGENT = 100
"""The least risk of what somebody asked another look at."""
LOOKED_AT = frozenset(
    {
        PerformanceState.SUBMITTED,
        PerformanceState.IN_MARKING,
        PerformanceState.RESOLVED,
        PerformanceState.EXEMPLAR,
    }
)
"""What is with the assessors, and not withdrawn or back with its learner."""


def skip(assignment_id: str, reason: SkipReason, words: str, actor: Actor) -> None:
    """Free an assignment that is the actor's for somebody else; skipping it twice is once.

    What they entered is kept, and counts for nothing.
    """
    rating = held_rating(assignment_id, actor)
    if rating.released_at is not None:
        raise Conflict(_("You have released this rating; it can be changed no more."))
    _require_words_of_many(words, rating)
    said = _checked(words, is_needed=reason is SkipReason.OTHER)
    is_first = insert_once(
        Skip,
        person_id=rating.person_id,
        performance_id=rating.performance_id,
        learner_id=rating.learner_id,
        assignment_id=assignment_id,
        reason=reason,
        words=said,
        skipped_at=clock.now(),
    )
    if is_first:
        _free(rating)
        chain = audit.learner_chain(rating.learner_id)
        audit.record(chain, "assignment skipped", actor, assignment_id, reason=reason)


def _require_words_of_many(words: str, rating: RatingRow) -> None:
    """Refuse to skip one more within a day without a word."""
    if words.strip():
        return
    rows = select(func.count()).where(
        Skip.person_id == rating.person_id,
        Skip.skipped_at > clock.now() - A_DAY,
        Skip.performance_id != rating.performance_id,
    )
    if (db.session.scalar(rows) or 0) >= WITHOUT_WORDS:
        sentence = _(
            "You have skipped %(n)s within a day. Say in a few words why you skip one more:"
            " whoever looks after assessors sees how many are skipped.",
            n=WITHOUT_WORDS,
        )
        raise Invalid(sentence, field="words")


def _checked(words: str, *, is_needed: bool) -> str:
    said = words.strip()
    if is_needed and not said:
        raise Invalid(_("Say in a few words why."), field="words")
    if len(said) > LONGEST_WORDS:
        sentence = _("Say it in at most %(n)s characters.", n=LONGEST_WORDS)
        raise Invalid(sentence, field="words")
    return said


def _free(rating: RatingRow) -> None:
    """Let somebody else have the place; an exemplar was meant for one person, and is done with."""
    is_exemplar = rating.assignment.performance.state == PerformanceState.EXEMPLAR
    closed = {"state": AssignmentState.CLOSED, "closed_because": "skipped"}
    free = {"person_id": None, "leased_until": clock.now()}
    db.session.execute(
        update(Assignment)
        .where(
            Assignment.id == rating.assignment_id,
            Assignment.person_id == rating.person_id,
            Assignment.state == AssignmentState.OPEN,
        )
        .values(**(closed if is_exemplar else free))
    )
    db.session.refresh(rating.assignment)


def ask_second_look(assignment_id: str, words: str, actor: Actor) -> None:
    """Let somebody else look at a performance as well, soon; asking again is asking once.

    What comes of it changes no result by itself.
    """
    rating = held_rating(assignment_id, actor)
    performance = rating.assignment.performance
    if performance.state not in LOOKED_AT:
        raise Conflict(_("Nobody looks at this work at the moment, so nobody would read it."))
    is_first = insert_once(
        SecondLook,
        learner_id=rating.learner_id,
        performance_id=rating.performance_id,
        person_id=rating.person_id,
        assignment_id=assignment_id,
        words=_checked(words, is_needed=True),
        asked_at=clock.now(),
    )
    if not is_first or performance.state == PerformanceState.EXEMPLAR:
        return
    open_places(performance, AssignmentRole.READ_BEHIND, 1, rating.assignment.criteria)
    hurry(rating.performance_id, URGENT)
    chain = audit.learner_chain(rating.learner_id)
    audit.record(chain, "second look asked for", actor, rating.performance_id)
