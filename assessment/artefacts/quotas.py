"""How much may be sent and kept, as the settings of this installation say."""

from __future__ import annotations

from flask import current_app

from assessment.artefacts.kinds import MediaType, NotTaken, media_type
from assessment.config import MEGABYTE, Quotas
from assessment.locale import gettext as _

MOST_OF_A_PAPER = 50 * MEGABYTE
"""Of a picture or a PDF, however large a film may be: it is drawn in little memory."""


def quotas() -> Quotas:
    """Return what this installation allows."""
    found: Quotas = current_app.extensions["attest_settings"].quotas
    return found


def most_bytes(kind: MediaType) -> int:
    """Return the largest file of this kind that is taken."""
    most = quotas().file_bytes
    return most if kind.is_video else min(most, MOST_OF_A_PAPER)


def taken(beginning: bytes, size: int) -> MediaType:
    """Return what a file of `size` bytes is; NotTaken for a kind or a size that is not taken."""
    kind = media_type(beginning)
    most = most_bytes(kind)
    if size > most:
        sentence = _("A file of this kind may have at most %(size)s MB.", size=in_megabytes(most))
        raise NotTaken(sentence, field="file")
    return kind


def in_megabytes(size: int) -> str:
    """Return a size as it is told to people, without its unit."""
    return f"{size / MEGABYTE:g}"


def told() -> dict[str, str]:
    """Return the largest sizes as pages tell them, in MB: of a `paper` and of a `film`."""
    return {
        "paper": in_megabytes(most_bytes(MediaType.PDF)),
        "film": in_megabytes(most_bytes(MediaType.MP4)),
    }
