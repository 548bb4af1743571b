"""What a worker does for artefacts: making copies to show, deleting, and clearing away."""

from __future__ import annotations

from assessment import storage
from assessment.artefacts import preparing, sweeping
from assessment.artefacts.keeping import FORGET, PREPARE
from assessment.jobs.handlers import Payload, every, handler

SWEEP_SECONDS = 3600.0
LONGEST_SECONDS = 300


@handler(PREPARE, seconds=LONGEST_SECONDS)
def prepare(payload: Payload) -> None:
    """Make the copies of one artefact that may be shown."""
    preparing.prepare(payload["learner_id"], payload["artefact_id"])


@handler(FORGET)
def forget(payload: Payload) -> None:
    """Delete the files of an artefact that was removed, or whose bytes were given back."""
    for name in payload["files"]:
        storage.delete(name)


@every(SWEEP_SECONDS, "artefacts.sweep")
def sweep() -> None:
    """Give up old uploads, and delete the files that no row names."""
    sweeping.expire()
    sweeping.clear_orphans()
