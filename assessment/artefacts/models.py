"""Tables of artefacts: what a learner keeps to show, attached to a performance or parked."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from assessment.columns import STORED, Data, Id, Line, Moment, Short
from assessment.extensions import Model
from assessment.ids import ID_LENGTH, new_id


class Readiness(StrEnum):
    """Whether there is a copy that those who rate may see."""

    PREPARING = "preparing"
    READY = "ready"
    IMPOSSIBLE = "cannot be shown"


class Artefact(Model):
    """One text or file of a learner's. What no performance holds is parked, and never assessed."""

    __tablename__ = "artefact"
    __table_args__ = (Index("ix_artefact_sha256", "sha256"), Index("ix_artefact_id", "id"))

    learner_id: Mapped[Id] = mapped_column(ForeignKey("learner.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    storage_key: Mapped[str | None] = mapped_column(String(200), info=STORED)
    """None once its bytes were given back."""
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[Short]
    """By its content, whatever it is called."""
    size: Mapped[int]
    original_name: Mapped[Line | None]
    """As the learner called it: shown to the learner alone, and erasable."""
    shown_key: Mapped[str | None] = mapped_column(String(200), info=STORED)
    """Our own copy, which those who rate see: a picture drawn anew, a video without its makers."""
    pages: Mapped[Data] = mapped_column(default=list, info=STORED)
    """The names in storage of the pages that we drew, in order."""
    readiness: Mapped[Short] = mapped_column(default="ready")
    """Whether the copy is there: `preparing`, `ready` or `cannot be shown`."""
    why_not: Mapped[Line | None]
    """Why it cannot be shown."""
    added_at: Mapped[Moment]
    given_back_at: Mapped[Moment | None]


class Upload(Model):
    """A file on its way: its pieces lie in storage under the upload's id until it is complete."""

    __tablename__ = "upload"
    __table_args__ = (
        Index(
            "uq_upload_open",
            "learner_id",
            "fingerprint",
            unique=True,
            sqlite_where=text("artefact_id IS NULL"),
            postgresql_where=text("artefact_id IS NULL"),
        ),
        Index("ix_upload_touched_at", "touched_at"),
    )

    learner_id: Mapped[Id] = mapped_column(ForeignKey("learner.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of its name, its size and when it was last changed: by it, a browser goes on with a file."""
    original_name: Mapped[Line | None]
    """As the learner called it, and erasable."""
    size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    """Bytes that are there, from the first."""
    begun_at: Mapped[Moment]
    touched_at: Mapped[Moment]
    artefact_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    """What it became."""
