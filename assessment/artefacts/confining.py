"""The bounds of a process that reads what learners sent, which it sets itself as it begins."""

from __future__ import annotations

import resource

MOST_MEMORY = 1_500_000_000
MOST_SECONDS = 90
MOST_WRITTEN = 50_000_000


def limit(most_written: int = MOST_WRITTEN) -> None:
    """Let this process have only so much memory, time and room on the disk."""
    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, most_written),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
