"""CPU seconds of a piece of work: the least of several runs, since others only add to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
Work: TypeAlias = Callable[[], object]
"""Something that is timed, whatever it returns."""


@dataclass(frozen=True)
class Timed(Generic[T]):
    """What work returned, and the CPU seconds that it took."""

    result: T
    seconds: float


def timed(work: Callable[[], T], repeats: int = 1) -> Timed[T]:
    """Return the result of work and the least CPU that it took in so many runs."""
    return min((_once(work) for _ in range(repeats)), key=lambda each: each.seconds)


def seconds_in_turn(works: Sequence[Work], repeats: int) -> list[float]:
    """Return the least CPU of each of several works, run in turn: each has the same luck."""
    runs = [[_once(work).seconds for work in works] for _ in range(repeats)]
    return [min(each) for each in zip(*runs, strict=True)]


def _once(work: Callable[[], T]) -> Timed[T]:
    before = time.process_time()
    result = work()
    return Timed(result, time.process_time() - before)
