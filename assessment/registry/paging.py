"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from assessment.extensions import db

PAGE_SIZE = 50
Row = TypeVar("Row")
Found = TypeVar("Found", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list."""

    rows: tuple[Row, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """The number of pages, at least 1."""
        return _pages(self.total)


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE_SIZE))


def paged(query: Found, page: int, read: Callable[[Found], Iterable[Row]]) -> Page[Row]:
    """Return a page of what a query finds, as `read` makes it of its rows; the last one at most."""
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = min(max(1, page), _pages(total))
    found = query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return Page(tuple(read(found)), total, page)
