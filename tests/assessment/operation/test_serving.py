"""`attest serve` serves with one worker beside, which ends with it, however it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest

from assessment.config import read_settings
from assessment.operation import serving
from tests.conftest import settings_for
from tests.walks.server import free_port


def until(condition: Callable[[], bool], seconds: float = 180) -> bool:
    """Return whether the condition came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def is_worker(process: psutil.Process) -> bool:
    """Whether this is `attest worker`; a process that has just ended is nothing any more."""
    try:
        return "worker" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


class Serving:
    """A server in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        environ = {
            "PATH": os.environ["PATH"],
            "ATTEST_DATA": str(folder),
            "ATTEST_BIND": f"127.0.0.1:{self.port}",
        }
        command = [sys.executable, "-m", "assessment", "serve"]
        self.process = subprocess.Popen(
            command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def health(self) -> dict[str, str]:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/health", timeout=60) as answer:
                found: dict[str, str] = json.load(answer)
                return found
        except (URLError, OSError):
            return {}

    def workers(self) -> list[psutil.Process]:
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if is_worker(child)]

    def is_whole(self) -> bool:
        return self.health() == {"database": "ok", "storage": "ok", "worker": "ok"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    """Return a server on a new data folder, made ready by itself."""
    started = Serving(tmp_path / "var")
    try:
        assert until(started.is_whole)
        yield started
    finally:
        started.process.kill()
        started.process.wait(120)
        assert started.process.stdout is not None
        started.process.stdout.close()


def test_it_serves_with_one_worker_and_stops_both_when_told(server: Serving) -> None:
    (worker,) = server.workers()
    assert server.process.stdout is not None
    assert server.process.stdout.readline().startswith(b"Attest is at http://")
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(180) == 0
    assert until(lambda: not worker.is_running())


def test_a_worker_that_dies_is_started_again(server: Serving) -> None:
    (worker,) = server.workers()
    worker.kill()
    assert until(lambda: [each.pid for each in server.workers()] not in ([], [worker.pid]))
    assert len(server.workers()) == 1


def test_everything_ends_with_a_server_that_is_killed(server: Serving) -> None:
    everyone = psutil.Process(server.process.pid).children(recursive=True)
    assert len(everyone) == 2
    server.process.kill()
    assert until(lambda: not any(each.is_running() for each in everyone))


def test_the_server_believes_no_forwarded_header_and_logs_no_path(tmp_path: Path) -> None:
    options = serving.options(read_settings({"ATTEST_DATA": str(tmp_path)}))
    assert options["forwarded_allow_ips"] == ""
    assert options["accesslog"] is None
    assert (options["workers"], options["threads"]) == (1, 16)


def test_postgresql_is_served_by_several_processes(tmp_path: Path) -> None:
    options = serving.options(settings_for("postgresql://db/attest", tmp_path))
    assert options["workers"] >= 2
