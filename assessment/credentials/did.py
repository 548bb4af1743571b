"""The public identity of an institution: its DID, its keys, and the document that lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from openbadgeslib.ob3 import multikey_from_pem, resolve_did

Document = dict[str, Any]
"""A JSON object, as it is signed and published."""

DID_CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that an institution publishes; the highest number signs, the others have signed."""

    number: int
    key: Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class IssuerKeys:
    """An issuer whom we know: its DID, its name per language, and its keys by their ids."""

    did: str
    name: Mapping[str, str]
    keys: Mapping[str, Ed25519PublicKey]


def did_for(base_url: str, institution_key: str) -> str:
    """Return the institution's did:web, which resolves below the base URL.

    Built here because openbadgeslib refuses http, and the default base URL is
    http://localhost:8000.
    """
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise ValueError(
            "`base_url` must be an http or https URL with a host and no user; "
            f"got {base_url!r} at {institution_key}."
        )
    folders = [*(folder for folder in parts.path.split("/") if folder), "institutions"]
    segments = [parts.netloc.lower(), *folders, institution_key]
    return "did:web:" + ":".join(quote(segment, safe="") for segment in segments)


def key_id(did: str, number: int) -> str:
    """Return the id of the institution's key with this number."""
    return f"{did}#key-{number}"


def issuer_keys(did: str, name: Mapping[str, str], keys: Sequence[PublicKey]) -> IssuerKeys:
    """Return what verification needs to know of an issuer."""
    return IssuerKeys(did, name, {key_id(did, key.number): key.key for key in keys})


def did_document(did: str, keys: Sequence[PublicKey]) -> Document:
    """Return the institution's DID document, with every key that it ever signed with.

    Retired keys stay in `assertionMethod` too: other verifiers accept a proof only by a key
    that stands there, and what a retired key has signed remains true.
    """
    return {
        "@context": DID_CONTEXT,
        "id": did,
        "verificationMethod": [_method(did, key) for key in keys],
        "assertionMethod": [key_id(did, key.number) for key in keys],
    }


def _method(did: str, key: PublicKey) -> Document:
    return {
        "id": key_id(did, key.number),
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": to_multibase(key.key),
    }


def to_multibase(key: Ed25519PublicKey) -> str:
    """Return the key as a DID document writes it."""
    return multikey_from_pem(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def from_multibase(text: str) -> Ed25519PublicKey:
    """Return the key that `to_multibase` wrote; nothing is fetched, a did:key holds its key."""
    key = load_pem_public_key(resolve_did("did:key:" + text))
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"`text` must be an Ed25519 key; got {type(key).__name__} at {text}.")
    return key
