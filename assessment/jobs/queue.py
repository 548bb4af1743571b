"""Claiming jobs and settling them: each step a short transaction, never one around the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update

from assessment import clock, transactions
from assessment.extensions import db
from assessment.jobs.handlers import DEFAULT_SECONDS, HANDLERS, LEASE_MARGIN_SECONDS
from assessment.jobs.models import Job, JobState

MAX_TRIES = 8
LONGEST_PAUSE_SECONDS = 3600
LONGEST_ERROR = 2000


@dataclass(frozen=True)
class Claim:
    """A job that is ours until its lease ends."""

    job_id: str
    kind: str
    payload: dict[str, Any]
    tries: int
    lease_until: datetime


def claim() -> Claim | None:
    """Return the job that waited longest, leased to the caller and committed; None if none waits.

    A job whose worker died is free again when its lease has ended. One that killed its worker as
    often as a job may be tried is given up, so that it cannot do so for ever.
    """
    nothing_waits = db.session.scalars(_waiting().limit(1)).first() is None
    transactions.rollback()
    if nothing_waits:  # asked first, so that an idle worker never holds the one writer's lock
        return None
    with transactions.writing():
        job = db.session.scalars(_waiting().limit(1).with_for_update(skip_locked=True)).first()
        if job is None:
            return None
        if job.tries >= MAX_TRIES:
            job.state = JobState.GIVEN_UP
            job.last_error = f"The worker ended without a word {job.tries} times."
            return None
        return _lease(job)


def _waiting() -> Select[Job]:
    moment = clock.now()
    return (
        select(Job)
        .where(
            Job.state == JobState.WAITING,
            Job.run_at <= moment,
            or_(Job.lease_until.is_(None), Job.lease_until < moment),
        )
        .order_by(Job.run_at, Job.id)
    )


def _lease(job: Job) -> Claim:
    known = HANDLERS.get(job.kind)
    seconds = known.lease_seconds if known else DEFAULT_SECONDS + LEASE_MARGIN_SECONDS
    job.tries += 1
    job.lease_until = clock.now() + timedelta(seconds=seconds)
    db.session.flush()
    return Claim(job.id, job.kind, dict(job.payload), job.tries, job.lease_until)


def finish(claimed: Claim) -> None:
    """Write that the job is done, unless the lease has passed to another."""
    known = HANDLERS.get(claimed.kind)
    values: dict[str, Any] = {"state": JobState.DONE, "done_at": clock.now(), "lease_until": None}
    if known and known.forgets:
        values["payload"] = {}
    _settle(claimed, **values)


def postpone(claimed: Claim, seconds: int, reason: str) -> None:
    """Write that the job waits on, and that this was no try."""
    _settle(
        claimed,
        tries=claimed.tries - 1,
        run_at=clock.now() + timedelta(seconds=seconds),
        lease_until=None,
        last_error=reason[:LONGEST_ERROR],
    )


def fail(claimed: Claim, error: str, *, hopeless: bool = False) -> None:
    """Write why the job did not succeed; it is tried again later, or given up."""
    if hopeless or claimed.tries >= MAX_TRIES:
        _settle(
            claimed, state=JobState.GIVEN_UP, lease_until=None, last_error=error[:LONGEST_ERROR]
        )
        return
    _settle(
        claimed,
        run_at=clock.now() + timedelta(seconds=pause_seconds(claimed.tries)),
        lease_until=None,
        last_error=error[:LONGEST_ERROR],
    )


def pause_seconds(tries: int) -> int:
    """Return how long a job waits after so many tries: 4 s, doubled each time, up to an hour."""
    return int(min(LONGEST_PAUSE_SECONDS, 2 * 2**tries))


def _settle(claimed: Claim, **values: Any) -> None:
    with transactions.writing():
        db.session.execute(update(Job).where(*_ours(claimed)).values(**values))


def _ours(claimed: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        Job.id == claimed.job_id,
        Job.state == JobState.WAITING,
        Job.lease_until == claimed.lease_until,
    )


def waiting_count(kind: str | None = None) -> int:
    """Return how many jobs wait, of one kind or of any."""
    query = select(func.count(Job.id)).where(Job.state == JobState.WAITING)
    if kind is not None:
        query = query.where(Job.kind == kind)
    return db.session.scalar(query) or 0


def wake(kind: str) -> None:
    """Let every waiting job of `kind` run now; flushed, not committed."""
    db.session.execute(
        update(Job)
        .where(Job.kind == kind, Job.state == JobState.WAITING)
        .values(run_at=clock.now())
    )
