"""The only clock: aware UTC, and frozen by tests in one place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, zone: str) -> date:
    """Return the calendar date of `moment` in the zone named by `zone` (IANA)."""
    return moment.astimezone(ZoneInfo(zone)).date()
