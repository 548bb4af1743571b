"""Rating: what an assessor enters is kept as it is, and counts for good once it is released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, select, update

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.performances.claiming import LEASE, LIVE
from assessment.performances.models import (
    COUNTED,
    LEARNING,
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    RatingRow,
)
from assessment.performances.partners import within_reach
from assessment.performances.publishing import rubric_of
from assessment.performances.qualifications import may_rate
from assessment.performances.settling import settle

LONGEST_COMMENT = 5_000


class Hold(StrEnum):
    """Whether a place was still an assessor's when something was saved."""

    HELD = "held"
    RENEWED = "renewed"
    """Its time had run out, and nobody else had taken it."""
    LOST = "lost"
    """Somebody else has it now, or nobody is to rate it any more."""


@dataclass(frozen=True)
class Given:
    """What an assessor enters: a level for each criterion, None for "not observed", and comments.

    What is undecided is absent. `revision` is that of the draft which the page was made from; None
    for whoever does not know it.
    """

    marks: Mapping[str, str | None]
    comments: Mapping[str, str]
    revision: int | None = None

    def is_kept_in(self, rating: RatingRow) -> bool:
        """Whether a draft says just this already."""
        return (rating.marks, rating.comments) == (dict(self.marks), self.written)

    @property
    def written(self) -> dict[str, str]:
        """The comments that say something, a line's end counting as one character."""
        plain = {key: text.replace("\r\n", "\n").strip() for key, text in self.comments.items()}
        return {key: text for key, text in plain.items() if text}


class OtherDraft(Conflict):
    """Another window saved something else meanwhile: what is kept, and what was entered here."""

    code = "stale"

    def __init__(self, kept: RatingRow, given: Given) -> None:
        super().__init__(
            _("You saved this rating in another window. Choose which of the two to keep."),
            revision=kept.revision,
        )
        self.kept = kept
        self.given = given


@dataclass(frozen=True)
class Kept:
    """A draft that is kept for who typed it; it counts for nothing yet."""

    rating: RatingRow
    hold: Hold


@dataclass(frozen=True)
class Unfinished:
    """A draft that is kept, and what it lacks: levels, or comments that have to go with them."""

    rating: RatingRow
    without_level: tuple[str, ...]
    without_comment: tuple[str, ...]


@dataclass(frozen=True)
class Released:
    """A rating that counts, and is never changed."""

    rating: RatingRow


def own_rating(assignment_id: str, actor: Actor) -> RatingRow:
    """Return what the actor has entered on an assignment that is, or was, theirs."""
    found = db.session.scalars(_own(assignment_id, actor)).one_or_none()
    if found is None:
        raise NoSuchRecord("assignment", assignment_id)
    return found


def _own(assignment_id: str, actor: Actor) -> Select[RatingRow]:
    return (
        select(RatingRow)
        .join(Assignment)
        .where(
            Assignment.id == assignment_id,
            Assignment.institution_id.in_(within_reach(actor)),
            RatingRow.person_id == actor.person_id,
        )
    )


def held_rating(assignment_id: str, actor: Actor) -> RatingRow:
    """Return the actor's rating, all that it rests on read anew once the learner is locked."""
    found = _own(assignment_id, actor).with_only_columns(RatingRow.learner_id)
    learner_id = db.session.scalar(found)
    if learner_id is None:
        raise NoSuchRecord("assignment", assignment_id)
    people.lock_learner(learner_id)
    anew = {"populate_existing": True}
    rating = db.session.scalars(_own(assignment_id, actor).execution_options(**anew)).one()
    db.session.get_one(Assignment, assignment_id, populate_existing=True)
    key = (learner_id, rating.performance_id)
    db.session.get_one(Performance, key, populate_existing=True)
    return rating


def save(assignment_id: str, given: Given, actor: Actor) -> Kept:
    """Return the draft, kept whoever has the place now; Conflict once it is released.

    The same sent again is saved once; OtherDraft where another window saved something else.
    """
    rating = held_rating(assignment_id, actor)
    if rating.released_at is not None:
        raise Conflict(_("You have released this rating; it can be changed no more."))
    return _keep(rating, given, actor)


def _keep(rating: RatingRow, given: Given, actor: Actor) -> Kept:
    _check(rating.assignment, given)
    is_new = not given.is_kept_in(rating)
    if is_new and given.revision not in {None, rating.revision}:
        raise OtherDraft(rating, given)
    hold = _renew(rating.assignment, actor)
    if is_new:
        rating.marks, rating.comments = dict(given.marks), given.written
        rating.revision += 1
    rating.saved_at = clock.now()
    db.session.flush()
    return Kept(rating, hold)


def _check(assignment: Assignment, given: Given) -> None:
    scale = rubric_of(assignment.performance.task.rubric).scale
    if not {*given.marks, *given.comments} <= set(assignment.criteria):
        raise Invalid(_("You are not asked about such a criterion. Nothing was saved."))
    if not {level for level in given.marks.values() if level is not None} <= set(scale):
        raise Invalid(_("The rubric has no such level. Nothing was saved."))
    if any(len(text) > LONGEST_COMMENT for text in given.written.values()):
        sentence = _("A comment may have at most %(n)s characters.", n=LONGEST_COMMENT)
        raise Invalid(sentence)


def _renew(assignment: Assignment, actor: Actor) -> Hold:
    """Return whether the place is still the actor's, its lease begun anew if it is.

    One that ran out is begun anew only for who would still be given it.
    """
    was_over = assignment.leased_until <= clock.now()
    if was_over and _is_out(assignment, actor):
        return Hold.LOST
    renewed = db.session.execute(
        update(Assignment)
        .where(
            Assignment.id == assignment.id,
            Assignment.person_id == actor.person_id,
            Assignment.state == AssignmentState.OPEN,
        )
        .values(leased_until=clock.now() + LEASE)
        .returning(Assignment.id)
    ).first()
    db.session.refresh(assignment)
    if renewed is None:
        return Hold.LOST
    return Hold.RENEWED if was_over else Hold.HELD


def _is_out(assignment: Assignment, actor: Actor) -> bool:
    """Return whether the gate of a rubric keeps somebody from live work by now."""
    return assignment.role in LIVE and not may_rate(actor.person_id or "", assignment.rubric_key)


def release(assignment_id: str, given: Given, actor: Actor) -> Released | Kept | Unfinished:
    """Return the rating, released, with all that follows from it; or the draft that was kept.

    It is kept and not released where the lease had run out, or where something is missing.
    Releasing it again is releasing it once.
    """
    rating = held_rating(assignment_id, actor)
    if rating.released_at is not None:
        return Released(rating)
    kept = _keep(rating, given, actor)
    if kept.hold is not Hold.HELD:
        return kept
    lacks = unfinished(rating)
    if lacks is not None:
        return lacks
    return _release(rating, actor)


def unfinished(rating: RatingRow) -> Unfinished | None:
    """Return what is missing: a level or "not observed" everywhere, a reason where it matters."""
    asked = rating.assignment.criteria
    decides = rating.role in {AssignmentRole.ADJUDICATOR, AssignmentRole.REVIEWER}
    no_level = tuple(key for key in asked if key not in rating.marks)
    no_comment = tuple(
        key
        for key, level in rating.marks.items()
        if (decides or level is None) and key not in rating.comments
    )
    return Unfinished(rating, no_level, no_comment) if no_level or no_comment else None


def _release(rating: RatingRow, actor: Actor) -> Released:
    rating.released_at = clock.now()
    rating.assignment.state = AssignmentState.RELEASED
    db.session.flush()
    audit.record(
        _chain(rating),
        "rating released",
        actor,
        rating.id,
        performance=rating.performance_id,
        round=rating.round,
        role=rating.role,
        marks=rating.marks,
    )
    if rating.role in COUNTED:
        settle(rating.assignment.performance, actor)
    return Released(rating)


def _chain(rating: RatingRow) -> str:
    """Return whose log it belongs to: what is said of an exemplar is of no learner's."""
    if rating.role in LEARNING:
        return audit.institution_chain(rating.assignment.institution_id)
    return audit.learner_chain(rating.learner_id)
