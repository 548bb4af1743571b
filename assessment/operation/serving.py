"""`attest serve`: gunicorn with threads, and one worker process that ends with it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from assessment import logs
from assessment.app import create_app
from assessment.config import Settings

THREADS_EMBEDDED = 16
THREADS = 8
MOST_PROCESSES = 8
GRACE_SECONDS = 30
PAUSE_BEFORE_RESTART_SECONDS = 2


class WorkerProcess:
    """The one `attest worker` of a server, started again when it ends too soon."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.not_before = 0.0

    def keep(self) -> None:
        """Start the worker unless it runs; called every second by gunicorn's main loop."""
        if self.process is not None and self.process.poll() is None:
            return
        if time.monotonic() >= self.not_before:
            self.not_before = time.monotonic() + PAUSE_BEFORE_RESTART_SECONDS
            command = [sys.executable, "-m", "assessment", "worker", "--parent", str(os.getpid())]
            self.process = subprocess.Popen(command)  # noqa: S603 - every word of it is ours

    def stop(self) -> None:
        """Tell the worker to finish its job and end; past patience, end it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()


class ServerArbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's main process, which keeps a worker of ours as it keeps its own."""

    def __init__(self, app: BaseApplication) -> None:
        super().__init__(app)
        self.worker = WorkerProcess()

    def manage_workers(self) -> None:
        """Keep gunicorn's processes, and our worker."""
        super().manage_workers()
        self.worker.keep()

    def stop(self, graceful: bool = True) -> None:
        """Stop serving, then the worker."""
        super().stop(graceful)
        self.worker.stop()


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """The application and how gunicorn serves it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn its options."""
        for name, value in options(self.settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application, made in the process that serves it."""
        return create_app(self.settings)

    def run(self) -> None:
        """Serve until told to stop."""
        ServerArbiter(self).run()


def options(settings: Settings) -> dict[str, Any]:
    """Return gunicorn's options: on SQLite one process, since it has one writer at a time."""
    processes = 1 if settings.embedded else min(MOST_PROCESSES, max(2, os.cpu_count() or 1))
    return {
        "bind": settings.bind,
        "worker_class": "gthread",
        "workers": processes,
        "threads": THREADS_EMBEDDED if settings.embedded else THREADS,
        "timeout": 60,
        "graceful_timeout": GRACE_SECONDS,
        "keepalive": 15,
        "forwarded_allow_ips": "",  # whom to believe is ATTEST_TRUSTED_PROXIES alone
        "control_socket_disable": True,
        "proc_name": "attest",
        "accesslog": None,  # the application logs requests by endpoint: paths carry tokens
        "logconfig_dict": logs.for_gunicorn(),
    }
