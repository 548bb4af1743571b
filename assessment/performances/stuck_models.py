"""The table of places that nobody may take: since when, why, and whether somebody was told."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.columns import Id, Moment
from assessment.extensions import Model
from assessment.performances.models import Assignment
from assessment.performances.reviewers import Why


class StuckPlace(Model):
    """A place that nobody may take, as it was last looked at; gone once somebody may."""

    __tablename__ = "stuck_place"
    __table_args__ = (Index("ix_stuck_place_institution", "institution_id", "told_at"),)

    assignment_id: Mapped[Id] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    because: Mapped[Why] = mapped_column(String(40))
    found_at: Mapped[Moment]
    told_at: Mapped[Moment | None]
    """When the institution was first told of it."""

    assignment: Mapped[Assignment] = relationship()
