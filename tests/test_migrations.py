"""The tables equal the migrations, up, down and up again, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, DateTime, Engine, MetaData, create_engine, inspect

from assessment.operation import schema
from assessment.transactions import prepare_engine
from tests.conftest import DATABASES, fresh_database


@pytest.mark.parametrize("kind", DATABASES)
def test_the_migrations_make_the_tables_and_take_them_back(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    engine = create_engine(fresh_database(kind, tmp_path, request))
    prepare_engine(engine)
    schema.upgrade(engine)
    assert schema.differences(engine) == []
    schema.downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    schema.upgrade(engine)
    assert schema.differences(engine) == []
    engine.dispose()


BEFORE: dict[str, dict[str, object]] = {
    "institution": {"id": "i", "key": "i", "name": {"en": "I"}},
    "bank": {"id": "b", "key": "b", "institution_id": "i", "revision": "r"},
    "item": {"id": "q", "bank_id": "b", "key": "q"},
    "item_version": {"id": "v", "item_id": "q"},
    "test": {"id": "t", "key": "t", "bank_id": "b", "institution_id": "i", "is_current": True},
    "learner": {"id": "l"},
    "sitting": {"id": "s", "learner_id": "l", "test_id": "t", "state": "open"},
    "sitting_item": {"learner_id": "l", "sitting_id": "s", "item_version_id": "v"},
    "response": {"learner_id": "l", "sitting_id": "s", "answer": "{}"},
}
"""Rows of every table that a later migration rebuilds, and of those that refer to them."""


def fill(engine: Engine) -> None:
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.begin() as connection:
        for name, values in BEFORE.items():
            table = metadata.tables[name]
            row = {column.name: filler(column) for column in table.c if not column.nullable}
            connection.execute(table.insert().values(row | values))


def filler(column: Column[Any]) -> object:
    if isinstance(column.type, DateTime):
        return datetime(2026, 1, 1, tzinfo=UTC)
    if isinstance(column.type, JSON):
        return {}
    return {int: 1, bool: False, float: 0.0}.get(column.type.python_type, "x")


def rows(engine: Engine, columns: dict[str, list[str]]) -> dict[str, list[object]]:
    with engine.connect() as connection:
        return {
            name: [
                tuple(row)
                for row in connection.exec_driver_sql(f"SELECT {', '.join(names)} FROM {name}")
            ]
            for name, names in columns.items()
        }


@pytest.mark.parametrize("kind", DATABASES)
def test_rows_that_refer_to_each_other_survive_the_way_up_and_down(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    engine = create_engine(fresh_database(kind, tmp_path, request))
    prepare_engine(engine)
    schema.upgrade(engine, "0002")
    fill(engine)
    columns = {name: [c["name"] for c in inspect(engine).get_columns(name)] for name in BEFORE}
    before = rows(engine, columns)
    assert all(before.values())
    schema.upgrade(engine)
    assert rows(engine, columns) == before
    schema.downgrade(engine, "0002")
    assert rows(engine, columns) == before
    engine.dispose()
