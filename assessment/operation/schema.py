"""The database's schema: brought to head by Alembic, and compared with the tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from assessment import resources
from assessment.tables import metadata


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration for `connection`."""
    config = Config()
    config.set_main_option("script_location", str(resources.folder("migrations")))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to `revision`."""
    with _migrating(engine) as connection:
        command.upgrade(configuration(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database back to `revision`."""
    with _migrating(engine) as connection:
        command.downgrade(configuration(connection), revision)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction in which SQLite lets a table be rebuilt that others refer to.

    There, changing a table is dropping it and making it anew, which enforced foreign keys refuse;
    they can be switched off only between transactions, and are all looked at before the commit.
    """
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        _enforce_foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                yield connection
                _refuse_dangling(connection)
        finally:
            _enforce_foreign_keys(connection, "ON")


def _enforce_foreign_keys(connection: Connection, state: str) -> None:
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={state}")


def _refuse_dangling(connection: Connection) -> None:
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if dangling is not None:
        raise RuntimeError(f"A row of {dangling[0]} refers to no row of {dangling[2]}.")


def revise(engine: Engine, message: str, revision: str) -> None:
    """Write a migration for what the tables have and the database has not."""
    with engine.begin() as connection:
        command.revision(
            configuration(connection), message=message, rev_id=revision, autogenerate=True
        )


def differences(engine: Engine) -> list[object]:
    """Return what the tables and the migrated database do not share."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def revision(engine: Engine) -> str | None:
    """Return the revision that the database is at; None if it has no tables of ours."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Return the revision that this version of Attest wants."""
    config = Config()
    config.set_main_option("script_location", str(resources.folder("migrations")))
    return ScriptDirectory.from_config(config).get_current_head() or ""


def is_at_head(engine: Engine) -> bool:
    """Return whether the database has the schema that this version of Attest wants."""
    return revision(engine) == head()


def is_known(name: str) -> bool:
    """Return whether this version of Attest has a revision called `name`."""
    config = Config()
    config.set_main_option("script_location", str(resources.folder("migrations")))
    return name in {
        script.revision for script in ScriptDirectory.from_config(config).walk_revisions()
    }
