"""The marks that raters gave on one rubric, as figures: what agreement and severity rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

import rubrics
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    Performance,
    RatingRow,
    RatingVoid,
    RubricVersion,
    Task,
)
from assessment.performances.publishing import current_rubric, rubric_of

INDEPENDENT = (AssignmentRole.ASSESSOR, AssignmentRole.THIRD, AssignmentRole.READ_BEHIND)
"""Roles of those who mark without knowing what others said."""


class RaterKind(StrEnum):
    """Who gave a mark."""

    ASSESSOR = "assessor"
    OBSERVER = "observer"
    EMPLOYER = "employer"


@dataclass(frozen=True)
class Rater:
    """Somebody who marks: a person, an observer, or an employer for all of its observers."""

    kind: RaterKind
    id: str


@dataclass(frozen=True)
class Mark:
    """One level that was given; `work` is one round of one performance, `level` a rank from 0."""

    work: str
    rater: Rater
    criterion: str
    level: int
    given_at: datetime


@dataclass(frozen=True)
class Marks:
    """All marks on a rubric's current scale."""

    rubric: rubrics.Rubric
    assessors: tuple[Mark, ...]
    observers: tuple[Mark, ...]
    employers: tuple[Mark, ...]


@dataclass(frozen=True)
class Stamp:
    """What changes where the marks on a rubric do."""

    rubric_id: str
    ratings: int
    last: datetime | None
    voids: int
    observed: int


def stamp_of(rubric_key: str) -> Stamp:
    """Return what tells whether something was marked on a rubric since."""
    row = current_rubric(rubric_key)
    rows = (
        select(func.count(), func.max(RatingRow.released_at), func.count(RatingVoid.rating_id))
        .select_from(RatingRow)
        .join(Assignment, RatingRow.assignment_id == Assignment.id)
        .outerjoin(RatingVoid, RatingVoid.rating_id == RatingRow.id)
        .where(Assignment.rubric_key == rubric_key, RatingRow.released_at.is_not(None))
    )
    ratings, last, voids = db.session.execute(rows).one()
    observed = len(observations.long_ratings(rubric_key))
    return Stamp(row.id if row else "", ratings, last, voids, observed)


def marks_on(rubric_key: str) -> Marks | None:
    """Return the marks on a rubric, None where there is no such rubric.

    Those on versions with other levels are left out: they lie on another scale.
    """
    row = current_rubric(rubric_key)
    if row is None:
        return None
    rubric = rubric_of(row)
    given = tuple(_given(rubric))
    works = {each.work.partition("/")[0]: each.work for each in reversed(given)}
    seen = [each for each in observations.long_ratings(rubric_key) if each.performance_id in works]
    return Marks(
        rubric=rubric,
        assessors=given,
        observers=tuple(_observed(seen, RaterKind.OBSERVER, rubric, works)),
        employers=tuple(_observed(seen, RaterKind.EMPLOYER, rubric, works)),
    )


def _given(rubric: rubrics.Rubric) -> Iterator[Mark]:
    rows = (
        select(RatingRow, RubricVersion)
        .join(Assignment, RatingRow.assignment_id == Assignment.id)
        .join(
            Performance,
            (Performance.learner_id == RatingRow.learner_id)
            & (Performance.id == RatingRow.performance_id),
        )
        .join(Task, Task.id == Performance.task_id)
        .join(RubricVersion, RubricVersion.id == Task.rubric_id)
        .where(
            Assignment.rubric_key == rubric.key,
            RatingRow.role.in_(INDEPENDENT),
            RatingRow.released_at.is_not(None),
            RatingRow.id.not_in(select(RatingVoid.rating_id)),
        )
        .order_by(RatingRow.released_at, RatingRow.id)
    )
    for rating, version in db.session.execute(rows):
        if rubric_of(version).scale == rubric.scale:
            yield from _of_rating(rating, rubric)


def _of_rating(rating: RatingRow, rubric: rubrics.Rubric) -> Iterator[Mark]:
    known = {each.key for each in rubric.criteria}
    for criterion, level in rating.marks.items():
        if level is not None and criterion in known and rating.released_at is not None:
            yield Mark(
                work=f"{rating.performance_id}/{rating.round}",
                rater=Rater(RaterKind.ASSESSOR, rating.person_id),
                criterion=criterion,
                level=rubric.rank(level),
                given_at=rating.released_at,
            )


def _observed(
    seen: Iterable[observations.LongRating],
    kind: RaterKind,
    rubric: rubrics.Rubric,
    works: dict[str, str],
) -> Iterator[Mark]:
    """Yield what observers saw of work that was rated too, once for each rater and criterion."""
    known, done = {each.key for each in rubric.criteria}, set()
    for each in seen:
        rater = each.observer if kind is RaterKind.OBSERVER else each.employer
        key = (each.performance_id, rater, each.criterion)
        if not rater or key in done or each.criterion not in known:
            continue
        if each.level not in rubric.scale:
            continue
        done.add(key)
        yield Mark(
            work=works[each.performance_id],
            rater=Rater(kind, rater),
            criterion=each.criterion,
            level=rubric.rank(each.level),
            given_at=each.received_at,
        )
