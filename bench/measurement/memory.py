"""How much memory work takes at its peak, beyond what was held before it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")
_PEAK = "5"
_MEGABYTES = 1024


def can_be_measured() -> bool:
    """Return whether this system tells a process its peak of memory, and forgets it when asked."""
    return _STATUS.exists() and _RESET.exists()


def peak_growth(work: Callable[[], T]) -> float:
    """Return how many megabytes of memory, at the most, work held beyond what there was."""
    _RESET.write_text(_PEAK)
    before = _kilobytes("VmHWM")
    work()
    return (_kilobytes("VmHWM") - before) / _MEGABYTES


def _kilobytes(name: str) -> int:
    lines = _STATUS.read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:")))
