"""Tables of credentials, signing keys and status lists."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.columns import Data, Id, LongText, Moment, NewId
from assessment.extensions import Model
from assessment.ids import ID_LENGTH, new_id
from assessment.people.models import Institution


class RevokedFor(StrEnum):
    """Why a credential was revoked, as the public may read it: a sort of reason, never a story."""

    ERROR = "error"
    EVIDENCE = "evidence"
    REPLACED = "replaced"
    REQUEST = "request"
    OTHER = "other"


class SigningKey(Model):
    """A public signing key of an institution; its private half may be encrypted here."""

    __tablename__ = "signing_key"
    __table_args__ = (UniqueConstraint("institution_id", "number"),)

    id: Mapped[NewId]
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[int]
    """`#key-<number>` in the DID document."""
    public_multibase: Mapped[str] = mapped_column(String(100))
    encrypted_private: Mapped[LongText | None]
    """None where the private key is a file."""
    created_at: Mapped[Moment]
    retired_at: Mapped[Moment | None]


class StatusList(Model):
    """A list of revocation bits of one institution."""

    __tablename__ = "status_list"
    __table_args__ = (Index("ix_status_list_institution_id_number", "institution_id", "number"),)

    id: Mapped[NewId]
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[int] = mapped_column(unique=True)
    """In the URL `/status/<number>`."""
    size: Mapped[int]
    updated_at: Mapped[Moment]

    institution: Mapped[Institution] = relationship()


class StatusSlot(Model):
    """A place in a status list that is taken; the key gives each place to one credential alone."""

    __tablename__ = "status_slot"

    status_list_id: Mapped[Id] = mapped_column(ForeignKey("status_list.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Credential(Model):
    """A signed document for one award; its bytes never change."""

    __tablename__ = "credential"
    __table_args__ = (
        UniqueConstraint("learner_id", "subject_id"),
        Index("ix_credential_id", "id"),
        Index("ix_credential_status_list_id_revoked_at", "status_list_id", "revoked_at"),
    )

    learner_id: Mapped[Id] = mapped_column(ForeignKey("learner.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    subject_id: Mapped[Id]
    """The award that it documents; the slice knows no more of it."""
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"), index=True)
    key_number: Mapped[int]
    status_list_id: Mapped[Id] = mapped_column(ForeignKey("status_list.id"))
    status_index: Mapped[int]
    shown: Mapped[Data]
    """What it says, per language, for the page; the signed forms have one string for both."""
    jwt: Mapped[LongText]
    data_integrity: Mapped[LongText | None]
    """Stored by the job that follows the award; computed on request until then."""
    issued_at: Mapped[Moment]
    """The time of award, which the signed forms carry."""
    expires_at: Mapped[Moment | None]
    shared: Mapped[bool] = mapped_column(default=True)
    """Whether the public page shows it; the holder decides."""
    shows_name: Mapped[bool] = mapped_column(default=False)
    """Whether the public page names the holder; only the holder can say so."""
    revoked_at: Mapped[Moment | None]
    revoked_for: Mapped[RevokedFor | None] = mapped_column(String(40))
    revoked_reason: Mapped[LongText] = mapped_column(default="")
    """In the registrar's words, for the holder and the registrar alone."""

    institution: Mapped[Institution] = relationship()
    status_list: Mapped[StatusList] = relationship()
