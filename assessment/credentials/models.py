"""Tables of credentials, signing keys and status lists."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.columns import Id, LongText, Moment, NewId
from assessment.extensions import Model
from assessment.ids import ID_LENGTH, new_id


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
    __table_args__ = (UniqueConstraint("institution_id", "number"),)

    id: Mapped[NewId]
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[int] = mapped_column(unique=True)
    """In the URL `/status/<number>`."""
    size: Mapped[int]
    updated_at: Mapped[Moment]


class Credential(Model):
    """A signed document for one award; its bytes never change."""

    __tablename__ = "credential"
    __table_args__ = (
        UniqueConstraint("learner_id", "subject_id"),
        UniqueConstraint("status_list_id", "status_index", "learner_id"),
        Index("ix_credential_id", "id"),
    )

    learner_id: Mapped[Id] = mapped_column(ForeignKey("learner.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    subject_id: Mapped[Id]
    """The award that it documents; the slice knows no more of it."""
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"), index=True)
    key_number: Mapped[int]
    status_list_id: Mapped[Id] = mapped_column(ForeignKey("status_list.id"))
    status_index: Mapped[int]
    document: Mapped[LongText]
    """The unsigned credential, canonical JSON."""
    jwt: Mapped[LongText]
    data_integrity: Mapped[LongText | None]
    """Stored by the job that follows the award; computed on request until then."""
    issued_at: Mapped[Moment]
    shared: Mapped[bool] = mapped_column(default=True)
    """Whether the public page shows it; the holder decides."""
    revoked_at: Mapped[Moment | None]
    revoked_reason: Mapped[LongText] = mapped_column(default="")
