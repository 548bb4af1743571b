"""CPU seconds of a piece of work: the least of several runs, since others only add to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Timed(Generic[T]):
    """What work returned, and the CPU seconds that it took."""

    result: T
    seconds: float


def timed(work: Callable[[], T], repeats: int = 1) -> Timed[T]:
    """Return the result of work and the least CPU that it took in so many runs."""
    best: Timed[T] | None = None
    for _ in range(repeats):
        before = time.process_time()
        result = work()
        seconds = time.process_time() - before
        if best is None or seconds < best.seconds:
            best = Timed(result, seconds)
    if best is None:
        raise ValueError("`repeats` must be 1 or more; got 0.")
    return best
