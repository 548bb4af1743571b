"""Names, as they are hashed into a credential and compared with one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from assessment.credentials.compose import HashedName, hash_name
from assessment.credentials.verification import Claims


def settled(name: str) -> str:
    """Return the name with one space between its parts, and one way of writing each letter."""
    return unicodedata.normalize("NFC", " ".join(name.split()))


def confirms(claims: Claims, name: str) -> bool | None:
    """Return whether a credential was awarded under this name; None where it carries no name."""
    if not claims.recipient_name and not claims.hashed_names:
        return None
    if is_one_of(claims.hashed_names, name):
        return True
    said = settled(name)
    return bool(said) and said == settled(claims.recipient_name)


def is_one_of(kept: Iterable[HashedName], name: str) -> bool:
    """Return whether one of the salted hashes is that of this name."""
    said = settled(name)
    return any(hash_name(said, each.salt) == each for each in kept)
