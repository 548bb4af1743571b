"""Random draws that any machine can repeat: hashes of the seed and the position."""

from __future__ import annotations

from hashlib import blake2b

DRAWS = 1_000_000_000


def draw_at(seed: int, position: int) -> int:
    """Return the draw of one position, a whole number from 0 to below 10^9.

    It is BLAKE2b with 8 bytes of ``seed:position`` in decimal ASCII, read as a big-endian number,
    modulo 10^9: no state, so that a test taken up again draws what it would have drawn.
    """
    digest = blake2b(b"%d:%d" % (seed, position), digest_size=8).digest()
    return int.from_bytes(digest, "big") % DRAWS
