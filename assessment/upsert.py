"""INSERT ... ON CONFLICT DO NOTHING on either database, so that a unique key decides every race."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from assessment.extensions import Model, db


def insert_once(table: type[Model], **values: Any) -> bool:
    """Insert a row unless a unique key forbids it; return whether this call inserted it.

    Columns with defaults on the Python side must be given. The loser selects the winner's row.
    """
    build = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    first = next(iter(table.__table__.primary_key))
    statement = build(table).values(**values).on_conflict_do_nothing().returning(first)
    return db.session.execute(statement).first() is not None


def count_up(column: InstrumentedAttribute[int], **key: Any) -> int:
    """Add one to `column` in the row with this key, made at 1 if there is none; return the count.

    One statement, so that parallel callers each get a number of their own.
    """
    table = column.class_
    build = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    statement = build(table).values({**key, column.key: 1})
    counted = statement.on_conflict_do_update(
        index_elements=list(key), set_={column.key: column + 1}
    ).returning(column)
    return int(db.session.execute(counted).scalar_one())
