"""The table of jobs; the row is the truth, whatever wakes a worker."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from assessment.columns import Data, Key, LongText, Moment, NewId
from assessment.extensions import Model


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    DONE = "done"
    GIVEN_UP = "given_up"


class Job(Model):
    """One piece of work, written in the transaction that caused it."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_run_at", "state", "run_at"),)

    id: Mapped[NewId]
    kind: Mapped[Key]
    once_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    """Two jobs with one key are one job."""
    payload: Mapped[Data]
    state: Mapped[JobState] = mapped_column(String(40))
    run_at: Mapped[Moment]
    lease_until: Mapped[Moment | None]
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[LongText] = mapped_column(default="")
    created_at: Mapped[Moment]
    done_at: Mapped[Moment | None]
