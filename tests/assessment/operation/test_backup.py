"""A backup restores elsewhere, on either database, with files, keys, log and credentials."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from assessment import installation, mail, storage, transactions
from assessment.access import system
from assessment.app import create_app
from assessment.audit.service import erase, record
from assessment.audit.verification import verify
from assessment.credentials import service as credentials
from assessment.credentials.models import Credential
from assessment.credentials.verification import Reason
from assessment.demo.builders.credentials import build_credential
from assessment.demo.builders.people import build_institution, build_person
from assessment.demo.loading import load
from assessment.extensions import db
from assessment.items.models import ItemVersion
from assessment.jobs import worker
from assessment.operation import archive, backup, restore, rows
from assessment.operation.archive import BadBackup
from assessment.operation.restore import NotEmpty, NotWhole
from assessment.people.models import Institution, Learner
from tests.conftest import DATABASES, build_app, fresh_database, settings_for

US = system("test")


def fill(app: Flask) -> None:
    """Load the demonstration, a credential, a figure, an alias and an erasure."""
    with app.app_context():
        with transactions.writing():
            load()
        with transactions.writing():
            _fill()
        with transactions.writing():
            erase("system", [1], US, "asked for")


def _fill() -> None:
    institution, person = build_institution(), build_person(legal_name="Zoé Ťest")
    build_credential(person, institution)
    version = db.session.scalars(select(ItemVersion).limit(1)).one()
    version.figure_key = storage.store(b"a figure", ".png")
    alias = db.session.scalars(select(Learner).where(Learner.id != person.learner_id)).first()
    assert alias is not None
    alias.alias_of = person.learner_id
    record("system", "test.acted", US, "something", number=1)
    mail.send("ana@example.org", "Held", "This waits.", language="en")


def table_rows(app: Flask) -> dict[str, list[bytes]]:
    """Return every row of every table, as a backup writes it."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [
                rows.encode(table, row)
                for row in connection.execute(
                    select(table).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in rows.tables(connection)
        }


def nulls(app: Flask) -> dict[str, int]:
    """Return how often each nullable column is NULL: a row as JSON tells no null from another."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            f"{table.name}.{column.name}": connection.scalar(
                text(f"SELECT count(*) FROM {table.name} WHERE {column.name} IS NULL")
            )
            or 0
            for table in rows.tables(connection)
            for column in table.columns
            if column.nullable and table.name not in CHANGED
        }


def backed_up(
    kind: str, request: pytest.FixtureRequest, factory: pytest.TempPathFactory
) -> tuple[Flask, Path]:
    """Return a filled installation and a backup of it."""
    folder = factory.mktemp("source")
    app = build_app(kind, folder, request)
    fill(app)
    with app.app_context():
        assert verify().whole
        copied = backup.write(folder / "backup.zip")
        kept = storage.current()
        named = [*kept.names("files"), *kept.names("artefacts")]
    assert "files" in {name.partition("/")[0] for name in named}
    assert copied.files == len(named)
    assert copied.keys >= 1
    assert copied.missing_files == ()
    return app, folder / "backup.zip"


@pytest.fixture(scope="module")
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Flask, Path]:
    """Return an installation on SQLite and its backup; tests change neither."""
    return backed_up("sqlite", request, tmp_path_factory)


@pytest.fixture(scope="module")
def made_on_postgresql(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Flask, Path]:
    """Return an installation on PostgreSQL and its backup; tests change neither."""
    return backed_up("postgresql", request, tmp_path_factory)


@pytest.fixture(scope="module")
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return an empty installation, which what is refused leaves empty."""
    return build_app("sqlite", tmp_path_factory.mktemp("empty"), request)


CHANGED = {"audit_chain", "audit_link", "audit_body", "installation_fact", "signing_key", "job"}


@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.parametrize("source_kind", ["made", "made_on_postgresql"])
def test_a_backup_restores_elsewhere_on_either_database(
    source_kind: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source, path = request.getfixturevalue(source_kind)
    target = build_app(kind, tmp_path, request)
    with target.app_context():
        copied = restore.read(path)
    before, after = table_rows(source), table_rows(target)
    assert copied.rows == sum(map(len, before.values()))
    assert {name for name in before if before[name] != after[name]} <= CHANGED
    assert nulls(target) == nulls(source)
    with target.app_context():
        assert verify().faults == ()
        assert verify().erased == 1
        assert installation.holds(installation.Fact.MAIL_HELD)
        version = db.session.scalars(select(ItemVersion).where(ItemVersion.figure_key.is_not(None)))
        assert storage.read(str(version.one().figure_key)) == b"a figure"
        for credential in db.session.scalars(select(Credential)):
            verdict = credentials.check(credential.jwt)
            assert verdict.reason is Reason.HOLDS, verdict


def test_a_restored_installation_signs_with_its_former_key_and_holds_mail(
    made: tuple[Flask, Path], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    _source, path = made
    target = build_app("sqlite", tmp_path, request)
    with target.app_context():
        restore.read(path)
    worker.run_all(target)
    assert not (tmp_path / "outbox").exists()
    for key in (tmp_path / "keys").rglob("*.pem"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with target.app_context(), transactions.writing():
        held = mail.release()
    worker.run_all(target)
    assert held > 0
    assert len(list((tmp_path / "outbox").iterdir())) == held
    with target.app_context(), transactions.writing():
        former = db.session.scalars(select(Credential)).first()
        assert former is not None
        institution = db.session.get_one(Institution, former.institution_id)
        credential = build_credential(build_person(), institution)
        assert credential.key_number == former.key_number
        assert credentials.check(credential.jwt).reason is Reason.HOLDS


def test_a_backup_is_for_its_owner_and_replaces_nothing(made: tuple[Flask, Path]) -> None:
    app, path = made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with app.app_context(), pytest.raises(BadBackup, match="never replaces a file"):
        backup.write(path)


def test_a_restore_refuses_an_installation_that_is_not_empty(made: tuple[Flask, Path]) -> None:
    app, path = made
    with app.app_context(), pytest.raises(NotEmpty):
        restore.read(path)


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write a crafted backup: the members of `source`, changed, under a manifest that agrees."""
    with zipfile.ZipFile(source) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    manifest = archive.manifest_from(members.pop(archive.MANIFEST))
    change(members)
    with archive.written(target) as writer:
        for name, data in members.items():
            writer.add(name, [data])
        fields = {**vars(manifest), "members": tuple(writer.members)}
        agreeing = archive.Manifest(**fields)
        writer.target.writestr(archive.MANIFEST, agreeing.to_bytes())
    return target


def with_line(table: str, **values: object) -> Callable[[dict[str, bytes]], None]:
    """Return a change that gives the first row of `table` these values."""

    def change(members: dict[str, bytes]) -> None:
        name = f"tables/{table}.jsonl"
        first, _, rest = members[name].partition(b"\n")
        members[name] = json.dumps({**json.loads(first), **values}).encode() + b"\n" + rest

    return change


def with_member(name: str, data: bytes = b"x") -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        members[name] = data

    return change


CRAFTED = {
    "a row with a column too many": (with_line("person", is_root=True), "exactly the columns"),
    "text where a number belongs": (with_line("job", tries="1"), "job.tries must be a whole"),
    "truth where a number belongs": (with_line("job", tries=True), "job.tries must be a whole"),
    "a huge number": (with_line("job", tries=10**40), "job.tries must be a whole number"),
    "not a number": (with_line("institution", self_service_time_limit=float("nan")), "NaN is not"),
    "too long a text": (with_line("person", language="x" * 99), "at most 40 characters"),
    "a moment without a zone": (with_line("job", run_at="2026-01-01T00:00:00"), "a moment with"),
    "a zero byte": (with_line("person", display_name="a\0b"), "person.display_name must be text"),
    "nothing where something must be": (with_line("person", email=None), "got nothing"),
    "no JSON": (with_member("tables/person.jsonl", b"!!python/object:os.system"), "is not JSON"),
    "a table of its own": (with_member("tables/evil.jsonl"), "exactly the tables"),
    "a path that climbs": (with_member("storage/../../etc/passwd"), "is not a name"),
    "an absolute path": (with_member("/etc/passwd"), "is not a name"),
    "a hidden file": (with_member("storage/files/.ssh"), "is not a name"),
    "a pickle": (with_member("data.pickle"), "is not a name"),
    "a key that is none": (with_member("keys/x/1.pem", b"-----BEGIN"), "is not a signing key"),
}


@pytest.mark.parametrize("crafted", CRAFTED)
def test_a_crafted_backup_is_refused_and_writes_nothing(
    crafted: str, made: tuple[Flask, Path], empty: Flask, tmp_path: Path
) -> None:
    change, sentence = CRAFTED[crafted]
    path = rewritten(made[1], tmp_path / "crafted.zip", change)
    with empty.app_context():
        with pytest.raises(BadBackup, match=sentence):
            restore.read(path)
        transactions.rollback()
        assert all(not found for found in table_rows(empty).values())


def test_a_damaged_backup_is_refused(
    made: tuple[Flask, Path], empty: Flask, tmp_path: Path
) -> None:
    path = tmp_path / "damaged.zip"
    shutil.copy(made[1], path)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(data)
    with empty.app_context(), pytest.raises(BadBackup, match=r"damaged|manifest"):
        restore.read(path)


def test_a_member_that_differs_from_the_manifest_is_refused(
    made: tuple[Flask, Path], empty: Flask, tmp_path: Path
) -> None:
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(made[1]) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            extra = b"\n" if name == "tables/person.jsonl" else b""
            target.writestr(name, source.read(name) + extra)
    with empty.app_context(), pytest.raises(BadBackup, match=r"tables/person.jsonl is not what"):
        restore.read(path)


def test_what_is_no_backup_is_refused(empty: Flask, tmp_path: Path) -> None:
    path = tmp_path / "no.zip"
    path.write_bytes(b"not a zip")
    with empty.app_context(), pytest.raises(BadBackup, match="is not a backup"):
        restore.read(path)


def test_a_backup_of_another_version_is_refused(
    made: tuple[Flask, Path], empty: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "newer.zip"
    with zipfile.ZipFile(made[1]) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == archive.MANIFEST:
                data = data.replace(b'"revision": "0', b'"revision": "9')
            target.writestr(name, data)
    with empty.app_context(), pytest.raises(BadBackup, match="another version of Attest"):
        restore.read(path)


def test_a_log_that_was_tampered_with_in_the_backup_is_said(
    made: tuple[Flask, Path], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    target = build_app("sqlite", tmp_path, request)
    path = rewritten(
        made[1], tmp_path / "tampered.zip", with_line("audit_body", body='{"act":"x"}')
    )
    with target.app_context(), pytest.raises(NotWhole, match="was changed"):
        restore.read(path)


def test_a_database_without_a_schema_is_given_one(
    made: tuple[Flask, Path], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = fresh_database("sqlite", tmp_path, request)
    app = create_app(settings_for(url, tmp_path), TESTING=True)
    with app.app_context():
        request.addfinalizer(db.engine.dispose)
        restore.read(made[1])
        assert db.session.scalar(text("SELECT count(*) FROM person"))
