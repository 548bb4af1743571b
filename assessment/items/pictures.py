"""Pictures that belong to items: taken for what their bytes are, not for what they are called."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

MOST_BYTES = 5_000_000
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
)
"""What begins a picture that every browser shows and that can carry no script."""


@dataclass(frozen=True)
class Picture:
    """A picture of a kind that we show."""

    data: bytes
    suffix: str

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        return hashlib.sha256(self.data).hexdigest()


def picture(data: bytes) -> Picture | None:
    """Return the picture that bytes hold, or None where we do not show such files."""
    if len(data) > MOST_BYTES:
        return None
    for signature, suffix in SIGNATURES:
        if data.startswith(signature):
            return Picture(data, suffix)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Picture(data, ".webp")
    return None


def pictures(files: Mapping[str, bytes]) -> dict[str, Picture]:
    """Return those of some files that are pictures, by name."""
    found = {name: picture(data) for name, data in files.items()}
    return {name: each for name, each in found.items() if each is not None}
