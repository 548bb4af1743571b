"""INSERT ... ON CONFLICT DO NOTHING on either database, so that a unique key decides every race."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from assessment.extensions import Model, db


def insert_once(table: type[Model], **values: Any) -> bool:
    """Insert a row unless a unique key forbids it; return whether this call inserted it.

    The loser selects the winner's row.
    """
    db.session.flush()  # what the row refers to
    statement = _insertion(table, db.engine.dialect.name)
    return db.session.execute(statement, values).first() is not None


def insert_each_once(table: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Insert, with one statement, those rows that no unique key forbids."""
    db.session.flush()  # what the rows refer to
    db.session.execute(_insertion(table, db.engine.dialect.name), rows)


@cache
def _insertion(model: type[Model], dialect: str) -> Executable:
    """Return the statement, which is built once: that costs more than running it."""
    table = Model.metadata.tables[model.__tablename__]
    build = sqlite.insert if dialect == "sqlite" else postgresql.insert
    first = next(iter(table.primary_key))
    return build(table).on_conflict_do_nothing().returning(first)


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
