"""The only clock: aware UTC, and frozen by tests in one place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def telling(moment: datetime) -> Iterator[None]:
    """Let it be `moment`, here alone, while a demonstration tells what happened then."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)


def local_date(moment: datetime, zone: str) -> date:
    """Return the calendar date of `moment` in the zone named by `zone` (IANA)."""
    return moment.astimezone(ZoneInfo(zone)).date()
