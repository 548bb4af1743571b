"""Pieces of evidence as a page lists them, to the learner and to whoever rates."""

from __future__ import annotations

from dataclasses import dataclass

from assessment import storage
from assessment.artefacts.kinds import MediaType
from assessment.artefacts.models import Artefact
from assessment.performances.models import Attachment


@dataclass(frozen=True)
class ShownArtefact:
    """A piece as a page lists it; `number` is its place, `text` what it says if it is one."""

    attachment: Attachment
    text: str | None

    @property
    def number(self) -> int:
        """Its place among the artefacts."""
        return self.attachment.position

    @property
    def artefact(self) -> Artefact:
        """What is attached."""
        return self.attachment.artefact

    @property
    def is_picture(self) -> bool:
        """Whether it can be drawn."""
        return MediaType(self.artefact.media_type).is_picture


def shown_artefacts(attachments: list[Attachment]) -> tuple[ShownArtefact, ...]:
    """Return pieces as a page lists them, with what the texts among them say."""
    return tuple(ShownArtefact(each, _text(each.artefact)) for each in attachments)


def _text(artefact: Artefact) -> str | None:
    if artefact.media_type != MediaType.TEXT or artefact.storage_key is None:
        return None
    return storage.read(artefact.storage_key).decode()
