"""Names, as they are hashed into a credential and compared with one."""

from __future__ import annotations

import unicodedata


def settled(name: str) -> str:
    """Return the name with one space between its parts, and one way of writing each letter."""
    return unicodedata.normalize("NFC", " ".join(name.split()))
