"""What is read about appeals: by the learner who made one, and by whoever looks again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

import rubrics
from assessment.evidence import service as evidence
from assessment.evidence.service import VoidCause
from assessment.extensions import db
from assessment.performances.appeal_days import last_day, last_resolution
from assessment.performances.appeal_models import Appeal
from assessment.performances.appealing import Appealable, appealable, appeals_of
from assessment.performances.concluding import cause_of
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    Performance,
    RatingRow,
    ResolutionRow,
)
from assessment.performances.publishing import rubric_of
from assessment.performances.reviewers import somebody_may_take


@dataclass(frozen=True)
class Reviewed:
    """What an appeal asked about one criterion, and what came of it.

    `found` is None as long as nobody has looked, and where they could not see it either: then the
    level stays.
    """

    criterion: rubrics.Criterion
    before: rubrics.Level
    reason: str
    found: rubrics.Level | None
    said: str


@dataclass(frozen=True)
class AppealShown:
    """An appeal as its learner reads it."""

    id: str
    made_at: datetime
    due_at: datetime
    decided_at: datetime | None
    withdrawn_at: datetime | None
    is_taken: bool
    lacks_anybody: bool
    """Whether nobody may take it at the moment."""
    criteria: tuple[Reviewed, ...]

    @property
    def may_be_taken_back(self) -> bool:
        """Whether nobody has decided yet, and its learner still wants to know."""
        return self.decided_at is None and self.withdrawn_at is None


@dataclass(frozen=True)
class Appealing:
    """What a learner can appeal and until when, and what they have appealed."""

    performance: Performance
    last_day: date | None
    criteria: tuple[Appealable, ...]
    appeals: tuple[AppealShown, ...]
    set_aside: str
    """Why a registrar set the result aside; "" where nobody did."""

    @property
    def is_open(self) -> bool:
        """Whether there is anything that can be appealed now."""
        return bool(self.criteria)


def appealing_of(performance: Performance) -> Appealing:
    """Return what the learner of a performance reads about appeals."""
    return Appealing(
        performance=performance,
        last_day=last_day(performance),
        criteria=appealable(performance),
        appeals=tuple(_shown(each) for each in appeals_of(performance)),
        set_aside=_set_aside(performance),
    )


def appealing_on(learner_id: str, evidence_id: str) -> Appealing | None:
    """Return what can be appealed of the work that evidence is of; None for any other evidence."""
    rows = select(ResolutionRow).filter_by(learner_id=learner_id, evidence_id=evidence_id)
    row = db.session.scalars(rows).first()
    if row is None:
        return None
    return appealing_of(db.session.get_one(Performance, (learner_id, row.performance_id)))


def _set_aside(performance: Performance) -> str:
    resolution = last_resolution(performance)
    if resolution is None:
        return ""
    if cause_of(resolution) != VoidCause.SET_ASIDE:
        return ""
    return evidence.void_reason(resolution.learner_id, resolution.evidence_id or "") or ""


def _shown(made: Appeal) -> AppealShown:
    place = made.assignment
    rating = _decision(place)
    return AppealShown(
        id=made.id,
        made_at=made.made_at,
        due_at=place.due_at,
        decided_at=rating.released_at if rating else None,
        withdrawn_at=made.withdrawn_at,
        is_taken=rating is None and place.person_id is not None,
        lacks_anybody=rating is None and not somebody_may_take(place),
        criteria=tuple(_criteria(made, rating)),
    )


def _decision(place: Assignment) -> RatingRow | None:
    rows = select(RatingRow).where(
        RatingRow.assignment_id == place.id, RatingRow.released_at.is_not(None)
    )
    return db.session.scalar(rows)


def _criteria(made: Appeal, rating: RatingRow | None) -> list[Reviewed]:
    rubric = rubric_of(made.performance.task.rubric)
    by_key = {each.key: each for each in rubric.criteria}
    marks = rating.marks if rating else {}
    said = rating.comments if rating else {}
    return [
        Reviewed(
            criterion=by_key[each.criterion],
            before=rubric.levels[rubric.rank(each.level)],
            reason=each.reason,
            found=rubric.levels[rubric.rank(level)]
            if (level := marks.get(each.criterion))
            else None,
            said=said.get(each.criterion, ""),
        )
        for each in made.criteria
    ]


@dataclass(frozen=True)
class ToReview:
    """What whoever looks again on appeal reads: the learner's reason, and the level that stands."""

    level: rubrics.Level
    reason: str


def to_review(assignment: Assignment) -> dict[str, ToReview]:
    """Return what was appealed on a place, by criterion; nothing on any other place."""
    if assignment.role != AssignmentRole.REVIEWER:
        return {}
    made = db.session.scalars(select(Appeal).filter_by(assignment_id=assignment.id)).first()
    if made is None:
        return {}
    rubric = rubric_of(assignment.performance.task.rubric)
    return {
        each.criterion: ToReview(rubric.levels[rubric.rank(each.level)], each.reason)
        for each in made.criteria
    }
