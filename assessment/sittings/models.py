"""Tables of sittings."""

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

from assessment.columns import Data, Id, Key, LongText, Moment, NewId, Short
from assessment.extensions import Model
from assessment.ids import ID_LENGTH, new_id
from assessment.items.models import ItemVersion, Test


class SittingState(StrEnum):
    """Where a sitting stands."""

    OPEN = "open"
    SCORED = "scored"


class Ending(StrEnum):
    """How a sitting ended."""

    SUBMITTED = "submitted"
    TIME = "time"
    COMPLETE = "complete"
    """An adaptive test had what it needed."""


class Sitting(Model):
    """One attempt by one learner at one test."""

    __tablename__ = "sitting"
    __table_args__ = (
        UniqueConstraint("learner_id", "test_key", "number"),
        Index(
            "uq_sitting_open",
            "learner_id",
            "test_key",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_sitting_id", "id"),
        Index("ix_sitting_state_deadline", "state", "deadline"),
        Index("ix_sitting_test_started", "test_id", "started_at"),
    )

    learner_id: Mapped[Id] = mapped_column(ForeignKey("learner.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    test_id: Mapped[Id] = mapped_column(ForeignKey("test.id"))
    test_key: Mapped[Key]
    number: Mapped[int]
    """1 for the learner's first sitting of this test; a unique key decides a race."""
    state: Mapped[SittingState] = mapped_column(String(40))
    ending: Mapped[Ending | None] = mapped_column(String(40))
    seed: Mapped[Key]
    started_at: Mapped[Moment]
    deadline: Mapped[Moment | None]
    """The server's; None for a test without a time limit."""
    minutes_standard: Mapped[int | None]
    minutes_allowed: Mapped[int | None]
    """With accommodations."""
    given_back_seconds: Mapped[int] = mapped_column(default=0)
    """Time lost to outages of ours, returned unasked."""
    ended_at: Mapped[Moment | None]
    position: Mapped[int] = mapped_column(default=1)
    """The question last shown, so that another device resumes there."""
    supervision: Mapped[Short] = mapped_column(default="none")
    identity: Mapped[Short] = mapped_column(default="sign-in")
    terms_version: Mapped[Short]
    terms: Mapped[Data]
    """What was shown before the start: time, attempts, cost, waiting."""
    score: Mapped[LongText | None]
    """Canonical JSON of `itembank.Score`."""
    parameter_set_id: Mapped[Id | None] = mapped_column(ForeignKey("parameter_set.id"))
    """The scale that it is scored on, fixed when it begins; None for a bank without one."""
    withheld: Mapped[Data | None]
    """Item versions of that scale that an adaptive sitting never asks, fixed when it begins."""

    form_number: Mapped[int | None]
    """Which of the test's parallel forms it was given; None where it was drawn for itself alone."""

    test: Mapped[Test] = relationship()
    questions: Mapped[list[SittingItem]] = relationship(order_by="SittingItem.position")
    responses: Mapped[list[Response]] = relationship(order_by="Response.position")


class SittingItem(Model):
    """An item of a sitting, with its order of options; never changed.

    A linear sitting has all of them from the start, an adaptive one gets each when the answer
    before it is in.
    """

    __tablename__ = "sitting_item"
    __table_args__ = (
        ForeignKeyConstraint(["learner_id", "sitting_id"], ["sitting.learner_id", "sitting.id"]),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    sitting_id: Mapped[Id] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[Id] = mapped_column(ForeignKey("item_version.id"))
    option_order: Mapped[Data]
    choice: Mapped[Data | None]
    """Why an adaptive test chose it: theta, se, candidates, draw; None in a linear test."""

    item_version: Mapped[ItemVersion] = relationship()


class Response(Model):
    """What a learner answered to one question; the last saved answer counts."""

    __tablename__ = "response"
    __table_args__ = (
        ForeignKeyConstraint(["learner_id", "sitting_id"], ["sitting.learner_id", "sitting.id"]),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    sitting_id: Mapped[Id] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[LongText]
    """Canonical JSON of `itembank.Answer`."""
    revision: Mapped[int]
    flagged: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[Moment]


class StartCode(Model):
    """An invigilator's code that starts a supervised sitting; only its hash is kept."""

    __tablename__ = "start_code"

    id: Mapped[NewId]
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    test_key: Mapped[Key]
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    supervision: Mapped[Short]
    identity: Mapped[Short]
    issued_by: Mapped[Key]
    issued_at: Mapped[Moment]
    expires_at: Mapped[Moment]


class Outage(Model):
    """A time in which we were not there; open sittings get it back."""

    __tablename__ = "outage"

    id: Mapped[NewId]
    began_at: Mapped[Moment]
    ended_at: Mapped[Moment]
    sittings_credited: Mapped[int]


class Heartbeat(Model):
    """When the server was last known to be there."""

    __tablename__ = "heartbeat"

    name: Mapped[Short] = mapped_column(primary_key=True)
    beat_at: Mapped[Moment]
