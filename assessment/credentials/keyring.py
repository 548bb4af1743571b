"""The signing keys of this installation: a row for each, its private half in a file or sealed.

On the embedded default the private halves are files of mode 0600 under the data folder; on any
other database they are encrypted in the row, because the web tier keeps no state.
"""

from __future__ import annotations

import logging

from flask import current_app
from sqlalchemy import select, update

from assessment import clock
from assessment.access import Actor, system
from assessment.audit import service as audit
from assessment.config import Settings
from assessment.credentials import keys
from assessment.credentials.did import (
    IssuerKeys,
    PublicKey,
    from_multibase,
    issuer_keys,
    to_multibase,
)
from assessment.credentials.keys import FileKeys, InstitutionKey
from assessment.credentials.models import SigningKey
from assessment.credentials.places import did_of, settings
from assessment.credentials.turns import take_turn
from assessment.errors import AssessmentError
from assessment.extensions import db
from assessment.ids import new_id
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.people.models import Institution

log = logging.getLogger("attest.credentials")

EXTENSION = "attest_signing_keys"
FOLDER = "keys"


class KeysUnavailable(AssessmentError):
    """A signing key is recorded, but its private half cannot be opened here."""

    status = 503
    code = "keys_unavailable"


class Keyring:
    """A store of keys, in the sense of `keys.KeyStore`, over the table of signing keys."""

    def __init__(self, configured: Settings, opened: dict[str, InstitutionKey]) -> None:
        self.configured = configured
        self.opened = opened
        self.files = FileKeys(configured.data / FOLDER)

    def keys(self, institution: str) -> tuple[InstitutionKey, ...]:
        """Return the institution's keys, oldest first; none if it has none yet."""
        return tuple(self._open(institution, row) for row in _rows(institution))

    def create(self, institution: str, number: int) -> InstitutionKey:
        """Return the key with this number, made now unless another process was faster."""
        take_turn()
        known = {row.number: row for row in _rows(institution)}
        if number in known:
            return self._open(institution, known[number])
        key = self._make(institution, number)
        self._write(key)
        return key

    def _make(self, institution: str, number: int) -> InstitutionKey:
        if self.configured.embedded:
            return self.files.create(institution, number)
        return keys.generate(institution, number)

    def _write(self, key: InstitutionKey) -> None:
        """Record the key; it signs from now on, and those before it are retired."""
        moment = clock.now()
        owner = people.institution_by_key(key.institution).id
        secret = self.configured.keys_key
        db.session.execute(
            update(SigningKey)
            .where(SigningKey.institution_id == owner, SigningKey.retired_at.is_(None))
            .values(retired_at=moment)
        )
        db.session.add(
            SigningKey(
                id=new_id(),
                institution_id=owner,
                number=key.number,
                public_multibase=to_multibase(key.public.key),
                encrypted_private=None if self.configured.embedded else keys.seal(key, secret),
                created_at=moment,
            )
        )
        db.session.flush()
        audit.record(
            audit.institution_chain(owner),
            "signing key made",
            system("keyring"),
            owner,
            number=key.number,
        )

    def _open(self, institution: str, row: SigningKey) -> InstitutionKey:
        """Return the private half that belongs to a row, kept in memory once it was opened."""
        key = self.opened.get(row.public_multibase)
        if key is None:
            key = self._unsealed(institution, row) or self._from_file(institution, row)
            if key is None or to_multibase(key.public.key) != row.public_multibase:
                raise _unavailable(institution, row.number)
            self.opened[row.public_multibase] = key
        return key

    def _from_file(self, institution: str, row: SigningKey) -> InstitutionKey | None:
        kept = self.files.keys(institution)
        return next((key for key in kept if key.number == row.number), None)

    def _unsealed(self, institution: str, row: SigningKey) -> InstitutionKey | None:
        """Return the key sealed in the row, under today's secret or one that went before it."""
        if row.encrypted_private is None:
            return None
        for secret in self._secrets():
            try:
                return keys.unseal(row.encrypted_private, institution, row.number, secret)
            except ValueError:
                continue
        return None

    def _secrets(self) -> tuple[str, ...]:
        configured = self.configured
        return (configured.keys_key, configured.secret_key, *configured.secret_key_fallbacks)


def _unavailable(institution: str, number: int) -> KeysUnavailable:
    log.error("signing key cannot be opened", extra={"institution": institution, "key": number})
    return KeysUnavailable(
        _(
            "The signing key %(number)s of %(institution)s cannot be opened. Restore the folder of "
            "keys, or the setting ATTEST_KEYS_KEY under which it was sealed.",
            number=number,
            institution=institution,
        )
    )


def keyring() -> Keyring:
    """Return the keys of this installation."""
    opened: dict[str, InstitutionKey] = current_app.extensions.setdefault(EXTENSION, {})
    return Keyring(settings(), opened)


def current_key(institution: Institution) -> InstitutionKey:
    """Return the key that the institution signs with now, made at its first use."""
    return keys.signing_key(keyring(), institution.key)


def key_numbered(institution: Institution, number: int) -> InstitutionKey:
    """Return the key with which something was signed, retired or not."""
    for key in keyring().keys(institution.key):
        if key.number == number:
            return key
    raise _unavailable(institution.key, number)


def last_key(institution: Institution) -> InstitutionKey | None:
    """Return the key that signs now; None where none was ever made, and none is made for it."""
    kept = keyring().keys(institution.key)
    return kept[-1] if kept else None


def rotate_key(institution: Institution, actor: Actor) -> InstitutionKey:
    """Return the institution's next key; the former ones stay published, for what they signed."""
    key = keys.rotate(keyring(), institution.key)
    chain = audit.institution_chain(institution.id)
    audit.record(chain, "signing key rotated", actor, institution.id, number=key.number)
    return key


def public_keys(institution: Institution) -> list[PublicKey]:
    """Return every key that the institution ever signed with, oldest first."""
    rows = _rows(institution.key)
    return [PublicKey(row.number, from_multibase(row.public_multibase)) for row in rows]


def known_issuer(institution: Institution) -> IssuerKeys:
    """Return the institution as verification knows it."""
    return issuer_keys(did_of(institution), institution.name, public_keys(institution))


def _rows(institution: str) -> list[SigningKey]:
    query = select(SigningKey).join(Institution, Institution.id == SigningKey.institution_id)
    query = query.where(Institution.key == institution).order_by(SigningKey.number)
    return list(db.session.scalars(query))
