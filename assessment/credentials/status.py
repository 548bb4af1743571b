"""Which credentials stand: one bit each in a list that the institution signs."""

from __future__ import annotations

import gzip
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from openbadgeslib.ob3 import build_status_list_credential, status_entry

from assessment.credentials.did import Document

SIZE = 131_072
"""Entries in a list: the least that the specification allows, so that nobody stands out."""

REVOCATION = "revocation"


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where a credential's bit stands: the list's URL, and the index in it."""

    list_url: str
    index: int

    def document(self) -> Document:
        """Return the `credentialStatus` member of the credential."""
        return status_entry(self.list_url, REVOCATION, self.index)


@dataclass(frozen=True, slots=True)
class StatusBits:
    """The bits of one list, the first in the highest place of the first byte."""

    data: bytes

    @classmethod
    def of(cls, indices: Iterable[int], size: int = SIZE) -> StatusBits:
        """Return bits that are set at these indices only."""
        data = bytearray(size // 8)
        for index in indices:
            if not 0 <= index < size:
                raise ValueError(
                    f"`indices` must be from 0 to {size - 1}; got {index} at the list."
                )
            data[index // 8] |= 0x80 >> index % 8
        return cls(bytes(data))

    def is_set(self, index: int) -> bool | None:
        """Return whether the bit is set; None where the list has no such bit."""
        if not 0 <= index < 8 * len(self.data):
            return None
        return bool(self.data[index // 8] & 0x80 >> index % 8)

    def encoded(self) -> str:
        """Return the `encodedList`: the same text for the same bits, at any time.

        openbadgeslib's own encoding is not used: gzip writes the time of day into it.
        """
        packed = gzip.compress(self.data, mtime=0)
        return "u" + urlsafe_b64encode(packed).decode().rstrip("=")


def status_list(did: str, url: str, bits: StatusBits, changed_at: datetime) -> Document:
    """Return the institution's status list, unsigned, as of its last change."""
    document = build_status_list_credential(did, url, REVOCATION, (), issued=changed_at)
    document["credentialSubject"]["encodedList"] = bits.encoded()
    return document
