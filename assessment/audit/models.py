"""Tables of the audit log: links can never change; what can be erased lies apart."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from assessment.columns import Key, LongText, Moment
from assessment.extensions import Model


class AuditChain(Model):
    """The head of one chain: `learner:<id>`, `institution:<id>` or `system`."""

    __tablename__ = "audit_chain"

    chain: Mapped[Key] = mapped_column(primary_key=True)
    count: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    anchored_count: Mapped[int] = mapped_column(default=0)
    """How many links the latest anchor vouches for; a note, checked against the anchors."""


class AuditLink(Model):
    """One link: the hash of a salted body, and of the link before it."""

    __tablename__ = "audit_link"

    chain: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[Moment]
    body_hash: Mapped[str] = mapped_column(String(64))
    """sha256(salt || body)."""
    link_hash: Mapped[str] = mapped_column(String(64))


class AuditBody(Model):
    """What a link says; erasable, with its salt."""

    __tablename__ = "audit_body"
    __table_args__ = (
        ForeignKeyConstraint(["chain", "number"], ["audit_link.chain", "audit_link.number"]),
    )

    chain: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(32))
    body: Mapped[LongText]
    """Canonical JSON: act, actor, subject, details."""
