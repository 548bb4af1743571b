"""Tables of the ledger; `learner_id` leads every key, so that one learner's rows lie together."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assessment.columns import Id, Key, LongText, Moment
from assessment.extensions import Model
from assessment.ids import ID_LENGTH, new_id


class EvidenceKind(StrEnum):
    """What produced a row of evidence."""

    TEST = "test"
    RUBRIC = "rubric"
    RECOGNITION = "recognition"


_OF_WORK = text("work_id IS NOT NULL")


class Evidence(Model):
    """One row of the ledger."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("learner_id", "kind", "source_id"),
        Index("ix_evidence_id", "id"),
        Index("ix_evidence_work", "work_id", sqlite_where=_OF_WORK, postgresql_where=_OF_WORK),
    )

    learner_id: Mapped[Id] = mapped_column(ForeignKey("learner.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    kind: Mapped[EvidenceKind] = mapped_column(String(40))
    source_id: Mapped[Id]
    """The sitting, performance or recognition that it comes from."""
    measure_key: Mapped[Key]
    measure_version: Mapped[int]
    fact: Mapped[LongText]
    """Canonical JSON of the fact that rules read; floats rounded."""
    occurred_at: Mapped[Moment]
    recorded_at: Mapped[Moment]
    counts_from: Mapped[Moment | None]
    """Since when it counts as shown, where that is before it was recorded: as what it replaces."""
    work_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    """The same for all that was concluded on one piece of work, handed in once or several times."""


class VoidCause(StrEnum):
    """Why a row of evidence counts no more."""

    SET_ASIDE = "set aside"
    """Somebody said so, in words of their own; of rated work, that is final for the work."""
    FALLEN = "fallen"
    """What it rested on was set aside, and too little is left."""
    SUPERSEDED = "superseded"
    """A later conclusion on the same work took its place."""


class EvidenceVoid(Model):
    """That a row of evidence no longer counts, why, and by whose word."""

    __tablename__ = "evidence_void"
    __table_args__ = (
        ForeignKeyConstraint(["learner_id", "evidence_id"], ["evidence.learner_id", "evidence.id"]),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    evidence_id: Mapped[Id] = mapped_column(primary_key=True)
    cause: Mapped[VoidCause] = mapped_column(String(40), server_default=VoidCause.SET_ASIDE.value)
    reason: Mapped[LongText]
    voided_by: Mapped[Key]
    voided_at: Mapped[Moment]


class Hold(Model):
    """A veto on awards for one learner, such as an integrity hold."""

    __tablename__ = "hold"

    learner_id: Mapped[Id] = mapped_column(ForeignKey("learner.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    kind: Mapped[Key]
    reason: Mapped[LongText]
    placed_by: Mapped[Key]
    placed_at: Mapped[Moment]
    lifted_at: Mapped[Moment | None]
