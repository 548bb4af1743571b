"""The audit log is append-only, tells of every tampering, and survives an erasure."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assessment import storage, transactions
from assessment.access import system
from assessment.audit import anchors, triggers
from assessment.audit.commands import audit
from assessment.audit.service import erase, record
from assessment.audit.verification import Report, verify
from assessment.extensions import db
from assessment.operation import schema
from assessment.storage import open_storage
from tests.conftest import DATABASES, build_app

US = system("test")
CHAINS = ("learner:a", "learner:b", "system")


@pytest.fixture
def house(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Return an app with three chains of four links and an anchor, all taken back afterwards."""
    kept = open_storage("memory://")
    monkeypatch.setattr(storage, "current", lambda: kept)
    fill(app)
    return app


def fill(app: Flask) -> None:
    for number in range(4):
        with app.app_context(), transactions.writing():
            for chain in CHAINS:
                record(chain, "test.acted", US, f"subject-{number}", number=number)
    with app.app_context():
        assert anchors.anchor() is not None


def checked(app: Flask) -> Report:
    with app.app_context():
        return verify()


def tamper(app: Flask, *statements: str) -> None:
    """Change the log as somebody would who may do anything in the database."""
    with app.app_context():
        connection = db.session.connection()
        triggers.remove(connection)
        for statement in statements:
            connection.execute(text(statement))
        triggers.install(connection)
        db.session.commit()


def test_an_untouched_log_is_whole(house: Flask) -> None:
    report = checked(house)
    assert report.faults == ()
    assert (report.chains, report.links, report.anchors) == (3, 12, 1)


CUT = (
    "DELETE FROM audit_body WHERE chain = 'system' AND number = 4",
    "DELETE FROM audit_link WHERE chain = 'system' AND number = 4",
    """UPDATE audit_chain SET count = 3, anchored_count = 3, head = (SELECT link_hash
       FROM audit_link WHERE chain = 'system' AND number = 3) WHERE chain = 'system'""",
)


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (
            ["UPDATE audit_body SET body = replace(body, 'subject-1', 'subject-9')"],
            "what link 2 says was changed",
        ),
        (["UPDATE audit_body SET salt = 'x' WHERE number = 1"], "what link 1 says was changed"),
        (
            ["UPDATE audit_link SET body_hash = link_hash WHERE number = 2"],
            "link 2 does not follow",
        ),
        (
            ["UPDATE audit_link SET link_hash = body_hash WHERE number = 4"],
            "link 4 does not follow",
        ),
        (["UPDATE audit_link SET at = '2020-01-01 00:00:00' WHERE number = 3"], "link 3 does not"),
        (
            ["DELETE FROM audit_body WHERE chain = 'system' AND number = 2"],
            "what link 2 says is missing, and no erasure names it",
        ),
        (
            [
                "DELETE FROM audit_body WHERE chain = 'system' AND number = 2",
                "DELETE FROM audit_link WHERE chain = 'system' AND number = 2",
            ],
            "system: link 2 is missing",
        ),
        (
            [
                "DELETE FROM audit_body WHERE chain = 'system' AND number = 4",
                "DELETE FROM audit_link WHERE chain = 'system' AND number = 4",
            ],
            "system: its head counts 4 links, and the last is 3",
        ),
        (list(CUT), r"system: the anchor of .* saw 4 links, and there are 3"),
        (["DELETE FROM audit_chain WHERE chain = 'system'"], "system: its head is missing"),
        (["UPDATE audit_chain SET count = 9"], "its head counts 9 links"),
        (["UPDATE audit_chain SET head = 'x'"], "its head counts 4 links"),
        (
            [
                f"DELETE FROM {t} WHERE chain = 'system'"
                for t in ("audit_body", "audit_link", "audit_chain")
            ],
            "system: all of its links are missing",
        ),
        (
            [
                """UPDATE audit_link SET body_hash = (SELECT o.body_hash FROM audit_link o
                   WHERE o.chain = 'learner:b' AND o.number = 1)
                   WHERE chain = 'learner:a' AND number = 1""",
            ],
            "learner:a: link 1 does not follow",
        ),
    ],
)
def test_every_tampering_is_found(house: Flask, statements: list[str], fault: str) -> None:
    tamper(house, *statements)
    report = checked(house)
    assert not report.whole
    assert any(re.search(fault, found) for found in report.faults), report.faults


def test_two_links_that_changed_places_are_found(house: Flask) -> None:
    swap = "UPDATE audit_link SET number = {} WHERE chain = 'system' AND number = {}"
    tamper(
        house,
        "DELETE FROM audit_body WHERE chain = 'system'",
        swap.format(99, 2),
        swap.format(2, 3),
        swap.format(3, 99),
    )
    assert any("link 2 does not follow" in fault for fault in checked(house).faults)


def test_a_cut_chain_that_grew_again_is_found(house: Flask) -> None:
    tamper(house, *CUT)
    with house.app_context(), transactions.writing():
        record("system", "test.acted", US, "somebody else's word")
    with house.app_context():
        assert anchors.anchor() is not None
    assert any("link 4 is not the one" in fault for fault in checked(house).faults)


def test_an_erased_body_leaves_the_chain_verifiable(house: Flask) -> None:
    with house.app_context(), transactions.writing():
        erase("learner:a", [1, 2, 3, 4], US, "asked for by the person")
    report = checked(house)
    assert report.faults == ()
    assert report.erased == 4
    with house.app_context():
        bodies = db.session.scalars(text("SELECT body FROM audit_body WHERE chain = 'learner:a'"))
        assert "subject" not in "".join(bodies).replace('"subject":"learner:a"', "")


def test_what_records_an_erasure_is_not_erased(house: Flask) -> None:
    with house.app_context(), transactions.writing():
        erase("learner:a", [1, 2], US, "asked for")
    with house.app_context(), transactions.writing():
        erase("learner:a", [5], US, "to hide it")
    report = checked(house)
    assert report.faults == ()
    assert report.erased == 2


def change_an_anchor(app: Flask, change: Callable[[bytes], bytes]) -> None:
    with app.app_context():
        kept = storage.current()
        name = anchors.name_of(1)
        data = change(kept.read(name))
        kept.delete(name)
        kept.keep(name, data)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda data: data.replace(b'"count":4', b'"count":3'), "Anchor 1 is not signed by this"),
        (lambda data: b"not an anchor", "Anchor 1 cannot be read."),
        (lambda data: data.replace(b'"number":1', b'"number":2'), "Anchor 2 does not follow"),
    ],
)
def test_a_changed_anchor_is_found(
    house: Flask, change: Callable[[bytes], bytes], fault: str
) -> None:
    change_an_anchor(house, change)
    assert any(fault in found for found in checked(house).faults)


def test_an_anchor_of_another_key_is_not_believed(house: Flask) -> None:
    with house.app_context():
        report = verify(trusted=frozenset({"00" * 32}))
    assert report.faults == ("Anchor 1 is not signed by this installation.",)


def test_an_anchor_names_only_what_grew(house: Flask) -> None:
    with house.app_context():
        assert anchors.anchor() is None
        with transactions.writing():
            record("system", "test.acted", US, "more")
        second = anchors.anchor()
    assert second is not None
    assert [mark.chain for mark in second.marks] == ["system"]
    assert second.number == 2
    assert checked(house).anchors == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_link SET body_hash = 'x'",
        "DELETE FROM audit_link",
        "UPDATE audit_body SET body = 'x'",
        "DELETE FROM audit_chain",
        "UPDATE audit_chain SET count = 1",
        "UPDATE audit_chain SET head = 'x'",
        "UPDATE audit_chain SET chain = 'y'",
    ],
)
def test_the_database_refuses_to_change_the_log(house: Flask, statement: str) -> None:
    with house.app_context(), pytest.raises(IntegrityError, match="append-only"):
        db.session.execute(text(statement))


@pytest.mark.parametrize("table", ["audit_link", "audit_body", "audit_chain"])
def test_postgresql_refuses_to_empty_the_log(house: Flask, table: str) -> None:
    with house.app_context():
        if transactions.embedded():
            statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
            if table == "audit_chain":
                return  # replacing a head by itself changes nothing
        else:
            statement = f"TRUNCATE {table} CASCADE"
        with pytest.raises(IntegrityError, match="append-only"):
            db.session.execute(text(statement))


@pytest.mark.parametrize("kind", DATABASES)
def test_a_batch_migration_cannot_leave_the_log_unguarded(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app(kind, tmp_path, request)
    fill(app)
    with app.app_context():
        rebuild = "always" if transactions.embedded() else "auto"
        with db.engine.begin() as connection:
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("audit_chain", recreate=rebuild) as batch:
                batch.add_column(sa.Column("note", sa.String(10)))
        schema.upgrade(db.engine)
        with pytest.raises(IntegrityError, match="append-only"):
            db.session.execute(text("DELETE FROM audit_chain"))


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    runner = CliRunner()
    result = runner.invoke(audit, arguments, obj=ScriptInfo(create_app=lambda: app))
    return result.exit_code, result.output


def test_the_command_says_whether_the_log_is_whole(house: Flask) -> None:
    code, said = run(house, "verify")
    assert code == 0
    assert "Links: 12, in chains: 3" in said
    tamper(house, "UPDATE audit_body SET salt = 'x' WHERE number = 1")
    code, said = run(house, "verify")
    assert code == 1
    assert "learner:a: what link 1 says was changed." in said
    assert "Faults found: 3" in said


def test_what_was_found_whole_cannot_be_cut_afterwards(house: Flask) -> None:
    with house.app_context(), transactions.writing():
        record("institution:x", "test.acted", US, "late")
    assert run(house, "verify")[0] == 0
    tamper(
        house,
        *(
            f"DELETE FROM {t} WHERE chain = 'institution:x'"
            for t in ("audit_body", "audit_link", "audit_chain")
        ),
    )
    assert run(house, "verify")[0] == 1


def test_an_entry_is_taken_back_with_its_act_and_only_then(house: Flask) -> None:
    with house.app_context(), transactions.writing():
        record("system", "test.kept", US, "before")
        savepoint = db.session.begin_nested()
        record("system", "test.undone", US, "inside")
        savepoint.rollback()
        with db.session.begin_nested():
            record("system", "test.kept", US, "inside another")
    with house.app_context():
        said = db.session.scalars(
            text("SELECT body FROM audit_body WHERE chain = 'system' ORDER BY number")
        ).all()
    assert [("kept" in body, "undone" in body) for body in said[4:]] == [(True, False)] * 2
    assert checked(house).whole
