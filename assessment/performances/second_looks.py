"""Looking again at a result that stands: by chance, where it was close, after somebody new."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy import func, select

import rubrics
from assessment.extensions import db
from assessment.performances.models import (
    AnotherLook,
    Assignment,
    AssignmentRole,
    Performance,
    RatingRow,
    ResolutionRow,
)
from assessment.performances.places import open_places
from assessment.performances.publishing import handling_of, policy_of

OUT_OF = 10_000
NEW_UNTIL = 10
"""Whoever has released fewer ratings on a rubric is new to it."""


def drawn() -> int:
    """Return a number by chance, kept with the result so that the choice can be told later."""
    return secrets.randbelow(OUT_OF)


def look_again(performance: Performance, resolution: ResolutionRow) -> None:
    """Open a place for somebody to look again, where the conclusion asks for it.

    The result stands meanwhile, and whatever comes of it changes nothing by itself.
    """
    if resolution.another_look:
        asked = tuple(each.key for each in policy_of(performance.task).shown)
        open_places(performance, AssignmentRole.READ_BEHIND, 1, asked)


def reason_to_look(
    performance: Performance, resolved: rubrics.Resolved, given: Sequence[RatingRow], number: int
) -> AnotherLook:
    """Return why somebody should look again, or that nobody has to."""
    handling = handling_of(performance.task)
    if handling.near and is_near(resolved, given, policy_of(performance.task)):
        return AnotherLook.NEAR
    if number < round(Fraction(handling.read_behind) * OUT_OF):
        return AnotherLook.DRAWN
    if handling.read_behind and any(_is_new(each) for each in given):
        return AnotherLook.NEW_ASSESSOR
    return AnotherLook.NONE


def is_near(resolved: rubrics.Resolved, given: Sequence[RatingRow], policy: rubrics.Policy) -> bool:
    """Return whether a result hangs on one step where assessors differ.

    So it does where the level of a criterion is the lowest that suffices, or the one below, and
    not all assessors gave it.
    """
    for key, level in resolved.criteria.items():
        marks = {each.marks[key] for each in given if each.marks.get(key) is not None}
        rank, least = (
            policy.rubric.rank(level),
            policy.minimum(key) or policy.rubric.rank(policy.required),
        )
        if len(marks) > 1 and rank in {least, least - 1}:
            return True
    return False


def _is_new(rating: RatingRow) -> bool:
    """Return whether whoever rated had released few ratings on this rubric before."""
    rows = (
        select(func.count())
        .select_from(RatingRow)
        .join(Assignment, RatingRow.assignment_id == Assignment.id)
        .where(
            RatingRow.person_id == rating.person_id,
            RatingRow.released_at.is_not(None),
            Assignment.rubric_key == rating.assignment.rubric_key,
        )
    )
    return (db.session.scalar(rows) or 0) < NEW_UNTIL
