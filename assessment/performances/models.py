"""Tables of performances: rubrics, tasks, what was shown, who looks at it, and what they say."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.artefacts.models import Artefact
from assessment.columns import Data, Id, Key, LongText, Moment, NewId, Short, Wording
from assessment.extensions import Model
from assessment.ids import ID_LENGTH, new_id


class PerformanceState(StrEnum):
    """Where a performance stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_MARKING = "in marking"
    """A rating is in."""
    MORE_EVIDENCE = "more evidence"
    """The assessors could not see enough; the learner adds to it and submits it again."""
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    EXEMPLAR = "exemplar"
    """Nobody's work: raters are trained, tried and watched on it, and it is evidence of nothing."""


EDITABLE = frozenset({PerformanceState.DRAFT, PerformanceState.MORE_EVIDENCE})
"""States in which the learner may change what is shown."""
ENDED = frozenset(
    {PerformanceState.RESOLVED, PerformanceState.WITHDRAWN, PerformanceState.EXEMPLAR}
)
_OPEN = "state NOT IN ('resolved', 'withdrawn', 'exemplar')"


class AssignmentRole(StrEnum):
    """As what somebody is asked to rate."""

    ASSESSOR = "assessor"
    THIRD = "third"
    """An assessor who is called because the first ones differ, and is not told so."""
    ADJUDICATOR = "adjudicator"
    REVIEWER = "reviewer"
    """Who looks again at what was appealed, and has rated nothing of it."""
    READ_BEHIND = "read behind"
    """Another look that counts for nothing but the trust in whoever rated before."""
    TRAINING = "training"
    """An exemplar, with what was expected shown afterwards."""
    QUALIFYING = "qualifying"
    """An exemplar that decides who may rate."""
    SEEDED = "seeded"
    """An exemplar among live work; whoever rates it is not told."""


COUNTED = frozenset(
    {
        AssignmentRole.ASSESSOR,
        AssignmentRole.THIRD,
        AssignmentRole.ADJUDICATOR,
        AssignmentRole.REVIEWER,
    }
)
"""The roles whose ratings make a result."""
LEARNING = frozenset({AssignmentRole.TRAINING, AssignmentRole.QUALIFYING, AssignmentRole.SEEDED})
"""The roles of those who rate exemplars."""


class AssignmentState(StrEnum):
    """Where an assignment stands."""

    OPEN = "open"
    """Free once its lease is over, and otherwise somebody's."""
    RELEASED = "released"
    CLOSED = "closed"
    """Nobody is to rate this any more."""


class Closing(StrEnum):
    """Why a place was closed."""

    OPEN = ""
    """It was not."""
    WITHDRAWN = "withdrawn"
    RESOLVED = "resolved"
    """What was there sufficed."""
    NOT_CALLED = "not called for"
    """Something that was said since calls for somebody else."""
    MORE_EVIDENCE = "more evidence"
    SUSPENDED = "suspended"
    """Whoever held it may not rate this at the moment."""
    SKIPPED = "skipped"


class AnotherLook(StrEnum):
    """Why somebody looks again at a result that stands."""

    NONE = ""
    DRAWN = "drawn"
    NEAR = "near the threshold"
    NEW_ASSESSOR = "new assessor"
    FLAGGED = "flagged"
    SUSPENDED = "assessor suspended"


class RubricVersion(Model):
    """One version of a rubric; never changed, so that a rating keeps the rubric it was made on."""

    __tablename__ = "rubric"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[NewId]
    key: Mapped[Key]
    version: Mapped[int]
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    content: Mapped[LongText]
    """Canonical JSON of `rubrics.Rubric`."""
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[Moment]


class Task(Model):
    """One version of something that learners are asked to show."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        Index(
            "uq_task_current",
            "key",
            unique=True,
            sqlite_where=text("is_current = 1"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[NewId]
    key: Mapped[Key]
    version: Mapped[int]
    is_current: Mapped[bool]
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    rubric_id: Mapped[Id] = mapped_column(ForeignKey("rubric.id"))
    title: Mapped[Wording]
    brief: Mapped[Wording]
    competency_keys: Mapped[Data]
    policy: Mapped[Data]
    """What `rubrics.Policy` is made from, without its rubric."""
    handling: Mapped[Data] = mapped_column(default=dict)
    """How the work is dealt with: `handling.Handling` says which fields there are."""
    languages: Mapped[Data]
    published_at: Mapped[Moment]

    rubric: Mapped[RubricVersion] = relationship()


class TaskPartner(Model):
    """An institution that lends assessors to one version of a task."""

    __tablename__ = "task_partner"
    __table_args__ = (Index("ix_task_partner_institution", "institution_id"),)

    task_id: Mapped[Id] = mapped_column(ForeignKey("task.id"), primary_key=True)
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"), primary_key=True)


class Performance(Model):
    """Something that one learner shows for one task."""

    __tablename__ = "performance"
    __table_args__ = (
        UniqueConstraint("learner_id", "task_key", "number"),
        Index(
            "uq_performance_open",
            "learner_id",
            "task_key",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("ix_performance_id", "id"),
    )

    learner_id: Mapped[Id] = mapped_column(ForeignKey("learner.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    task_id: Mapped[Id] = mapped_column(ForeignKey("task.id"))
    task_key: Mapped[Key]
    number: Mapped[int]
    """1 for the learner's first performance of this task; a unique key decides a race."""
    state: Mapped[PerformanceState] = mapped_column(String(40))
    round: Mapped[int]
    """Goes up each time that more evidence is asked for."""
    version: Mapped[int]
    """How often it was submitted."""
    outcome: Mapped[LongText | None]
    """Canonical JSON of what the ratings say together so far."""
    begun_at: Mapped[Moment]
    submitted_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]

    task: Mapped[Task] = relationship()
    attachments: Mapped[list[Attachment]] = relationship(
        order_by="Attachment.position", viewonly=True
    )
    submissions: Mapped[list[Submission]] = relationship(
        order_by="Submission.version", viewonly=True
    )

    @property
    def shown(self) -> list[Attachment]:
        """What belongs to it now: all that was not taken out again."""
        return [each for each in self.attachments if each.until_version is None]


class Submission(Model):
    """One handing in: what it held, and what the learner declared in the words that were read."""

    __tablename__ = "submission"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    performance_id: Mapped[Id] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    statement: Mapped[LongText]
    language: Mapped[Short]
    pieces: Mapped[Data] = mapped_column(default=dict)
    """Where to look for each criterion, by the id of the attachment, as it stood then."""
    submitted_at: Mapped[Moment]


class Attachment(Model):
    """One artefact as a piece of a performance, with where to look for each criterion."""

    __tablename__ = "attachment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        ForeignKeyConstraint(["learner_id", "artefact_id"], ["artefact.learner_id", "artefact.id"]),
        UniqueConstraint("learner_id", "performance_id", "position"),
        UniqueConstraint("learner_id", "performance_id", "artefact_id"),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    performance_id: Mapped[Id]
    artefact_id: Mapped[Id]
    position: Mapped[int]
    anchors: Mapped[Data]
    """Where to look for each criterion, by its key; "" for everywhere."""
    since_version: Mapped[int]
    """The version that it was first submitted in."""
    until_version: Mapped[int | None]
    """The last version that it was part of, where it was taken out since."""
    attached_at: Mapped[Moment]

    artefact: Mapped[Artefact] = relationship(lazy="joined", viewonly=True)


class Assignment(Model):
    """A place for one person to rate a performance; unique keys decide who has it."""

    __tablename__ = "assignment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        UniqueConstraint("performance_id", "round", "role", "slot"),
        UniqueConstraint("person_id", "performance_id", "round"),
        Index(
            "ix_assignment_waiting",
            *("institution_id", "rubric_key", "language", "turn_at", "id"),
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_assignment_performance", "performance_id", "role"),
        Index(
            "ix_assignment_person_state",
            *("person_id", "state"),
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
    )

    id: Mapped[NewId]
    learner_id: Mapped[Id]
    performance_id: Mapped[Id]
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    round: Mapped[int]
    role: Mapped[AssignmentRole] = mapped_column(String(40))
    slot: Mapped[int]
    criteria: Mapped[Data]
    """The criteria to mark; an adjudicator is asked about those in dispute alone."""
    rubric_key: Mapped[Key]
    """The skill that it takes to rate this."""
    language: Mapped[Short]
    """The language in which it was handed in."""
    state: Mapped[AssignmentState] = mapped_column(String(40))
    risk: Mapped[int] = mapped_column(default=0)
    """What comes first: the higher, the sooner."""
    turn_at: Mapped[Moment]
    """What the queue is in the order of: when it is due, put forward by its risk."""
    is_shared: Mapped[bool] = mapped_column(default=False)
    """Whether assessors of the task's partners may take it too."""
    waiting_since: Mapped[Moment]
    due_at: Mapped[Moment]
    closed_because: Mapped[Closing] = mapped_column(String(40), default="")
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """Who has it, or had it last."""
    leased_until: Mapped[Moment]
    """Past while nobody has it."""

    performance: Mapped[Performance] = relationship()


class RatingRow(Model):
    """What one person says on one assignment: a draft until released, never changed afterwards."""

    __tablename__ = "rating"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        UniqueConstraint("assignment_id", "person_id"),
        Index(
            "uq_rating_released",
            "assignment_id",
            unique=True,
            sqlite_where=text("released_at IS NOT NULL"),
            postgresql_where=text("released_at IS NOT NULL"),
        ),
        Index("ix_rating_performance", "performance_id"),
        Index("ix_rating_person", "person_id", "released_at"),
    )

    id: Mapped[NewId]
    learner_id: Mapped[Id]
    performance_id: Mapped[Id]
    assignment_id: Mapped[Id] = mapped_column(ForeignKey("assignment.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    round: Mapped[int]
    role: Mapped[AssignmentRole] = mapped_column(String(40))
    marks: Mapped[Data]
    """The level of each criterion; null for "not observed", absent while undecided."""
    comments: Mapped[Data]
    revision: Mapped[int] = mapped_column(default=0)
    """Goes up with each save, so that a stale window is told."""
    begun_at: Mapped[Moment]
    saved_at: Mapped[Moment]
    released_at: Mapped[Moment | None]

    assignment: Mapped[Assignment] = relationship()


class RatingVoid(Model):
    """That a released rating no longer counts, why, and by whose word; the rating itself stays."""

    __tablename__ = "rating_void"

    rating_id: Mapped[Id] = mapped_column(ForeignKey("rating.id"), primary_key=True)
    reason: Mapped[LongText]
    voided_by: Mapped[Key]
    voided_at: Mapped[Moment]


class ResolutionRow(Model):
    """One conclusion of a performance, which its evidence comes from; an appeal makes another."""

    __tablename__ = "resolution"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        UniqueConstraint("learner_id", "performance_id", "number"),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    performance_id: Mapped[Id]
    number: Mapped[int]
    round: Mapped[int]
    outcome: Mapped[LongText]
    evidence_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    repeats: Mapped[Data] = mapped_column(default=list)
    """Performances, by their ids, in which the learner had shown the very same work before."""
    draw: Mapped[int] = mapped_column(default=0)
    """What was drawn, out of 10 000, to decide whether somebody looks again."""
    another_look: Mapped[AnotherLook] = mapped_column(String(40), default=AnotherLook.NONE)
    resolved_at: Mapped[Moment]


class Skip(Model):
    """That somebody does not rate a performance, and why: it is never offered to them again."""

    __tablename__ = "skip"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        Index("ix_skip_performance", "learner_id", "performance_id"),
    )

    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), primary_key=True)
    performance_id: Mapped[Id] = mapped_column(primary_key=True)
    learner_id: Mapped[Id]
    assignment_id: Mapped[Id] = mapped_column(ForeignKey("assignment.id"))
    reason: Mapped[Short]
    words: Mapped[LongText]
    skipped_at: Mapped[Moment]


class SecondLook(Model):
    """That somebody asked for another look at a performance, once each, and why."""

    __tablename__ = "second_look"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    performance_id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), primary_key=True)
    assignment_id: Mapped[Id] = mapped_column(ForeignKey("assignment.id"))
    words: Mapped[LongText]
    asked_at: Mapped[Moment]
