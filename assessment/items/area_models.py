"""The table of what a test's areas tell: which of them have a figure of their own."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.columns import Data, Id, Key, Moment, NewId
from assessment.extensions import Model
from assessment.items.models import Test


class AreaReport(Model):
    """What recorded sittings of a test say of its areas; a later one takes its place."""

    __tablename__ = "area_report"
    __table_args__ = (UniqueConstraint("test_id", "number"),)

    id: Mapped[NewId]
    test_id: Mapped[Id] = mapped_column(ForeignKey("test.id"))
    number: Mapped[int]
    """1 for the test's first; a unique key decides a race."""
    persons: Mapped[int]
    """How many sittings it rests on."""
    areas: Mapped[Data]
    """By area: `items`, `reliability`, `prmse`, `prmse_total`, `prmse_augmented`, and `told`,
    whether its own score tells more of it than the total does."""
    made_by: Mapped[Key]
    made_at: Mapped[Moment]

    test: Mapped[Test] = relationship()
