"""The tables equal the migrations, up, down and up again, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

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
