"""Tables of decisions and awards."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.catalogue.models import Achievement, AchievementVersion
from assessment.columns import Id, Key, LongText, Moment
from assessment.credentials.models import RevokedFor
from assessment.extensions import Model
from assessment.ids import ID_LENGTH, new_id


class AwardState(StrEnum):
    """Where an award stands."""

    OFFERED = "offered"
    AWARDED = "awarded"
    DECLINED = "declined"
    LAPSED = "lapsed"
    REVOKED = "revoked"
    EXPIRED = "expired"
    """Its last day is past; until the learner is considered again, it may still say awarded."""


STANDING = "state IN ('offered', 'awarded')"


class Decision(Model):
    """The replayable record of a rule applied to evidence."""

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_id", "id"),)

    learner_id: Mapped[Id] = mapped_column(ForeignKey("learner.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    achievement_version_id: Mapped[Id] = mapped_column(ForeignKey("achievement_version.id"))
    rule: Mapped[LongText]
    facts: Mapped[LongText]
    """Canonical JSON of every fact that the rule could read."""
    outcome: Mapped[LongText]
    """Canonical JSON of the outcome tree."""
    outcome_digest: Mapped[str] = mapped_column(String(64))
    met: Mapped[bool]
    on_date: Mapped[date]
    """In the awarding institution's zone."""
    decided_at: Mapped[Moment]

    achievement_version: Mapped[AchievementVersion] = relationship()


class Award(Model):
    """An achievement granted, or offered, to a learner."""

    __tablename__ = "award"
    __table_args__ = (
        ForeignKeyConstraint(["learner_id", "decision_id"], ["decision.learner_id", "decision.id"]),
        Index(
            "uq_award_standing",
            "learner_id",
            "achievement_id",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
        Index("ix_award_id", "id"),
    )

    learner_id: Mapped[Id] = mapped_column(ForeignKey("learner.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    achievement_id: Mapped[Id] = mapped_column(ForeignKey("achievement.id"))
    achievement_version_id: Mapped[Id] = mapped_column(ForeignKey("achievement_version.id"))
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"), index=True)
    """The awarding institution."""
    decision_id: Mapped[Id]
    state: Mapped[AwardState] = mapped_column(String(40))
    created_at: Mapped[Moment]
    offer_ends_at: Mapped[Moment | None]
    awarded_at: Mapped[Moment | None]
    expires_on: Mapped[date | None]
    ended_at: Mapped[Moment | None]
    reason: Mapped[LongText] = mapped_column(default="")
    """Why it was revoked."""
    revoked_for: Mapped[RevokedFor | None] = mapped_column(String(40))
    """The sort of reason: by the same work it is earned again only where the evidence fell."""
    supersedes_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))

    achievement: Mapped[Achievement] = relationship()
    achievement_version: Mapped[AchievementVersion] = relationship()
    decision: Mapped[Decision] = relationship(viewonly=True)


class AwardDoubt(Model):
    """That evidence which an award rests on fell, and what the registrar decided.

    It is open while the award stands and nobody said that it stays.
    """

    __tablename__ = "award_doubt"
    __table_args__ = (
        ForeignKeyConstraint(["learner_id", "award_id"], ["award.learner_id", "award.id"]),
        ForeignKeyConstraint(["learner_id", "evidence_id"], ["evidence.learner_id", "evidence.id"]),
        Index("ix_award_doubt_award", "award_id"),
        Index(
            "ix_award_doubt_open",
            "raised_at",
            sqlite_where=text("kept_at IS NULL"),
            postgresql_where=text("kept_at IS NULL"),
        ),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    award_id: Mapped[Id] = mapped_column(primary_key=True)
    evidence_id: Mapped[Id] = mapped_column(primary_key=True)
    raised_at: Mapped[Moment]
    kept_because: Mapped[LongText] = mapped_column(default="")
    """Why the award stays all the same."""
    kept_by: Mapped[Key] = mapped_column(default="")
    kept_at: Mapped[Moment | None]

    award: Mapped[Award] = relationship(viewonly=True)
