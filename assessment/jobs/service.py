"""Put work into the table of jobs; the worker takes it from there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assessment import clock
from assessment.ids import new_id
from assessment.jobs.models import Job, JobState
from assessment.upsert import insert_once


def enqueue(
    kind: str,
    payload: dict[str, Any],
    *,
    once_key: str | None = None,
    run_at: datetime | None = None,
) -> None:
    """Write a job into this transaction; a second one with the same `once_key` is the first."""
    moment = clock.now()
    insert_once(
        Job,
        id=new_id(),
        kind=kind,
        once_key=once_key,
        payload=payload,
        state=JobState.WAITING,
        run_at=run_at or moment,
        created_at=moment,
        tries=0,
        last_error="",
    )
