"""What a worker does for the desk: forget uploads that were looked at."""

from __future__ import annotations

from assessment.authoring import uploads
from assessment.jobs.handlers import Payload, handler


@handler(uploads.FORGET)
def forget_upload(payload: Payload) -> None:
    """Delete the files of an upload, a day after it was sent."""
    uploads.forget(payload["files"])
