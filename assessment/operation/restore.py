"""Restoring a backup into an empty installation, of the same kind of database or of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Table, insert, select, update

from assessment import mail, storage, transactions
from assessment.access import system
from assessment.audit import anchors
from assessment.audit import service as audit
from assessment.audit.models import AuditChain
from assessment.audit.verification import Report, verify
from assessment.config import Settings
from assessment.credentials.keyring import keyring
from assessment.credentials.keys import InstitutionKey, from_pem, seal
from assessment.credentials.models import SigningKey
from assessment.errors import AssessmentError
from assessment.extensions import db
from assessment.operation import archive, rows, schema
from assessment.operation.archive import BadBackup, Reader
from assessment.operation.backup import Copied
from assessment.operation.rows import RowError
from assessment.people.models import Institution

BATCH = 500
FORMER = "audit-former"


class NotEmpty(AssessmentError):
    """There is something here already, which a restore would mix with the backup."""

    status = 409
    code = "not_empty"


class NotWhole(AssessmentError):
    """The backup was restored, and its audit log shows that it had been tampered with."""


def read(path: Path) -> Copied:
    """Return what was restored from the backup at `path`; all of it, or nothing.

    Mail is held afterwards, until somebody releases it: people must not be written to twice.
    """
    _refuse_unless_empty()
    with archive.opened(path) as backup:
        _make_schema(backup.manifest.revision)
        with transactions.writing():
            copied = _load(backup)
        schema.upgrade(db.engine)
        _anchor_anew(backup)
    return copied


def _refuse_unless_empty() -> None:
    if storage.current().names(anchors.AREA):
        raise NotEmpty("The storage holds anchors of another installation. Give it an empty one.")
    if schema.revision(db.engine) is None:
        return
    with db.engine.connect() as connection:
        for table in rows.tables(connection):
            if connection.execute(select(table).limit(1)).first() is not None:
                raise NotEmpty(
                    f"This installation is not empty: the table {table.name} has rows. "
                    "Restore into an empty database."
                )


def _make_schema(revision: str) -> None:
    """Bring the empty database to the backup's revision, from which it is upgraded at the end."""
    if not schema.is_known(revision):
        raise BadBackup(
            f"The backup was made by another version of Attest (schema {revision!r}); this one "
            f"knows schemas up to {schema.head()!r}."
        )
    if schema.revision(db.engine) not in (None, revision):
        schema.downgrade(db.engine)
    schema.upgrade(db.engine, revision)


def _load(backup: Reader) -> Copied:
    connection = db.session.connection()
    known = {table.name: table for table in rows.tables(connection)}
    held = {match[1] for match in backup.matching(archive.TABLE)}
    if held != known.keys():
        raise BadBackup("The backup does not have exactly the tables of its schema.")
    try:
        count = sum(_load_table(connection, table, backup) for table in known.values())
    except RowError as wrong:
        raise BadBackup(f"The backup cannot be restored: {wrong}") from wrong
    files = sum(_load_file(backup, match[1]) for match in backup.matching(archive.FILE))
    keys = sum(_load_key(backup, match) for match in backup.matching(archive.KEY))
    _note()
    return Copied(count, files, keys, backup.manifest.missing_files)


def _load_table(connection: Connection, table: Table, backup: Reader) -> int:
    """Return how many rows were loaded; those that refer to rows of their own table, last."""
    naive, count = transactions.embedded(), 0
    decoded = (
        rows.decode(table, line, naive=naive) for line in backup.lines(f"tables/{table.name}.jsonl")
    )
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    referring = []
    for batch in _batches(decoded):
        referring += [_taken_out(row, own, table) for row in batch if any(row[c] for c in own)]
        connection.execute(insert(table), batch)
        count += len(batch)
    for row in referring:
        key = [column == row[column.name] for column in table.primary_key.columns]
        connection.execute(update(table).where(*key).values({name: row[name] for name in own}))
    return count


def _batches(decoded: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(decoded, BATCH)):
        yield batch


def _taken_out(row: dict[str, Any], own: list[str], table: Table) -> dict[str, Any]:
    """Return a copy of the row's references to its own table, which the row itself loses."""
    names = [*own, *(column.name for column in table.primary_key.columns)]
    copy = {name: row[name] for name in names}
    row.update(dict.fromkeys(own))
    return copy


def _load_file(backup: Reader, name: str) -> bool:
    """Keep one file under the name that it had; anchors are set aside, for they are not ours."""
    kept = storage.current()
    member = f"storage/{name}"
    target = name.replace(f"{anchors.AREA}/", f"{FORMER}/", 1) if _is_anchor(name) else name
    if not kept.exists(target):
        kept.keep_pieces(target, backup.pieces(member))
    elif kept.read(target) != backup.read(member):
        raise NotEmpty(f"The storage already holds another file under {target}.")
    return True


def _is_anchor(name: str) -> bool:
    return name.startswith(f"{anchors.AREA}/")


def _load_key(backup: Reader, match: re.Match[str]) -> bool:
    try:
        key = from_pem(match[1], int(match[2]), backup.read(match[0]))
    except (ValueError, TypeError) as wrong:
        raise BadBackup(f"{match[0]} is not a signing key.") from wrong
    _keep_key(key)
    return True


def _keep_key(key: InstitutionKey) -> None:
    """Keep a private key as this installation does: in a file, or sealed in its row."""
    settings: Settings = current_app.extensions["attest_settings"]
    sealed = None if settings.embedded else seal(key, settings.keys_key)
    if settings.embedded:
        keyring().files.keep(key)
    owner = select(Institution.id).where(Institution.key == key.institution).scalar_subquery()
    db.session.execute(
        update(SigningKey)
        .where(SigningKey.institution_id == owner, SigningKey.number == key.number)
        .values(encrypted_private=sealed)
    )


def _note() -> None:
    """Record the restore, hold mail, and let the anchors begin anew."""
    mail.hold()
    db.session.execute(update(AuditChain).values(anchored_count=0))
    audit.record(audit.SYSTEM_CHAIN, "installation.restored", system("restore"), "installation")


def _anchor_anew(backup: Reader) -> None:
    """Check the log against the anchors that came with it, then vouch for it under our own key."""
    report = check(backup)
    anchors.anchor()
    if not report.whole:
        raise NotWhole(
            "The backup is restored, but its audit log is not whole: " + " ".join(report.faults)
        )


def check(backup: Reader) -> Report:
    """Return whether the restored log is what the backup's own anchors saw."""
    kept = [
        backup.read(match[0]) for match in backup.matching(archive.FILE) if _is_anchor(match[1])
    ]
    named = {anchor.key for anchor in map(_anchor_or_none, kept) if anchor is not None}
    return verify(kept, frozenset(named))


def _anchor_or_none(data: bytes) -> anchors.Anchor | None:
    try:
        return anchors.from_bytes(data)
    except ValueError:
        return None
