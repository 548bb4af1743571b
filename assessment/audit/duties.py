"""What a worker does for the audit log: anchors, every minute and at the end."""

from __future__ import annotations

from assessment.audit import anchors
from assessment.jobs.handlers import at_the_end, every

ANCHOR_SECONDS = 60


@at_the_end("anchor the audit log")
@every(ANCHOR_SECONDS, "anchor the audit log")
def anchor() -> None:
    """Write an anchor for what was added since the last one."""
    anchors.anchor()
