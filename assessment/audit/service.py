"""Record every change of state; the chains are linked last, just before the commit."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Session

from assessment import clock
from assessment.access import Actor
from assessment.audit.models import AuditBody, AuditChain, AuditLink
from assessment.extensions import db
from assessment.upsert import insert_once

PENDING = "attest_audit"
GENESIS = "0" * 64
SYSTEM_CHAIN = "system"


@dataclass(frozen=True)
class Entry:
    """One act, waiting to be linked into its chain."""

    chain: str
    at: datetime
    body: str


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
    db.session.info.setdefault(PENDING, []).append(Entry(chain, moment, text))


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
    session.execute(insert(AuditLink), links)
    session.execute(insert(AuditBody), bodies)
    session.execute(
        update(AuditChain).where(AuditChain.chain == chain).values(count=count, head=head)
    )


def _locked_head(session: Session, chain: str) -> tuple[int, str]:
    insert_once(AuditChain, chain=chain, count=0, head=GENESIS)
    row = session.execute(
        select(AuditChain.count, AuditChain.head).where(AuditChain.chain == chain).with_for_update()
    ).one()
    return int(row[0]), str(row[1])


def _before_commit(session: Session) -> None:
    if session.info.get(PENDING) and not session.in_nested_transaction():
        session.flush()
        link(session)


def _after_rollback(session: Session) -> None:
    session.info.pop(PENDING, None)


event.listen(Session, "before_commit", _before_commit)
event.listen(Session, "after_soft_rollback", lambda session, _previous: _after_rollback(session))
