"""Tables of what is said about a performance: messages, appeals and complaints."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.columns import Id, Key, LongText, Moment
from assessment.extensions import Model
from assessment.ids import ID_LENGTH, new_id
from assessment.performances.models import Assignment, Performance, ResolutionRow


class Side(StrEnum):
    """Who wrote a message, as far as the other side is told."""

    LEARNER = "learner"
    ASSESSOR = "assessor"


class Matter(StrEnum):
    """What a complaint is about; never a level, for which there is the appeal."""

    CONDUCT = "conduct"
    """How somebody treated the learner."""
    DELAY = "delay"
    ACCESS = "access"
    """Something that could not be used, or an accommodation that was missing."""
    PRIVACY = "privacy"
    OTHER = "other"


class Message(Model):
    """One message between a learner and those who rate a performance; never changed."""

    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    performance_id: Mapped[Id] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[Side] = mapped_column(String(40))
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignment.id"))
    """The place that the assessor held who wrote it."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """The assessor who wrote it; no page shows who."""
    answers: Mapped[int | None]
    """The number of the message that it answers: whoever wrote that one reads it, and no other."""
    text: Mapped[LongText]
    written_at: Mapped[Moment]


class Appeal(Model):
    """That a learner asks somebody new to look again at some criteria of a result."""

    __tablename__ = "appeal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        ForeignKeyConstraint(
            ["learner_id", "resolution_id"], ["resolution.learner_id", "resolution.id"]
        ),
        Index("ix_appeal_performance", "learner_id", "performance_id"),
        Index("ix_appeal_assignment", "assignment_id"),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    performance_id: Mapped[Id]
    resolution_id: Mapped[Id]
    assignment_id: Mapped[Id] = mapped_column(ForeignKey("assignment.id"))
    """The place of whoever looks again; another one where their rating was set aside."""
    made_at: Mapped[Moment]
    withdrawn_at: Mapped[Moment | None]
    """When its learner took it back, before anybody had decided on it."""

    performance: Mapped[Performance] = relationship(viewonly=True)
    resolution: Mapped[ResolutionRow] = relationship(viewonly=True)
    assignment: Mapped[Assignment] = relationship()
    criteria: Mapped[list[AppealedCriterion]] = relationship(
        order_by="AppealedCriterion.position", viewonly=True
    )


class AppealedCriterion(Model):
    """One criterion of an appeal, and why the learner disagrees; once for each result.

    What was taken back before anybody had begun to look does not count: it can be appealed anew.
    """

    __tablename__ = "appealed_criterion"
    __table_args__ = (
        ForeignKeyConstraint(["learner_id", "appeal_id"], ["appeal.learner_id", "appeal.id"]),
        ForeignKeyConstraint(
            ["learner_id", "resolution_id"], ["resolution.learner_id", "resolution.id"]
        ),
        UniqueConstraint("learner_id", "appeal_id", "position"),
        Index(
            "uq_appealed_criterion_standing",
            *("learner_id", "resolution_id", "criterion"),
            unique=True,
            sqlite_where=sql("withdrawn_at IS NULL"),
            postgresql_where=sql("withdrawn_at IS NULL"),
        ),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    appeal_id: Mapped[Id] = mapped_column(primary_key=True)
    criterion: Mapped[Key] = mapped_column(primary_key=True)
    resolution_id: Mapped[Id]
    withdrawn_at: Mapped[Moment | None]
    position: Mapped[int]
    level: Mapped[Key]
    """The level that stood when it was appealed."""
    reason: Mapped[LongText]


class Complaint(Model):
    """What a learner holds against the way their work was dealt with; no assessor sees it."""

    __tablename__ = "complaint"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        Index("ix_complaint_performance", "learner_id", "performance_id"),
        Index("ix_complaint_institution", "institution_id", "answered_at"),
        Index("ix_complaint_id", "id"),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    performance_id: Mapped[Id]
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    matter: Mapped[Matter] = mapped_column(String(40))
    text: Mapped[LongText]
    made_at: Mapped[Moment]
    answer: Mapped[LongText | None]
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[Moment | None]

    performance: Mapped[Performance] = relationship(viewonly=True)
