"""Tables of performances: rubrics, tasks, what was shown, who looks at it, and what they say."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.columns import STORED, Data, Id, Key, Line, LongText, Moment, NewId, Short, Wording
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


EDITABLE = frozenset({PerformanceState.DRAFT, PerformanceState.MORE_EVIDENCE})
"""States in which the learner may change what is shown."""
ENDED = frozenset({PerformanceState.RESOLVED, PerformanceState.WITHDRAWN})


class AssignmentRole(StrEnum):
    """As what somebody is asked to rate."""

    ASSESSOR = "assessor"
    THIRD = "third"
    """An assessor who is called because the first ones differ, and is not told so."""
    ADJUDICATOR = "adjudicator"


class AssignmentState(StrEnum):
    """Where an assignment stands."""

    OPEN = "open"
    """Free once its lease is over, and otherwise somebody's."""
    RELEASED = "released"
    CLOSED = "closed"
    """The performance was withdrawn."""


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
    languages: Mapped[Data]
    published_at: Mapped[Moment]

    rubric: Mapped[RubricVersion] = relationship()


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
            sqlite_where=text("state NOT IN ('resolved', 'withdrawn')"),
            postgresql_where=text("state NOT IN ('resolved', 'withdrawn')"),
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
    statement: Mapped[LongText] = mapped_column(default="")
    """What the learner declared on submitting, in the words that were read."""
    outcome: Mapped[LongText | None]
    """Canonical JSON of what the ratings say together so far."""
    begun_at: Mapped[Moment]
    submitted_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]

    task: Mapped[Task] = relationship()
    artefacts: Mapped[list[Artefact]] = relationship(order_by="Artefact.position")


class Artefact(Model):
    """One piece of evidence: a text or a file, attached to the criteria that it shows."""

    __tablename__ = "artefact"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        UniqueConstraint("learner_id", "performance_id", "position"),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    performance_id: Mapped[Id]
    position: Mapped[int]
    storage_key: Mapped[str] = mapped_column(String(200), info=STORED)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[Short]
    """By its content, whatever it is called."""
    size: Mapped[int]
    original_name: Mapped[Line | None]
    """As the learner called it: shown to the learner alone, and erasable."""
    anchors: Mapped[Data]
    """Where to look for each criterion, by its key; "" for everywhere."""
    since_version: Mapped[int]
    """The version that it was first submitted in."""
    added_at: Mapped[Moment]


class Assignment(Model):
    """A place for one person to rate a performance; unique keys decide who has it."""

    __tablename__ = "assignment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        UniqueConstraint("performance_id", "round", "role", "slot"),
        UniqueConstraint("person_id", "performance_id", "round"),
        Index("ix_assignment_queue", "institution_id", "state", "waiting_since"),
        Index("ix_assignment_person_state", "person_id", "state"),
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
    state: Mapped[AssignmentState] = mapped_column(String(40))
    waiting_since: Mapped[Moment]
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
    saved_at: Mapped[Moment]
    released_at: Mapped[Moment | None]

    assignment: Mapped[Assignment] = relationship()
