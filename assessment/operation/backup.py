"""A backup: database, files and keys as they were at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection, Table, select

from assessment import clock, storage, transactions
from assessment.audit import anchors
from assessment.config import Settings
from assessment.credentials.keyring import keyring
from assessment.credentials.keys import to_pem
from assessment.extensions import db
from assessment.operation import archive, rows, schema
from assessment.operation.archive import Manifest, Writer
from assessment.storage import NoSuchFile
from assessment.tables import metadata

PAGE = 1000


@dataclass(frozen=True)
class Copied:
    """How much a backup or a restore carried."""

    rows: int
    files: int
    keys: int
    missing_files: tuple[str, ...]


def write(path: Path) -> Copied:
    """Return what was copied into a new file at `path`, from one moment of the database.

    Anchors are read first: they must not vouch for links that come after that moment.
    """
    settings: Settings = current_app.extensions["attest_settings"]
    former = storage.current().names(anchors.AREA)
    revision = schema.revision(db.engine) or ""
    with archive.written(path) as writer:
        transactions.begin_snapshot()
        try:
            copied = _copy(writer, db.session.connection(), former)
        finally:
            transactions.rollback()
        manifest = Manifest(
            made_at=clock.now().isoformat(),
            revision=revision,
            database=db.engine.dialect.name,
            base_url=settings.base_url,
            members=tuple(writer.members),
            missing_files=copied.missing_files,
        )
        writer.target.writestr(archive.MANIFEST, manifest.to_bytes())
    return copied


def _copy(writer: Writer, connection: Connection, former: list[str]) -> Copied:
    count = 0
    for table in rows.tables(connection):
        counter = _Counter()
        writer.add(f"tables/{table.name}.jsonl", counter.through(_lines(connection, table)))
        count += counter.count
    files = [*_referenced(connection), *former]
    missing = tuple(name for name in files if not _copy_file(writer, name))
    return Copied(count, len(files) - len(missing), _copy_keys(writer, connection), missing)


class _Counter:
    """Counts lines as they pass."""

    def __init__(self) -> None:
        self.count = 0

    def through(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the lines, counting."""
        for line in lines:
            self.count += 1
            yield line


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query.execution_options(yield_per=PAGE)).mappings():
        yield rows.encode(table, row)


def _referenced(connection: Connection) -> list[str]:
    """Return the names of the files that rows of this moment name."""
    names: set[str] = set()
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("stored"):
                query = select(column).where(column.is_not(None))
                for value in connection.scalars(query):
                    names.update([value] if isinstance(value, str) else value)
    return sorted(names)


def _copy_file(writer: Writer, name: str) -> bool:
    try:
        file = storage.current().opened(name)
    except NoSuchFile:
        return False
    with file:
        writer.add(f"storage/{name}", iter(partial(file.read, archive.CHUNK), b""))
    return True


def _copy_keys(writer: Writer, connection: Connection) -> int:
    institutions = metadata.tables["institution"]
    ring, count = keyring(), 0
    for institution in connection.scalars(select(institutions.c.key).order_by("key")).all():
        for key in ring.keys(institution):
            writer.add(f"keys/{institution}/{key.number}.pem", [to_pem(key)])
            count += 1
    return count
