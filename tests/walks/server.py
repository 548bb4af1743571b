"""A real server in processes of its own, which can be killed at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

PATIENCE = 180.0
PORTS = range(20_000, 32_000)
"""Below those that a system gives to whoever asks for any: nobody else is given ours meanwhile."""


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    for port in random.SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise LookupError("No port of the loopback is free.")


@dataclass
class Server:
    """`attest serve` on a database, with its worker, in a process group of its own."""

    environ: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{self.environ['ATTEST_BIND']}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "assessment", "serve"],
                env={**os.environ, **self.environ},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            self._wait()
        except AssertionError:
            self.kill()
            raise

    def kill(self) -> None:
        """End every process of it with SIGKILL, as a power cut would."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Let it finish."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process is not None and self.process.poll() is None:
            try:
                if Browser(self.url).get("/health").status in (200, 503):
                    return
            except Lost:
                time.sleep(0.05)
        raise AssertionError(f"the server did not come up: {self.log.read_text()[-2000:]}")


class Lost(Exception):
    """The connection broke: nobody can say whether the request was carried out."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    url: str

    @property
    def data(self) -> dict[str, object]:
        """The answer as JSON."""
        found: dict[str, object] = json.loads(self.text)
        return found


@dataclass
class Browser:
    """A browser over real HTTP that keeps its cookies."""

    base: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def get(self, path: str, accept: str = "text/html") -> Answer:
        """Return the page at `path`."""
        return self._send(Request(self.base + path, headers={"Accept": accept}))

    def post(self, path: str, fields: dict[str, str], accept: str = "text/html") -> Answer:
        """Return what sending a form to `path` brings."""
        body = urlencode(fields).encode()
        return self._send(Request(self.base + path, data=body, headers={"Accept": accept}))

    def _send(self, request: Request) -> Answer:
        opener = build_opener(HTTPCookieProcessor(self.cookies))
        try:
            with opener.open(request, timeout=PATIENCE) as response:
                return Answer(response.status, response.read().decode(), response.url)
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(), error.url or "")
        except (URLError, OSError, ValueError) as error:
            raise Lost(str(error)) from error
        except Exception as error:  # http.client's own family: IncompleteRead, RemoteDisconnected
            raise Lost(type(error).__name__) from error
