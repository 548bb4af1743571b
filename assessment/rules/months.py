"""Calendar months, as people count them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day where it has none.

    31 January and one month is 28 February (29 in a leap year). Beyond the year 9999 it is the last
    day there is.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> int:
    """Return the months from `first` to `last`, a begun month counted whole; 0 if none began."""
    months = max(0, (last.year - first.year) * 12 + last.month - first.month)
    return months if last <= months_later(first, months) else months + 1
