"""Triggers that refuse a change, on either database: what is written once stays as it was.

They are declared beside their tables, made by a migration, and made anew where a migration of
SQLite rebuilds a table, which drops them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text

REFUSALS: list[Refusal] = []


@dataclass(frozen=True)
class Refusal:
    """A change that a table refuses: `event` on the rows for which `when` holds.

    `when` is SQL that both databases read, with NEW and OLD for the row; "" is every row.
    """

    name: str
    table: str
    event: str
    sentence: str
    when: str = ""


def declare(*refusals: Refusal) -> tuple[Refusal, ...]:
    """Return the refusals, kept for the migrations that rebuild tables."""
    REFUSALS.extend(refusals)
    return refusals


def unchanged(table: str, sentence: str, when: str = "") -> tuple[Refusal, ...]:
    """Return the refusals that keep the rows of a table, or those that `when` tells of OLD."""
    return declare(
        Refusal(f"{table}_unchanged", table, "UPDATE", sentence, when),
        Refusal(f"{table}_kept", table, "DELETE", sentence, when),
    )


def install(connection: Connection, refusals: Iterable[Refusal]) -> None:
    """Make the triggers of the tables that are there; repeating it changes nothing."""
    tables = set(inspect(connection).get_table_names())
    make = _on_sqlite if connection.dialect.name == "sqlite" else _on_postgresql
    for each in refusals:
        if each.table in tables:
            remove(connection, [each])
            for statement in make(each):
                connection.execute(text(statement))


def _on_sqlite(refusal: Refusal) -> list[str]:
    when = f"WHEN {refusal.when}" if refusal.when else ""
    action = f"BEGIN SELECT RAISE(ABORT, '{refusal.sentence}'); END"
    head = f"CREATE TRIGGER {refusal.name} BEFORE {refusal.event} ON {refusal.table}"
    return [f"{head} FOR EACH ROW {when} {action}"]


def _on_postgresql(refusal: Refusal) -> list[str]:
    """Return a function that asks, for a trigger's own condition may not look at other rows."""
    head = f"CREATE TRIGGER {refusal.name} BEFORE {refusal.event} ON {refusal.table}"
    row = "OLD" if refusal.event == "DELETE" else "NEW"
    return [
        f"""
        CREATE OR REPLACE FUNCTION {refusal.name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {refusal.when or "true"} THEN
                RAISE EXCEPTION '{refusal.sentence}'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN {row};
        END $$
        """,
        f"{head} FOR EACH ROW EXECUTE FUNCTION {refusal.name}()",
    ]


def remove(connection: Connection, refusals: Iterable[Refusal]) -> None:
    """Take the triggers away, for a migration that must."""
    for each in refusals:
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"DROP TRIGGER IF EXISTS {each.name}"))
        else:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {each.name} ON {each.table}"))
            connection.execute(text(f"DROP FUNCTION IF EXISTS {each.name}()"))
