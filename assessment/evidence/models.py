"""Tables of the ledger; `learner_id` leads every key, so that one learner's rows lie together."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.columns import Id, Key, LongText, Moment
from assessment.extensions import Model
from assessment.ids import ID_LENGTH, new_id


class EvidenceKind(StrEnum):
    """What produced a row of evidence."""

    TEST = "test"
    RUBRIC = "rubric"
    RECOGNITION = "recognition"


class Evidence(Model):
    """One row of the ledger."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("learner_id", "kind", "source_id"),
        Index("ix_evidence_id", "id"),
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


class EvidenceVoid(Model):
    """That a row of evidence no longer counts, why, and by whose word."""

    __tablename__ = "evidence_void"
    __table_args__ = (
        ForeignKeyConstraint(["learner_id", "evidence_id"], ["evidence.learner_id", "evidence.id"]),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    evidence_id: Mapped[Id] = mapped_column(primary_key=True)
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
