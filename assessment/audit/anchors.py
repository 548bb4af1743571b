"""Anchors: signed notes of how far each chain has come, kept outside the database.

A chain cannot show that its last links were cut; an anchor that saw them can. Each anchor names
the chains that grew since the one before, and the hash of that one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import bindparam, select, update

from assessment import clock, storage, transactions
from assessment.audit.models import AuditChain
from assessment.audit.service import GENESIS
from assessment.config import Settings
from assessment.extensions import db
from assessment.storage import Storage

AREA = "audit"
VERSION = 1


@dataclass(frozen=True)
class Mark:
    """How far one chain had come."""

    chain: str
    count: int
    head: str


@dataclass(frozen=True)
class Anchor:
    """A signed note, as it is kept."""

    number: int
    at: str
    previous: str
    """sha256 of the anchor before, as bytes; zeros for the first."""
    marks: tuple[Mark, ...]
    key: str
    signature: str

    def statement(self) -> bytes:
        """Return what the signature is made over."""
        fields = asdict(self) | {"version": VERSION}
        del fields["key"], fields["signature"]
        return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()

    def to_bytes(self) -> bytes:
        """Return the anchor as it is kept."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        """The hash by which the next anchor names this one."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def is_signed(self) -> bool:
        """Return whether the signature was made over this statement with the named key."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            key.verify(bytes.fromhex(self.signature), self.statement())
        except (InvalidSignature, ValueError):
            return False
        return True


def from_bytes(data: bytes) -> Anchor:
    """Return the anchor that `to_bytes` wrote; ValueError if it is none."""
    try:
        fields = json.loads(data)
        marks = tuple(
            Mark(str(mark["chain"]), int(mark["count"]), str(mark["head"]))
            for mark in fields.pop("marks")
        )
        return Anchor(
            number=int(fields["number"]),
            at=str(fields["at"]),
            previous=str(fields["previous"]),
            marks=marks,
            key=str(fields["key"]),
            signature=str(fields["signature"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as wrong:
        raise ValueError("`data` must be an anchor; got another text at from_bytes.") from wrong


def name_of(number: int) -> str:
    """Return the name under which storage keeps the anchor with this number."""
    return f"{AREA}/{number:012}.json"


def signing_key(secret: str) -> Ed25519PrivateKey:
    """Return the key that signs anchors, derived from the secret key."""
    derive = HKDF(SHA256(), length=32, salt=None, info=b"attest: anchors of the audit log")
    return Ed25519PrivateKey.from_private_bytes(derive.derive(secret.encode()))


def public_half(key: Ed25519PrivateKey) -> str:
    """Return the public half as hexadecimal text."""
    return key.public_key().public_bytes_raw().hex()


def trusted_keys() -> frozenset[str]:
    """Return the public keys whose anchors this installation believes."""
    settings: Settings = current_app.extensions["attest_settings"]
    secrets = (settings.secret_key, *settings.secret_key_fallbacks)
    return frozenset(public_half(signing_key(secret)) for secret in secrets)


def anchor() -> Anchor | None:
    """Return the anchor just written for every chain that grew; None if none did.

    It makes its own transactions. Where two processes write at once, one anchor counts, and what
    the other saw is in the next.
    """
    marks = _grown()
    transactions.rollback()
    if not marks:
        return None
    kept = storage.current()
    written = _signed(_latest(kept), marks)
    if not kept.keep(name_of(written.number), written.to_bytes()):
        return None
    _note(marks)
    return written


def _grown() -> tuple[Mark, ...]:
    grown = (
        select(AuditChain.chain, AuditChain.count, AuditChain.head)
        .where(AuditChain.count != AuditChain.anchored_count)
        .order_by(AuditChain.chain)
    )
    return tuple(Mark(*row) for row in db.session.execute(grown))


def _latest(kept: Storage) -> Anchor | None:
    names = kept.names(AREA)
    return from_bytes(kept.read(names[-1])) if names else None


def _signed(latest: Anchor | None, marks: tuple[Mark, ...]) -> Anchor:
    settings: Settings = current_app.extensions["attest_settings"]
    key = signing_key(settings.secret_key)
    number, previous = (latest.number + 1, latest.digest) if latest else (1, GENESIS)
    draft = Anchor(number, clock.now().isoformat(), previous, marks, public_half(key), "")
    fields = {**vars(draft), "signature": key.sign(draft.statement()).hex()}
    return Anchor(**fields)


def _note(marks: Iterable[Mark]) -> None:
    with transactions.writing():
        db.session.connection().execute(
            update(AuditChain)
            .where(AuditChain.chain == bindparam("grown"))
            .values(anchored_count=bindparam("seen")),
            [{"grown": mark.chain, "seen": mark.count} for mark in marks],
        )


def kept_anchors(kept: Storage, area: str = AREA) -> list[bytes]:
    """Return every anchor in storage, as bytes, in order."""
    return [kept.read(name) for name in kept.names(area)]
