"""Tables of the assessors' place: the comments that they use again, and how they like to work."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from assessment.columns import Id, Key, LongText, Moment, NewId, Short
from assessment.extensions import Model


class StockComment(Model):
    """A comment that one assessor keeps, to use it again on one rubric."""

    __tablename__ = "stock_comment"
    __table_args__ = (Index("ix_stock_comment", "person_id", "rubric_key"),)

    id: Mapped[NewId]
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    rubric_key: Mapped[Key]
    language: Mapped[Short]
    text: Mapped[LongText]
    kept_at: Mapped[Moment]
