"""Jobs are done once, tried again with patience, given up in the end, and survive a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import clock, transactions
from assessment.extensions import db
from assessment.jobs import handlers, queue, worker
from assessment.jobs.handlers import Hopeless, Later, Payload, handler
from assessment.jobs.models import Job, JobState
from assessment.jobs.service import enqueue
from tests.conftest import DATABASES, build_app

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "HANDLERS", dict(handlers.HANDLERS))
    for module in (queue, worker):
        monkeypatch.setattr(module, "HANDLERS", handlers.HANDLERS)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Freeze the clock at the one moment in the list, which a test may change."""
    moment = [NOON]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    return moment


def queued(app: Flask, kind: str, **payload: object) -> None:
    with app.app_context(), transactions.writing():
        enqueue(kind, payload)


def only_job(app: Flask) -> Job:
    with app.app_context():
        job = db.session.scalars(select(Job)).one()
        db.session.expunge(job)
    return job


def test_a_job_is_done_once(app: Flask, at: list[datetime]) -> None:
    seen: list[Payload] = []
    handler("test.note")(seen.append)
    queued(app, "test.note", number=3)
    assert worker.run_all(app) == 1
    assert worker.run_all(app) == 0
    assert seen == [{"number": 3}]
    job = only_job(app)
    assert (job.state, job.done_at, job.tries) == (JobState.DONE, NOON, 1)


def test_two_jobs_with_one_key_are_one(app: Flask, at: list[datetime]) -> None:
    with app.app_context(), transactions.writing():
        enqueue("test.note", {"number": 1}, once_key="the same")
        enqueue("test.note", {"number": 2}, once_key="the same")
    assert only_job(app).payload == {"number": 1}


def test_a_job_that_did_not_succeed_waits_longer_each_time_and_is_given_up(
    app: Flask, at: list[datetime]
) -> None:
    @handler("test.refuse")
    def refuse(_payload: Payload) -> None:
        raise ValueError("`x` must be y; got z at test.")

    queued(app, "test.refuse")
    for tries in range(1, queue.MAX_TRIES):
        assert worker.run_one(app)
        assert not worker.run_one(app)
        at[0] += timedelta(seconds=queue.pause_seconds(tries))
    assert worker.run_one(app)
    job = only_job(app)
    assert job.state == JobState.GIVEN_UP
    assert job.last_error == "ValueError: `x` must be y; got z at test."


def test_words_of_others_are_not_kept_with_a_job(app: Flask, at: list[datetime]) -> None:
    @handler("test.leak")
    def leak(_payload: Payload) -> None:
        raise RuntimeError("somebody@example.org")

    queued(app, "test.leak")
    worker.run_one(app)
    assert only_job(app).last_error == "RuntimeError"


def test_what_a_handler_did_not_commit_is_taken_back(app: Flask, at: list[datetime]) -> None:
    @handler("test.half")
    def half(_payload: Payload) -> None:
        enqueue("test.never", {})
        db.session.flush()

    queued(app, "test.half")
    worker.run_one(app)
    assert only_job(app).kind == "test.half"


def test_a_job_for_later_is_no_try(app: Flask, at: list[datetime]) -> None:
    @handler("test.later")
    def later(_payload: Payload) -> None:
        raise Later(60, "not yet")

    queued(app, "test.later")
    assert worker.run_one(app)
    job = only_job(app)
    assert (job.state, job.tries, job.last_error) == (JobState.WAITING, 0, "not yet")
    assert job.run_at == NOON + timedelta(seconds=60)


def test_a_hopeless_job_is_given_up_at_once(app: Flask, at: list[datetime]) -> None:
    @handler("test.hopeless")
    def hopeless(_payload: Payload) -> None:
        raise Hopeless("no use")

    queued(app, "test.hopeless")
    worker.run_one(app)
    assert only_job(app).state == JobState.GIVEN_UP


def test_a_job_that_nothing_does_says_so(app: Flask, at: list[datetime]) -> None:
    queued(app, "test.unheard_of")
    worker.run_one(app)
    job = only_job(app)
    assert job.state == JobState.GIVEN_UP
    assert "test.unheard_of" in job.last_error


def test_a_dead_workers_job_is_free_after_its_lease_and_given_up_in_the_end(
    app: Flask, at: list[datetime]
) -> None:
    handler("test.killer", seconds=10)(lambda payload: None)
    queued(app, "test.killer")
    for _try in range(queue.MAX_TRIES):
        with app.app_context():
            assert queue.claim() is not None
            assert queue.claim() is None
        at[0] += timedelta(seconds=41)
    with app.app_context():
        assert queue.claim() is None
    assert only_job(app).state == JobState.GIVEN_UP


def test_a_worker_that_lost_its_lease_settles_nothing(app: Flask, at: list[datetime]) -> None:
    handler("test.slow", seconds=10)(lambda payload: None)
    queued(app, "test.slow")
    with app.app_context():
        first = queue.claim()
        at[0] += timedelta(seconds=41)
        second = queue.claim()
        assert first
        assert second
        queue.finish(first)
    assert only_job(app).state == JobState.WAITING
    with app.app_context():
        queue.finish(second)
    assert only_job(app).state == JobState.DONE


def test_a_job_that_takes_too_long_is_interrupted(app: Flask) -> None:
    handler("test.endless", seconds=1)(lambda payload: time.sleep(120))
    queued(app, "test.endless")
    began = time.monotonic()
    worker.run_one(app)
    assert time.monotonic() - began < 100
    assert only_job(app).last_error.startswith("TimeIsUp")


def test_a_forgetful_handler_leaves_no_payload(app: Flask, at: list[datetime]) -> None:
    handler("test.secret", forgets=True)(lambda payload: None)
    queued(app, "test.secret", word="canary")
    worker.run_one(app)
    assert only_job(app).payload == {}


def test_a_duty_that_fails_stops_nothing(app: Flask) -> None:
    def fall() -> None:
        raise RuntimeError("no")

    worker.perform(app, handlers.Duty("falls", 1, fall))


@pytest.mark.parametrize("kind", DATABASES)
def test_eight_workers_do_forty_jobs_once_each(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app(kind, tmp_path, request)
    done: list[int] = []
    handler("test.count")(lambda payload: done.append(payload["number"]))
    for number in range(40):
        queued(app, "test.count", number=number)
    threads = [threading.Thread(target=worker.run_all, args=(app,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    assert sorted(done) == list(range(40))


def start_worker(folder: Path, app: Flask, *more: str) -> subprocess.Popen[bytes]:
    settings = app.extensions["attest_settings"]
    environ = {
        "PATH": os.environ["PATH"],
        "ATTEST_DATA": str(folder),
        "ATTEST_DATABASE_URL": settings.database_url,
        "ATTEST_SECRET_KEY": settings.secret_key,
    }
    command = [sys.executable, "-m", "assessment", "worker", *more]
    return subprocess.Popen(command, env=environ, stderr=subprocess.PIPE)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_stops_when_told_to(
    number: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app("sqlite", tmp_path, request)
    process = start_worker(tmp_path, app)
    assert process.stderr is not None
    assert b"worker started" in process.stderr.readline()
    process.send_signal(number)
    _out, error = process.communicate(timeout=120)
    assert process.returncode == 0
    assert b"worker stopped" in error


def test_a_worker_ends_when_its_parent_is_not_the_one_it_had(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app("sqlite", tmp_path, request)
    process = start_worker(tmp_path, app, "--parent", "1")
    _out, error = process.communicate(timeout=120)
    assert process.returncode == 0
    assert b"worker stopped" in error
