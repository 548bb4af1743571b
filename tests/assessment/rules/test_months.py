"""Calendar months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.rules.months import months_between, months_later


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2025-05-03", 0, "2025-05-03"),
        ("2025-05-03", 24, "2027-05-03"),
        ("2025-12-31", 1, "2026-01-31"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-08-31", 6, "2026-02-28"),
        ("9999-06-01", 7, "9999-12-31"),
    ],
)
def test_months_later(day: str, months: int, later: str) -> None:
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(later)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2025-05-03", "2025-05-03", 0),
        ("2025-05-03", "2025-05-02", 0),
        ("2025-05-03", "2025-05-04", 1),
        ("2025-05-03", "2025-06-03", 1),
        ("2025-05-03", "2025-06-04", 2),
        ("2025-01-31", "2025-02-28", 1),
        ("2025-01-31", "2025-03-01", 2),
        ("2023-05-03", "2025-05-03", 24),
    ],
)
def test_months_between(first: str, last: str, months: int) -> None:
    assert months_between(date.fromisoformat(first), date.fromisoformat(last)) == months


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 5000))
def test_months_between_is_the_fewest_that_reach(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    months = months_between(first, last)
    assert last <= months_later(first, months)
    assert months == 0 or last > months_later(first, months - 1)
