"""INSERT ... ON CONFLICT DO NOTHING on either database, so that a unique key decides every race."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from assessment.extensions import Model, db


def insert_once(table: type[Model], **values: Any) -> bool:
    """Insert a row unless a unique key forbids it; return whether this call inserted it.

    Columns with defaults on the Python side must be given. The loser selects the winner's row.
    """
    build = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    first = next(iter(table.__table__.primary_key))
    statement = build(table).values(**values).on_conflict_do_nothing().returning(first)
    return db.session.execute(statement).first() is not None
