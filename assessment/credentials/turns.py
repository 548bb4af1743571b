"""Taking turns where keys and status lists are made, which happens once in a long while."""

from __future__ import annotations

from sqlalchemy import func, select

from assessment.extensions import db

ADVISORY_LOCK = 0x6174746573740001


def take_turn() -> None:
    """Wait until no other transaction makes a key or a list; held until this one ends.

    One lock for all of them, taken before the first row is inserted, so that two transactions
    which each need two institutions' keys cannot wait for each other. On SQLite the writing
    transaction is the lock.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))
