"""Second looks that assessors asked for: at which work, why, and what came of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Exists, ScalarSelect, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

import rubrics
from assessment.access import Action, Actor, institutions_for
from assessment.extensions import db
from assessment.people.models import Person
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    PerformanceState,
    RatingRow,
    RatingVoid,
    ResolutionRow,
    SecondLook,
    Task,
)
from assessment.performances.outcomes import outcome_from_text
from assessment.performances.publishing import rubric_of
from assessment.registry.paging import Page, paged


class CameOf(StrEnum):
    """What came of a second look that somebody asked for."""

    WAITS = "waits"
    LOOKED_AT = "looked at"
    NOTHING = "nothing"
    """Nobody looked, and nobody is to look any more: the work was withdrawn or sent back."""


@dataclass(frozen=True)
class SecondLookListed:
    """A second look as the registrar sees it: no marks, and not by whom it was asked for."""

    asked: SecondLook
    role: AssignmentRole
    """As what whoever asked has the work."""
    performance: Performance
    learner: Person | None
    came_of: CameOf
    rating: RatingRow | None
    """What somebody else released since."""
    looked: Person | None
    steps: int | None
    """How far that is from the result, at the most; None where there is nothing to compare."""
    evidence_id: str | None


_theirs = aliased(Assignment)
"""The place of whoever asked."""


def second_looks(
    actor: Actor, came_of: CameOf | None = None, page: int = 1
) -> Page[SecondLookListed]:
    """Return a page of the second looks at work of the actor's institutions, the latest first."""
    query = _query(actor, came_of)
    latest = query.order_by(
        SecondLook.asked_at.desc(), SecondLook.performance_id, SecondLook.person_id
    )
    return paged(latest, page, _listed)


def number_of(actor: Actor, came_of: CameOf) -> int:
    """Return how many second looks came to this."""
    rows = _query(actor, came_of).with_only_columns(func.count())
    return db.session.scalar(rows) or 0


def _query(actor: Actor, came_of: CameOf | None) -> Select[*tuple[Any, ...]]:
    return (
        select(SecondLook, _theirs.role, Performance, Person, _looked().label("rating_id"))
        .join(_theirs, _theirs.id == SecondLook.assignment_id)
        .join(Performance, _of(Performance.learner_id, Performance.id))
        .join(Task, Task.id == Performance.task_id)
        .outerjoin(Person, Person.learner_id == SecondLook.learner_id)
        .where(_within_reach(actor), *(() if came_of is None else (_ended(came_of),)))
    )


def _of(learner_id: Any, performance_id: Any) -> ColumnElement[bool]:
    """Return whether a row is of the performance of a second look."""
    return and_(learner_id == SecondLook.learner_id, performance_id == SecondLook.performance_id)


def _within_reach(actor: Actor) -> ColumnElement[bool]:
    """Return whether it is work of the actor's institutions in which they have no part.

    Of what was prepared for assessors nobody is to know here that it is no learner's.
    """
    own = institutions_for(actor, Action.GRANT_CREDIT)
    part = exists().where(
        _of(Assignment.learner_id, Assignment.performance_id),
        Assignment.person_id == actor.person_id,
    )
    return and_(
        Task.institution_id.in_(own),
        Performance.state != PerformanceState.EXEMPLAR,
        SecondLook.learner_id != (actor.learner_id or ""),
        ~part,
    )


def _looked() -> ScalarSelect[str]:
    """Return the rating that somebody else released since it was asked for, the first one."""
    rows = select(RatingRow.id).where(
        _of(RatingRow.learner_id, RatingRow.performance_id),
        RatingRow.role == AssignmentRole.READ_BEHIND,
        RatingRow.released_at >= SecondLook.asked_at,
        RatingRow.person_id != SecondLook.person_id,
        RatingRow.id.not_in(select(RatingVoid.rating_id)),
    )
    first = rows.order_by(RatingRow.released_at, RatingRow.id).limit(1)
    return first.correlate(SecondLook).scalar_subquery()


def _waits() -> Exists:
    return exists().where(
        _of(Assignment.learner_id, Assignment.performance_id),
        Assignment.role == AssignmentRole.READ_BEHIND,
        Assignment.state == AssignmentState.OPEN,
    )


def _ended(came_of: CameOf) -> ColumnElement[bool]:
    match came_of:
        case CameOf.LOOKED_AT:
            return _looked().is_not(None)
        case CameOf.WAITS:
            return and_(_looked().is_(None), _waits())
        case CameOf.NOTHING:
            return and_(_looked().is_(None), ~_waits())


def _listed(query: Select[*tuple[Any, ...]]) -> Iterator[SecondLookListed]:
    rows = db.session.execute(query.add_columns(_waits().label("waits")))
    for asked, role, performance, learner, rating_id, waits in rows:
        rating = db.session.get(RatingRow, rating_id) if rating_id else None
        last = _last_resolution(performance)
        nobody = CameOf.WAITS if waits else CameOf.NOTHING
        yield SecondLookListed(
            asked=asked,
            role=AssignmentRole(role),
            performance=performance,
            learner=learner,
            came_of=CameOf.LOOKED_AT if rating else nobody,
            rating=rating,
            looked=db.session.get(Person, rating.person_id) if rating else None,
            steps=steps_apart(rating, last) if rating and last else None,
            evidence_id=last.evidence_id if last else None,
        )


def _last_resolution(performance: Performance) -> ResolutionRow | None:
    rows = select(ResolutionRow).filter_by(
        learner_id=performance.learner_id, performance_id=performance.id
    )
    return db.session.scalars(rows.order_by(ResolutionRow.number.desc()).limit(1)).first()


def steps_apart(rating: RatingRow, result: ResolutionRow) -> int | None:
    """Return by how many steps a rating differs from a result, where most; None where it cannot."""
    levels = outcome_from_text(result.outcome).levels or {}
    rubric = rubric_of(rating.assignment.performance.task.rubric)
    return max(_distances(rating.marks, levels, rubric), default=None)


def _distances(
    marks: Mapping[str, str | None], levels: Mapping[str, str], rubric: rubrics.Rubric
) -> Iterator[int]:
    for key, mark in marks.items():
        if mark is not None and key in levels:
            yield abs(rubric.rank(mark) - rubric.rank(levels[key]))
