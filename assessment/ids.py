"""Random identifiers, safe to show in a URL."""

from __future__ import annotations

import base64
import secrets

ID_LENGTH = 26


def new_id() -> str:
    """Return 128 random bits as 26 lower-case letters and digits."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
