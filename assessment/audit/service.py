"""Record every change of state; the chains are linked last, just before the commit."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, event, select
from sqlalchemy.orm import Session, SessionTransaction

from assessment import clock
from assessment.access import Actor
from assessment.audit.models import AuditBody, AuditChain, AuditLink
from assessment.extensions import Model, db
from assessment.upsert import insert_once

PENDING = "attest_audit"
GENESIS = "0" * 64
SYSTEM_CHAIN = "system"
ERASED = "audit.erased"

# Built once: every change of state ends here, and building a statement costs more than sending it.
_chains = Model.metadata.tables[AuditChain.__tablename__]
_head_of = (
    select(_chains.c.count, _chains.c.head)
    .where(_chains.c.chain == bindparam("of_chain"))
    .with_for_update()
)
_move_head = _chains.update().where(_chains.c.chain == bindparam("of_chain"))
_insert_links = Model.metadata.tables[AuditLink.__tablename__].insert()
_insert_bodies = Model.metadata.tables[AuditBody.__tablename__].insert()


@dataclass(frozen=True)
class Entry:
    """One act, waiting to be linked into its chain."""

    chain: str
    at: datetime
    body: str
    within: SessionTransaction | None
    """The savepoint that it was recorded in: an entry is taken back with its act, and only then."""


def learner_chain(learner_id: str) -> str:
    """Return the chain of one learner."""
    return f"learner:{learner_id}"


def institution_chain(institution_id: str) -> str:
    """Return the chain of one institution."""
    return f"institution:{institution_id}"


def record(chain: str, act: str, actor: Actor, subject: str, **details: Any) -> None:
    """Record that `actor` did `act` to `subject`; linked when the transaction commits.

    `details` hold ids, figures and hashes, never a name or an address.
    """
    moment = clock.now()
    body = {
        "act": act,
        "actor": actor.reference,
        "subject": subject,
        "at": moment.isoformat(),
        "details": details,
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    within = db.session().get_nested_transaction()
    db.session.info.setdefault(PENDING, []).append(Entry(chain, moment, text, within))


def erase(chain: str, numbers: Iterable[int], actor: Actor, reason: str) -> None:
    """Erase what these links say, and record that it was erased; the chain stays verifiable.

    What records an erasure is itself never erased: a body that is missing without such a record is
    a fault.
    """
    wanted = select(AuditBody).where(AuditBody.chain == chain, AuditBody.number.in_(list(numbers)))
    erased = []
    for body in db.session.scalars(wanted):
        if json.loads(body.body)["act"] != ERASED:
            erased.append(body.number)
            db.session.delete(body)
    record(chain, ERASED, actor, chain, numbers=sorted(erased), reason=reason)
    db.session.flush()


def body_hash(salt: str, body: str) -> str:
    """Return sha256(salt || body)."""
    return hashlib.sha256((salt + body).encode()).hexdigest()


def link_hash(previous: str, chain: str, number: int, at: datetime, body: str) -> str:
    """Return the hash that ties a link to the one before it; `body` is the body's hash."""
    text = "\n".join((previous, chain, str(number), at.isoformat(), body))
    return hashlib.sha256(text.encode()).hexdigest()


def link(session: Session) -> None:
    """Write the waiting entries into their chains, chains in order of name."""
    entries: list[Entry] = session.info.pop(PENDING, [])
    for chain in sorted({entry.chain for entry in entries}):
        _extend(session, chain, [entry for entry in entries if entry.chain == chain])


def _extend(session: Session, chain: str, entries: list[Entry]) -> None:
    count, head = _locked_head(session, chain)
    links, bodies = [], []
    for entry in entries:
        count += 1
        salt = secrets.token_hex(16)
        hashed = body_hash(salt, entry.body)
        head = link_hash(head, chain, count, entry.at, hashed)
        key = {"chain": chain, "number": count}
        links.append({**key, "at": entry.at, "body_hash": hashed, "link_hash": head})
        bodies.append({**key, "salt": salt, "body": entry.body})
    session.execute(_insert_links, links)
    session.execute(_insert_bodies, bodies)
    session.execute(_move_head, {"of_chain": chain, "count": count, "head": head})


def _locked_head(session: Session, chain: str) -> tuple[int, str]:
    """Return the count and the head of a chain, begun if there is none, held until the commit."""
    row = session.execute(_head_of, {"of_chain": chain}).first()
    if row is None:
        insert_once(AuditChain, chain=chain, count=0, head=GENESIS, anchored_count=0)
        row = session.execute(_head_of, {"of_chain": chain}).one()
    return int(row[0]), str(row[1])


def _before_commit(session: Session) -> None:
    if session.info.get(PENDING) and not session.in_nested_transaction():
        session.flush()
        link(session)


def _after_rollback(session: Session, undone: SessionTransaction) -> None:
    """Forget what was recorded inside the transaction or savepoint that was taken back."""
    entries: list[Entry] = session.info.get(PENDING, [])
    session.info[PENDING] = [entry for entry in entries if undone.nested and not _in(entry, undone)]


def _in(entry: Entry, undone: SessionTransaction) -> bool:
    within = entry.within
    while within is not None and within is not undone:
        within = within.parent
    return within is undone


event.listen(Session, "before_commit", _before_commit)
event.listen(Session, "after_soft_rollback", _after_rollback)
