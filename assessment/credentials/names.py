"""Names, as they are hashed into a credential and compared with one."""

from __future__ import annotations

import unicodedata

from assessment.credentials.compose import hash_name
from assessment.credentials.verification import Claims


def settled(name: str) -> str:
    """Return the name with one space between its parts, and one way of writing each letter."""
    return unicodedata.normalize("NFC", " ".join(name.split()))


def confirms(claims: Claims, name: str) -> bool | None:
    """Return whether a credential was awarded under this name; None where it carries no name."""
    if not claims.recipient_name and not claims.hashed_names:
        return None
    said = settled(name)
    if any(hash_name(said, kept.salt) == kept for kept in claims.hashed_names):
        return True
    return bool(said) and said == settled(claims.recipient_name)
