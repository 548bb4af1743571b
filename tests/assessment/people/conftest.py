"""Fixtures of people's tests."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from assessment.people import passwords
from tests.assessment.people.clocks import StoppedClock


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    """Return a clock that stands still until the test moves it."""
    return StoppedClock(monkeypatch)


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the hashes that argon2 is asked to verify from now on."""
    seen: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # Literal[True]
            seen.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(
        passwords, "_hasher", Counting(time_cost=2, memory_cost=19456, parallelism=1)
    )
    return seen
