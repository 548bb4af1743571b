"""Servers in processes of their own, and the CPU that they use."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

PATIENCE = 60.0
TICKS = os.sysconf("SC_CLK_TCK")
OURS = ("-m", "assessment", "serve")
BARE = ("-m", "bench.bare")


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and the process group that it is."""

    port: int
    group: int

    def cpu_seconds(self) -> float:
        """Return the CPU that its processes have used so far; `attest worker` serves no requests.

        The database server, where there is one, is not among them.
        """
        return (
            sum(_cpu_ticks(folder, self.group) for folder in Path("/proc").glob("[0-9]*")) / TICKS
        )


def _cpu_ticks(process: Path, group: int) -> int:
    """Return user and system time of a process of that group, of all its threads; else 0."""
    with suppress(OSError):
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        if int(fields[2]) == group and b"\0worker\0" not in (process / "cmdline").read_bytes():
            return int(fields[11]) + int(fields[12])
    return 0


@contextmanager
def serving(command: tuple[str, ...], environ: dict[str, str]) -> Iterator[Server]:
    """Yield a server that answers, and end it with all its processes."""
    port = _free_port()
    bound = {**os.environ, **environ, "ATTEST_BIND": f"127.0.0.1:{port}"}
    log = Path(environ["ATTEST_DATA"]) / "server.log"
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603 - every word of it is ours
            [sys.executable, *command], env=bound, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _wait(process, port, log)
        yield Server(port, process.pid)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/health")
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.05)
    raise TimeoutError(f"no answer: {log.read_text()[-2000:]}")
