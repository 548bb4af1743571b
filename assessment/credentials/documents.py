"""The signed documents that we publish: the same bytes for the same state, at any time."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from assessment.credentials.did import did_document
from assessment.credentials.keyring import (
    key_numbered,
    last_key,
    public_keys,
)
from assessment.credentials.models import Credential, StatusList
from assessment.credentials.places import address, did_of
from assessment.credentials.signing import (
    credential_in,
    published,
    sign_data_integrity,
    sign_status_list,
)
from assessment.credentials.status import StatusBits, status_list
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.people.models import Institution


def document_for(credential: Credential) -> str:
    """Return the Data Integrity form: as stored, or computed to the same bytes until it is.

    It is made from the VC-JWT, so both forms say the same even when the tables have changed.
    """
    if credential.data_integrity is not None:
        return credential.data_integrity
    key = key_numbered(credential.institution, credential.key_number)
    did = did_of(credential.institution)
    signed = sign_data_integrity(credential_in(credential.jwt), key, did, credential.issued_at)
    return published(signed).decode()


def did_document_of(institution: Institution) -> bytes:
    """Return the institution's DID document, with every key that it ever signed with."""
    return published(did_document(did_of(institution), public_keys(institution)))


def tag_of(body: bytes) -> str:
    """Return what changes when the bytes do."""
    return sha256(body).hexdigest()[:32]


@dataclass(frozen=True)
class StatusState:
    """A status list as it stands now: not signed yet, for whoever asks may have it already."""

    row: StatusList
    bits: StatusBits

    @property
    def tag(self) -> str:
        """Return what changes when the list does, or the key that signs it."""
        key = last_key(self.row.institution)
        number = key.number if key else 0
        said = f"{self.row.updated_at.isoformat()} {number} ".encode()
        return tag_of(said + self.bits.data)

    def signed(self) -> bytes:
        """Return the list as it is published, as of its last change."""
        institution = self.row.institution
        key = last_key(institution)
        if key is None:
            raise NoSuchRecord("status list", str(self.row.number))
        did, changed_at = did_of(institution), self.row.updated_at
        document = status_list(did, address("status", self.row.number), self.bits, changed_at)
        return published(sign_status_list(document, key, did, changed_at))


def status_state(number: int) -> StatusState:
    """Return the status list with this number."""
    row = db.session.scalars(select(StatusList).filter_by(number=number)).one_or_none()
    if row is None:
        raise NoSuchRecord("status list", str(number))
    revoked = select(Credential.status_index).where(
        Credential.status_list_id == row.id, Credential.revoked_at.is_not(None)
    )
    return StatusState(row, StatusBits.of(db.session.scalars(revoked), row.size))
