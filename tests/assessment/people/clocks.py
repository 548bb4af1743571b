"""A clock that tests set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assessment import clock

MORNING = datetime(2027, 5, 3, 9, 0, 30, tzinfo=UTC)


class StoppedClock:
    """Stands still until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = MORNING
        monkeypatch.setattr(clock, "now", lambda: self.moment)

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)
