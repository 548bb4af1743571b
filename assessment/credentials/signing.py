"""Signing: the same credential and key give the same bytes, whenever and wherever it is done.

openbadgeslib is imported at the top: it costs about 80 ms beyond what PyJWT and cryptography cost
anyway, and its JSON-LD processor loads itself at the first Data Integrity proof.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from datetime import datetime

import jwt
from openbadgeslib import ob3

from assessment.credentials.compose import WrittenCredential, written
from assessment.credentials.did import Document, key_id
from assessment.credentials.keys import InstitutionKey, to_pem

ALGORITHM = "EdDSA"
JWT_TYPE = "vc+jwt"
REGISTERED_CLAIMS = frozenset({"iss", "sub", "jti", "nbf", "exp"})


def sign_jwt(credential: ob3.OpenBadgeCredential, key: InstitutionKey, did: str) -> str:
    """Return the credential as a compact VC-JWT.

    PyJWT signs, not openbadgeslib, whose header embeds the public key: ours names it only.
    """
    return jwt.encode(
        credential.to_jwt_payload(),
        key.private,
        ALGORITHM,
        headers={"kid": key_id(did, key.number), "typ": JWT_TYPE},
    )


def credential_in(token: str) -> WrittenCredential:
    """Return the credential of a VC-JWT that we signed and kept; its signature is not checked.

    The Data Integrity form is made from it, so both forms say the same even when the tables
    have changed since.
    """
    segment = token.split(".")[1]
    payload = json.loads(urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    return written({name: payload[name] for name in payload if name not in REGISTERED_CLAIMS})


def sign_data_integrity(
    credential: ob3.OpenBadgeCredential, key: InstitutionKey, did: str, created: datetime
) -> Document:
    """Return the credential with an eddsa-rdfc-2022 proof that was created at `created`.

    Pass the time of award: with it fixed, the bytes never change. The proof stands in a list,
    as the 1EdTech schema wants it.
    """
    signer = ob3.OB3LdpSigner(to_pem(key), key_id(did, key.number))
    signed = signer.sign(credential, created=created)
    return signed | {"proof": [signed["proof"]]}


def sign_status_list(
    document: Document, key: InstitutionKey, did: str, created: datetime
) -> Document:
    """Return the status list with a proof that was created at `created`, its last change."""
    return ob3.add_data_integrity_proof(
        document, to_pem(key), key_id(did, key.number), created=created
    )


def published(document: Document) -> bytes:
    """Return the bytes that a document is stored and served as: the same for the same content."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2).encode() + b"\n"
