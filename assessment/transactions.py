"""One transaction a request: begun before anything is read, committed once by the view.

On SQLite a writing request waits for an in-process lock, then begins with BEGIN IMMEDIATE: a
deferred begin that reads and then writes is refused under load. Services flush; views commit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection

from assessment.extensions import db

WRITING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
BUSY_TIMEOUT_MS = 5000
CONNECT_SECONDS = 5
POOL = 20

_writer = threading.Lock()

View = TypeVar("View", bound=Callable[..., object])


def embedded() -> bool:
    """Return whether the database is SQLite, which has one writer at a time."""
    return db.engine.dialect.name == "sqlite"


def begin_writing() -> None:
    """Begin the session's transaction as a writing one; call it before anything is read."""
    if not embedded():
        return
    if not g.get("holds_writer"):
        g.holds_writer = _writer.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
    db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})


def commit() -> None:
    """Commit the transaction, and let the next writer in."""
    db.session.commit()
    _release()


def rollback() -> None:
    """Take back everything since the transaction began, and let the next writer in."""
    db.session.rollback()
    _release()


@contextmanager
def writing() -> Iterator[None]:
    """A writing transaction outside a request: committed at the end, rolled back on an error."""
    begin_writing()
    try:
        yield
        commit()
    except BaseException:
        rollback()
        raise


def begin_snapshot() -> None:
    """Begin a reading transaction that sees one moment of the database throughout.

    SQLite's always do. Inside a savepoint (as in tests) the outer transaction decides.
    """
    connection = db.session.connection()
    if not embedded() and not connection.in_nested_transaction():
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _release() -> None:
    if g.pop("holds_writer", False):
        _writer.release()


def begins_late(view: View) -> View:
    """Return `view`, marked: it reads what is sent, and begins to write, when it is ready to.

    For what takes long to arrive or to be put together, and may keep nobody else from writing.
    """
    view.attest_begins_late = True  # type: ignore[attr-defined]  # read by `_before_request`
    return view


def _before_request() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in WRITING_METHODS and not hasattr(view, "attest_begins_late"):
        request.get_data(cache=True, parse_form_data=True)  # a slow upload holds no lock
        begin_writing()


def _teardown(_: BaseException | None) -> None:
    _release()


def _sqlite_connect(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def engine_options(database_url: str) -> dict[str, Any]:
    """Return how engines are made: a connection for every thread, and no values in messages."""
    options: dict[str, Any] = {"pool_size": POOL, "hide_parameters": True}
    if not database_url.startswith("sqlite"):
        options |= {"pool_pre_ping": True, "connect_args": {"connect_timeout": CONNECT_SECONDS}}
    return options


def prepare_engine(engine: Engine) -> None:
    """Make SQLite durable, enforce foreign keys and begin transactions as they are asked for."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)


def init_app(app: Flask) -> None:
    """Begin writing requests as such, before the user is loaded, and release at the end."""
    app.before_request(_before_request)
    app.teardown_appcontext(_teardown)
    with app.app_context():
        prepare_engine(db.engine)
