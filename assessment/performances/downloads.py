"""Files as they leave us: never shown in the page, under a name of ours, of a type that we know."""

from __future__ import annotations

from flask import Response

from assessment import storage
from assessment.artefacts.models import Artefact
from assessment.performances.media import MediaType

ISOLATED = "default-src 'none'; sandbox; frame-ancestors 'none'"


def download(artefact: Artefact, number: int) -> Response:
    """Return an artefact as an attachment that no browser opens as a page of ours."""
    kind = MediaType(artefact.media_type)
    name = f"evidence-{number}{kind.suffix}"
    response = Response(storage.read(artefact.storage_key or ""), content_type=kind.value)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = ISOLATED
    return response


def picture(data: bytes) -> Response:
    """Return a picture that we have drawn ourselves, to be shown in a page."""
    return Response(data, content_type=MediaType.JPEG.value)
