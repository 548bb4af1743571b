"""The database's schema: brought to head by Alembic, and compared with the tables."""

from __future__ import annotations

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
    with engine.begin() as connection:
        command.upgrade(configuration(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database back to `revision`."""
    with engine.begin() as connection:
        command.downgrade(configuration(connection), revision)


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
