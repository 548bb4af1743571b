"""Verification: does this document say what one of our institutions signed, and does it stand?

Only issuers whom the caller can resolve are believed, only by the keys they publish, and only
by Ed25519. Nothing is fetched: contexts come from openbadgeslib's pinned copies. Bad input is
answered by a verdict, never by an exception.

A VC-JWT signs its bytes: any change makes it altered. A Data Integrity proof signs what the JSON
means: members in another order, or other white space, say the same and stay valid; anything
else is altered. Duplicate members say two things at once and are refused in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from openbadgeslib import ob3

from assessment.credentials.compose import HashedName, written
from assessment.credentials.did import Document, IssuerKeys
from assessment.credentials.reading import Form, Received, Trouble, Unreadable, receive
from assessment.credentials.signing import ALGORITHM, JWT_TYPE
from assessment.credentials.status import REVOCATION, StatusBits, StatusEntry

CLOCK_LEEWAY = timedelta(minutes=1)
"""How far the clocks of two of our servers may differ."""

DID = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,500}")
INDEX = re.compile(r"0|[1-9][0-9]{0,9}")
JWT_HEADER = frozenset({"alg", "kid", "typ"})
PROOF_MEMBERS = frozenset(
    {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}
)
PROOF_VALUES = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "proofPurpose": "assertionMethod",
}


class State(StrEnum):
    """What is said of a document, in a word."""

    VALID = "valid"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    STATUS_UNKNOWN = "status unknown"
    ALTERED = "altered"
    UNKNOWN_ISSUER = "unknown issuer"
    UNREADABLE = "unreadable"


class Reason(Enum):
    """Why a document has its state."""

    HOLDS = ("everything that was checked holds", State.VALID)
    REVOKED = ("the issuer has revoked it", State.REVOKED)
    EXPIRED = ("its time is over", State.EXPIRED)
    NOT_YET_VALID = ("its time has not begun", State.NOT_YET_VALID)
    NO_STATUS = ("its status list is not known here", State.STATUS_UNKNOWN)
    HEADER = ("its header is not one that we write", State.ALTERED)
    PROOF = ("its proof is not one that we write", State.ALTERED)
    KEY = ("it names a key that the issuer does not publish", State.ALTERED)
    SIGNATURE = ("the signature does not belong to this text", State.ALTERED)
    CONTRADICTION = ("its members contradict each other", State.ALTERED)
    ISSUER = ("the issuer is not known here", State.UNKNOWN_ISSUER)
    EMPTY = (Trouble.EMPTY.value, State.UNREADABLE)
    TOO_LARGE = (Trouble.TOO_LARGE.value, State.UNREADABLE)
    NOT_A_CREDENTIAL = (Trouble.NOT_A_CREDENTIAL.value, State.UNREADABLE)
    PICTURE_WITHOUT_CREDENTIAL = (Trouble.PICTURE_WITHOUT_CREDENTIAL.value, State.UNREADABLE)
    AMBIGUOUS = (Trouble.AMBIGUOUS.value, State.UNREADABLE)

    def __init__(self, words: str, state: State) -> None:
        self.words = words
        self.state = state


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a credential says, in the parts that a reader needs."""

    id: str
    issuer_did: str
    subject_id: str
    recipient_name: str
    hashed_names: tuple[HashedName, ...]
    achievement_id: str
    achievement_name: str
    awarded_at: datetime
    expires_at: datetime | None
    status: StatusEntry | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found; issuer and claims are given only when the signature holds."""

    reason: Reason
    form: Form | None = None
    issuer: IssuerKeys | None = None
    claims: Claims | None = None

    @property
    def state(self) -> State:
        """Return the state that the reason stands for."""
        return self.reason.state


Resolve = Callable[[str], IssuerKeys | None]
"""From a DID to the issuer, if it is one of ours."""

Status = Callable[[str], StatusBits | None]
"""From a status list's URL to its bits, if it is one of ours."""


class _Refused(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.words)
        self.reason = reason


def verify(document: str | bytes, resolve: Resolve, status: Status, now: datetime) -> Verdict:
    """Return the verdict on a document that somebody pasted or uploaded."""
    try:
        received = receive(document)
    except Unreadable as error:
        return Verdict(Reason[error.trouble.name])
    try:
        issuer = _issuer(received.claims, resolve)
        claims = _claims(received.claims)
        _require_signature(received, issuer, claims)
    except _Refused as refused:
        return Verdict(refused.reason, received.form)
    return Verdict(_standing(claims, status, now), received.form, issuer, claims)


def _issuer(claims: Document, resolve: Resolve) -> IssuerKeys:
    """Return the issuer whom the document names, if we know exactly this one."""
    issuer = claims.get("issuer")
    did = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(did, str) or not DID.fullmatch(did):
        raise _Refused(Reason.ISSUER)
    known = resolve(did)
    if known is None or known.did != did:
        raise _Refused(Reason.ISSUER)
    return known


def _require_signature(received: Received, issuer: IssuerKeys, claims: Claims) -> None:
    if received.form is Form.JWT:
        _require_jwt(received, issuer)
        _require_agreement(received.claims, claims)
    else:
        _require_proof(received.claims, issuer)


def _standing(claims: Claims, status: Status, now: datetime) -> Reason:
    """Return whether a credential that is truly the issuer's stands now."""
    is_revoked = _is_revoked(claims.status, status)
    if is_revoked:
        return Reason.REVOKED
    if claims.awarded_at > now + CLOCK_LEEWAY:
        return Reason.NOT_YET_VALID
    if claims.expires_at is not None and claims.expires_at <= now:
        return Reason.EXPIRED
    return Reason.NO_STATUS if is_revoked is None else Reason.HOLDS


def _is_revoked(entry: StatusEntry | None, status: Status) -> bool | None:
    """Return the credential's bit: None where we cannot tell."""
    if entry is None:
        return False
    bits = status(entry.list_url)
    return None if bits is None else bits.is_set(entry.index)


# --- VC-JWT


def _require_jwt(received: Received, issuer: IssuerKeys) -> None:
    """Refuse every header but our own: no `none`, no embedded keys, no `crit`, one algorithm."""
    header = received.header
    if set(header) != JWT_HEADER or (header["alg"], header["typ"]) != (ALGORITHM, JWT_TYPE):
        raise _Refused(Reason.HEADER)
    key = _published_key(issuer, header["kid"])
    try:
        jwt.PyJWS().decode(received.token, key, algorithms=[ALGORITHM])
    except jwt.PyJWTError as error:
        raise _Refused(Reason.SIGNATURE) from error


def _require_agreement(payload: Document, claims: Claims) -> None:
    """Refuse registered claims that say something else than the credential beside them."""
    expected: Document = {
        "iss": claims.issuer_did,
        "sub": claims.subject_id,
        "jti": claims.id,
        "nbf": int(claims.awarded_at.timestamp()),
    }
    if claims.expires_at is not None:
        expected["exp"] = int(claims.expires_at.timestamp())
    found = {name: payload[name] for name in ("iss", "sub", "jti", "nbf", "exp") if name in payload}
    if found != expected:
        raise _Refused(Reason.CONTRADICTION)


# --- Data Integrity


def _require_proof(document: Document, issuer: IssuerKeys) -> None:
    proof = _only_proof(document)
    key = _published_key(issuer, proof["verificationMethod"])
    _require_proof_holds(document, key)
    _require_every_member_signed(document)


def _only_proof(document: Document) -> Document:
    """Return the one proof, alone or in a list, if it is written as we write it."""
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if not isinstance(proof, dict) or set(proof) != PROOF_MEMBERS:
        raise _Refused(Reason.PROOF)
    if not all(isinstance(value, str) for value in proof.values()):
        raise _Refused(Reason.PROOF)
    if any(proof[name] != value for name, value in PROOF_VALUES.items()):
        raise _Refused(Reason.PROOF)
    return proof


def _require_proof_holds(document: Document, key: Ed25519PublicKey) -> None:
    try:
        ob3.verify_data_integrity_proof(document, key)
    except ob3.OB3GuardUnavailable:
        # The server cannot verify at all: that is its operator's trouble, not the document's.
        raise
    except Exception as error:  # whatever the JSON-LD processor trips over
        raise _Refused(Reason.SIGNATURE) from error


def _require_every_member_signed(document: Document) -> None:
    """Refuse members that the proof does not cover.

    A proof signs the statements that the JSON expands to; a member that expands to none could
    be added or changed at will. openbadgeslib's verifier looks for such members but reads the
    wall clock as well, where ours is told the time. Its signer looks for them too, so the
    document is signed once more with a key that is thrown away.
    """
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    try:
        ob3.OB3LdpSigner(pem, "did:example:nobody#key").sign(written(unsigned))
    except Exception as error:  # whatever the JSON-LD processor trips over
        raise _Refused(Reason.SIGNATURE) from error


# --- what both forms share


def _published_key(issuer: IssuerKeys, key_id: object) -> Ed25519PublicKey:
    key = issuer.keys.get(key_id) if isinstance(key_id, str) else None
    if key is None:
        raise _Refused(Reason.KEY)
    return key


def _claims(document: Document) -> Claims:
    """Return what the document says, if it is an achievement credential."""
    try:
        return _read_claims(document)
    except (KeyError, TypeError, ValueError) as error:
        raise _Refused(Reason.NOT_A_CREDENTIAL) from error


def _read_claims(document: Document) -> Claims:
    credential = written(document)
    _require_types(document["type"])
    status = document.get("credentialStatus")
    expires_at = document.get("validUntil")
    return Claims(
        id=_string(document["id"]),
        issuer_did=credential.issuer.id,
        subject_id=_string(document["credentialSubject"]["id"]),
        recipient_name=_recipient_name(credential),
        hashed_names=hashed_names(credential),
        achievement_id=credential.achievement.id,
        achievement_name=credential.achievement.name,
        awarded_at=_moment(document["validFrom"]),
        expires_at=None if expires_at is None else _moment(expires_at),
        status=None if status is None else _status_entry(status),
    )


def _require_types(types: Any) -> None:
    if types != ["VerifiableCredential", "OpenBadgeCredential"]:
        raise ValueError("`type` must be that of an Open Badges credential; got another.")


def _recipient_name(credential: ob3.OpenBadgeCredential) -> str:
    named = (entry for entry in credential.identifiers if entry.identity_type == "name")
    return next((entry.identity_hash for entry in named if not entry.hashed), "")


def hashed_names(credential: ob3.OpenBadgeCredential) -> tuple[HashedName, ...]:
    """Return the salted hashes of the names under which a credential was awarded."""
    named = (entry for entry in credential.identifiers if entry.identity_type == "name")
    return tuple(
        HashedName(entry.identity_hash, entry.salt or "") for entry in named if entry.hashed
    )


def _status_entry(status: Document) -> StatusEntry:
    if status["type"] != "BitstringStatusListEntry" or status["statusPurpose"] != REVOCATION:
        raise ValueError("`credentialStatus` must tell of revocation; got another.")
    index = _string(status["statusListIndex"])
    if not INDEX.fullmatch(index):
        raise ValueError("`statusListIndex` must be digits; got other text.")
    return StatusEntry(_string(status["statusListCredential"]), int(index))


def _moment(text: object) -> datetime:
    moment = datetime.fromisoformat(_string(text))
    if moment.tzinfo is None:
        raise ValueError("a time must name its zone; got none.")
    return moment


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a string was expected; got {type(value).__name__}.")
    return value
