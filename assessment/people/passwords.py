"""Passwords: kept as argon2id, and hashed a few at a time, so that nobody can starve the server.

Hashing holds no transaction and no writer's lock: begin to write after it, not before.
"""

from __future__ import annotations

import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from assessment.errors import Invalid, TooMany
from assessment.locale import gettext as _

SHORTEST, LONGEST = 10, 1000
HASHING = max(1, min(4, os.cpu_count() or 1))
WAITING = 8
"""Half of the server's 16 threads at most; everybody else's pages keep the rest."""
RETRY_SECONDS = 3

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)  # OWASP's second choice
_waiting = threading.BoundedSemaphore(WAITING)
_hashing = threading.BoundedSemaphore(HASHING)

NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$VBPjOrsL2qF3JQYCzhxLBQ"
    "$hc+NL0Q0q3azStly9qCfL0E4Vw/kv28huPyGDDubneA"
)
"""The hash of random characters that nobody kept; verified when there is no account."""

OBVIOUS = frozenset(
    """
    0000000000 0123456789 1111111111 1122334455 1234512345 1234567890 12345678901 123456789012
    1234567891 12345qwert 1234qwerasdf 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 9876543210 aaaaaaaaaa
    abcd123456 abcdefghij abcdefghijkl administrator asdfghjkl1 asdfghjklqwerty azertyuiop
    baseball123 basketball bienvenue1 bonjour123 changeme123 chocolate1 correcthorsebatterystaple
    dragon1234 football123 iloveyou123 jetaime123 letmein123 letmein1234 liverpool1 manchester
    monkey1234 motdepasse motdepasse1 motdepasse123 p@ssw0rd123 passw0rd123 password01 password10
    password11 password12 password123 password1234 password12345 password123456 passwordpassword
    princess123 qazwsxedcrfv qwerty1234 qwerty12345 qwerty123456 qwertyuiop qwertyuiop123
    starwars123 sunshine123 superman123 trustno1trustno1 university welcome123 welcome1234
    """.split()  # noqa: SIM905 - words in a block are read and kept in order more easily
)


@contextmanager
def _place() -> Iterator[None]:
    if not _waiting.acquire(blocking=False):
        raise TooMany(
            _("Many people are signing in at this moment. Try again in a few seconds."),
            retry_after=RETRY_SECONDS,
        )
    try:
        with _hashing:
            yield
    finally:
        _waiting.release()


def normal(password: str) -> str:
    """Return the password in one Unicode form, however the keyboard composed it."""
    return unicodedata.normalize("NFKC", password)


def check_choice(password: str, email: str) -> None:
    """Raise Invalid unless this may be the password of the account with this address."""
    wrong = _what_is_wrong(normal(password), email)
    if wrong:
        raise Invalid(wrong, field="password")


def _what_is_wrong(chosen: str, email: str) -> str:
    plain = chosen.casefold()
    if len(chosen) < SHORTEST:
        return _("Choose at least %(n)s characters; a sentence is good.", n=SHORTEST)
    if len(chosen) > LONGEST:
        return _("Choose at most %(n)s characters.", n=LONGEST)
    if plain in OBVIOUS or plain in (email, email.partition("@")[0]) or len(set(plain)) < 3:
        return _("This is among the first that anybody would guess. Choose another.")
    return ""


def hash_password(password: str) -> str:
    """Return the argon2id hash to keep."""
    with _place():
        return _hasher.hash(normal(password))


def matches(password: str, stored: str | None) -> bool:
    """Return whether `password` is the one behind `stored`.

    Without a stored hash (an unknown account) the same work is done, and the answer is no.
    """
    with _place():
        try:
            _hasher.verify(stored or NOBODYS, normal(password)[:LONGEST])
        except VerifyMismatchError:
            return False
    return bool(stored)
