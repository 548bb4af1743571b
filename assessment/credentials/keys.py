"""The keys that institutions sign with: Ed25519, kept in files or sealed in a table."""

from __future__ import annotations

import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from assessment.credentials.did import PublicKey

INSTITUTION_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}")
FILE_NAME = re.compile(r"key-([1-9][0-9]*)\.pem")
NONCE_BYTES = 12
SEAL_VERSION = b"\x01"


@dataclass(frozen=True, slots=True)
class InstitutionKey:
    """A private key of an institution; the one with the highest number signs."""

    institution: str
    number: int
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """Return the half that is published."""
        return PublicKey(self.number, self.private.public_key())


class KeyStore(Protocol):
    """Where the keys of institutions are kept."""

    def keys(self, institution: str) -> tuple[InstitutionKey, ...]:
        """Return the institution's keys, oldest first; none if it has none yet."""

    def create(self, institution: str, number: int) -> InstitutionKey:
        """Return the key with this number, made now unless another process was faster."""


def generate(institution: str, number: int) -> InstitutionKey:
    """Return a new key, kept nowhere yet."""
    return InstitutionKey(institution, number, Ed25519PrivateKey.generate())


def signing_key(store: KeyStore, institution: str) -> InstitutionKey:
    """Return the key that the institution signs with now, made at its first use."""
    kept = store.keys(institution)
    return kept[-1] if kept else store.create(institution, 1)


def rotate(store: KeyStore, institution: str) -> InstitutionKey:
    """Return the institution's next key, which signs from now on; the former ones are retired."""
    return store.create(institution, signing_key(store, institution).number + 1)


def to_pem(key: InstitutionKey) -> bytes:
    """Return the private key as unencrypted PKCS 8."""
    return key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def from_pem(institution: str, number: int, pem: bytes) -> InstitutionKey:
    """Return the key that `to_pem` wrote."""
    private = load_pem_private_key(pem, password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError(
            f"`pem` must be an Ed25519 private key; got {type(private).__name__} "
            f"at {institution}, key {number}."
        )
    return InstitutionKey(institution, number, private)


class FileKeys:
    """Keys in files of mode 0600, one folder per institution."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keys(self, institution: str) -> tuple[InstitutionKey, ...]:
        """Return the institution's keys, oldest first; none if it has none yet."""
        folder = self._folder_of(institution)
        if not folder.is_dir():
            return ()
        numbered = (FILE_NAME.fullmatch(path.name) for path in folder.iterdir())
        numbers = sorted(int(match[1]) for match in numbered if match)
        return tuple(self._load(institution, number) for number in numbers)

    def create(self, institution: str, number: int) -> InstitutionKey:
        """Return the key with this number, made now unless another process was faster."""
        return self.keep(generate(institution, number))

    def keep(self, key: InstitutionKey) -> InstitutionKey:
        """Return the key that is now kept under this number: the given one unless one was there."""
        path = self._path(key.institution, key.number)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path, to_pem(key))
        return self._load(key.institution, key.number)

    def _load(self, institution: str, number: int) -> InstitutionKey:
        return from_pem(institution, number, self._path(institution, number).read_bytes())

    def _path(self, institution: str, number: int) -> Path:
        return self._folder_of(institution) / f"key-{number}.pem"

    def _folder_of(self, institution: str) -> Path:
        if not INSTITUTION_KEY.fullmatch(institution):
            raise ValueError(
                "`institution` must be a key of small letters, digits, dots and hyphens; "
                f"got {institution!r} at {self.folder}."
            )
        return self.folder / institution


def _write_once(path: Path, content: bytes) -> None:
    """Write the file whole or not at all; whoever comes second leaves the first one's alone."""
    draft = path.with_name(f".{path.name}.{token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _link_unless_there(draft, path)
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def _link_unless_there(draft: Path, path: Path) -> None:
    """Give the finished draft its name: a link, unlike a rename, never replaces."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return


def _sync_folder(folder: Path) -> None:
    """Make the new name outlive a power cut: a key that signed must never be lost."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def seal(key: InstitutionKey, secret: str) -> str:
    """Return the key encrypted under the secret, for a column of the database."""
    nonce = token_bytes(NONCE_BYTES)
    owner = _owner(key.institution, key.number)
    sealed = _cipher(secret).encrypt(nonce, key.private.private_bytes_raw(), owner)
    return urlsafe_b64encode(SEAL_VERSION + nonce + sealed).decode()


def unseal(sealed: str, institution: str, number: int, secret: str) -> InstitutionKey:
    """Return the key that `seal` encrypted for this institution and number.

    Institution and number are authenticated with it: a row copied over another does not open.
    """
    try:
        raw = _opened(urlsafe_b64decode(sealed), _owner(institution, number), secret)
    except (InvalidTag, ValueError) as error:
        raise ValueError(
            "`sealed` must be a key sealed under this secret for this institution; "
            f"got another at {institution}, key {number}."
        ) from error
    return InstitutionKey(institution, number, Ed25519PrivateKey.from_private_bytes(raw))


def _opened(sealed: bytes, owner: bytes, secret: str) -> bytes:
    version, nonce, ciphertext = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if version != SEAL_VERSION:
        raise InvalidTag
    return _cipher(secret).decrypt(nonce, ciphertext, owner)


def _cipher(secret: str) -> AESGCM:
    derive = HKDF(SHA256(), length=32, salt=None, info=b"attest: keys of institutions")
    return AESGCM(derive.derive(secret.encode()))


def _owner(institution: str, number: int) -> bytes:
    return f"{institution}#key-{number}".encode()
