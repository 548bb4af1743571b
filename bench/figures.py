"""Figures, and the one table that prints them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measured figure, beside the most that it may be, where there is such a limit."""

    name: str
    measured: float
    unit: str = ""
    limit: float | None = None

    @property
    def ratio(self) -> float | None:
        """The share of the limit that is used up."""
        return None if self.limit is None else self.measured / self.limit

    @property
    def verdict(self) -> str:
        """Whether the limit is kept, in a word."""
        if self.ratio is None:
            return ""
        return "ok" if self.ratio <= 1 else "over"


@dataclass(frozen=True)
class Skipped:
    """A figure that cannot be measured here, and why."""

    name: str
    reason: str


Finding = Figure | Skipped


def table(findings: Iterable[Finding]) -> Table:
    """Return the table of all figures, in the order in which they were measured."""
    grid = Table(box=None, pad_edge=False)
    grid.add_column("figure")
    for title in ("measured", "limit", "ratio", ""):
        grid.add_column(title, justify="right", no_wrap=True)
    for finding in findings:
        grid.add_row(*_cells(finding))
    return grid


def _cells(finding: Finding) -> tuple[str, ...]:
    if isinstance(finding, Skipped):
        return (f"{finding.name}: {finding.reason}", "", "", "", "skipped")
    return (
        finding.name,
        _figure(finding.measured, finding.unit),
        _figure(finding.limit, finding.unit),
        _figure(finding.ratio, ""),
        finding.verdict,
    )


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 3 if abs(value) < 0.1 else 2
    return f"{value:.{digits}f} {unit}".rstrip()
