"""The triggers that make the audit log append-only, on either database.

SQLite's `INSERT OR REPLACE` deletes without asking a delete trigger, hence the insert triggers.
Alembic's batch mode rebuilds a table and drops its triggers: migrations/env.py installs them anew.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

REFUSED_ON_SQLITE = {
    "audit_link_unchanged": "BEFORE UPDATE ON audit_link",
    "audit_link_kept": "BEFORE DELETE ON audit_link",
    "audit_link_once": "BEFORE INSERT ON audit_link WHEN EXISTS (SELECT 1 FROM audit_link "
    "WHERE chain = NEW.chain AND number = NEW.number)",
    "audit_body_unchanged": "BEFORE UPDATE ON audit_body",
    "audit_body_once": "BEFORE INSERT ON audit_body WHEN EXISTS (SELECT 1 FROM audit_body "
    "WHERE chain = NEW.chain AND number = NEW.number)",
    "audit_chain_kept": "BEFORE DELETE ON audit_chain",
    "audit_chain_grows": "BEFORE UPDATE ON audit_chain WHEN NEW.chain <> OLD.chain "
    "OR NEW.count < OLD.count OR (NEW.count = OLD.count AND NEW.head <> OLD.head)",
}
REFUSED_ON_POSTGRESQL = {
    "audit_link_unchanged": "BEFORE UPDATE OR DELETE ON audit_link FOR EACH ROW",
    "audit_link_kept": "BEFORE TRUNCATE ON audit_link FOR EACH STATEMENT",
    "audit_body_unchanged": "BEFORE UPDATE ON audit_body FOR EACH ROW",
    "audit_body_kept": "BEFORE TRUNCATE ON audit_body FOR EACH STATEMENT",
    "audit_chain_kept": "BEFORE DELETE ON audit_chain FOR EACH ROW",
    "audit_chain_whole": "BEFORE TRUNCATE ON audit_chain FOR EACH STATEMENT",
    "audit_chain_grows": "BEFORE UPDATE ON audit_chain FOR EACH ROW WHEN (NEW.chain <> OLD.chain "
    "OR NEW.count < OLD.count OR (NEW.count = OLD.count AND NEW.head <> OLD.head))",
}
SENTENCE = "the audit log is append-only"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(connection: Connection) -> None:
    """Make the audit log append-only; repeating it changes nothing."""
    if not inspect(connection).has_table("audit_link"):
        return
    remove(connection)
    if connection.dialect.name == "sqlite":
        for name, event in REFUSED_ON_SQLITE.items():
            action = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            connection.execute(text(f"CREATE TRIGGER {name} {event} {action}"))
        return
    connection.execute(text(FUNCTION))
    for name, event in REFUSED_ON_POSTGRESQL.items():
        connection.execute(text(f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION audit_refuse()"))


def remove(connection: Connection) -> None:
    """Take the triggers away, for a migration that must."""
    if connection.dialect.name == "sqlite":
        for name in REFUSED_ON_SQLITE:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        return
    for name, event in REFUSED_ON_POSTGRESQL.items():
        table = event.partition(" ON ")[2].split()[0]
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {table}"))
    connection.execute(text("DROP FUNCTION IF EXISTS audit_refuse()"))
