"""Tries counted in fixed windows, in a table that all processes share.

A try is counted in a transaction of its own, before what it tries: it counts also when the rest is
rolled back, and parallel tries cannot slip past. In a request that transaction is the one that the
request began with, so the writer is free while a password is hashed; who writes afterwards calls
`transactions.begin_writing()` again.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, delete, update

from assessment import clock, transactions
from assessment.errors import TooMany
from assessment.extensions import db
from assessment.locale import ngettext
from assessment.people.models import Throttle
from assessment.upsert import count_up

KEPT = timedelta(days=2)


@dataclass(frozen=True)
class Limit:
    """How many tries of one kind a window takes."""

    name: str
    tries: int
    window: timedelta


SIGN_IN_TO_ACCOUNT = Limit("sign-in to account", 10, timedelta(minutes=15))
SIGN_IN_FROM_ADDRESS = Limit("sign-in from address", 100, timedelta(minutes=15))
REGISTER_FROM_ADDRESS = Limit("registration from address", 100, timedelta(hours=1))
MAIL_TO_ADDRESS = Limit("mail to one mailbox", 5, timedelta(hours=1))
MAIL_FROM_ADDRESS = Limit("mail asked for from address", 30, timedelta(hours=1))
LINK_FROM_ADDRESS = Limit("link used from address", 60, timedelta(hours=1))
INVITATION_BY_PERSON = Limit("invitation by person", 50, timedelta(days=1))


@dataclass(frozen=True)
class Try:
    """One try: by which limit, and whose."""

    limit: Limit
    subject: str


def from_address(limit: Limit, address: str) -> Try:
    """Return a try from a network address; one IPv6 network of 64 bits is one address."""
    return Try(limit, _network(address))


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64 if parsed.version == 6 else 32), strict=False))


def admit(*tries: Try) -> None:
    """Count every try and commit; raise TooMany if one of them is over its limit."""
    moment = clock.now()
    ordered = sorted(tries, key=_key)  # two callers cannot wait for each other
    over = [one for one in ordered if _count(one, moment) > one.limit.tries]
    transactions.commit()
    if over:
        raise _too_many(max(_window_end(one.limit, moment) for one in over) - moment)


def forgive(*tries: Try) -> None:
    """Take back one try each, since it was right; flushed, not committed."""
    moment = clock.now()
    for one in sorted(tries, key=_key):
        db.session.execute(
            update(Throttle)
            .where(*_row(one, moment), Throttle.count > 0)
            .values(count=Throttle.count - 1)
        )


def forget(one: Try) -> None:
    """Begin anew with the tries of one subject; flushed, not committed."""
    db.session.execute(delete(Throttle).where(*_row(one, clock.now())))


def sweep() -> None:
    """Delete the counts of windows that ended long ago; flushed, not committed."""
    db.session.execute(delete(Throttle).where(Throttle.window_start < clock.now() - KEPT))


def _count(one: Try, moment: datetime) -> int:
    return count_up(
        Throttle.count, key_hash=_key(one), window_start=_window_start(one.limit, moment)
    )


def _row(one: Try, moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Throttle.key_hash == _key(one),
        Throttle.window_start == _window_start(one.limit, moment),
    )


def _key(one: Try) -> str:
    """Return what the table knows a subject by: nobody can list addresses from it."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"{one.limit.name}\n{one.subject}".encode(), hashlib.sha256).hexdigest()


def _window_start(limit: Limit, moment: datetime) -> datetime:
    seconds = int(limit.window.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, UTC)


def _window_end(limit: Limit, moment: datetime) -> datetime:
    return _window_start(limit, moment) + limit.window


def _too_many(wait: timedelta) -> TooMany:
    seconds = int(wait.total_seconds()) + 1
    minutes = -(-seconds // 60)
    sentence = ngettext(
        "There were too many tries. Try again in %(num)s minute.",
        "There were too many tries. Try again in %(num)s minutes.",
        minutes,
    )
    return TooMany(sentence, retry_after=seconds)
