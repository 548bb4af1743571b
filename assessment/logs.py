"""Structured logs: one JSON object a line, a request id, and no personal data."""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from assessment.ids import new_id

STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """Writes a record as JSON, so that nothing in a value can start a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        entry = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **{k: v for k, v in record.__dict__.items() if k not in STANDARD},
        }
        if has_request_context():
            entry["request_id"] = g.get("request_id", "")
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def configure() -> None:
    """Send the logs of this process to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger("attest")
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    root.propagate = False


def _begin() -> None:
    g.request_id = new_id()[:12]
    g.request_began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint not in (None, "static", "bootstrap.static", "health.health"):
        milliseconds = (time.perf_counter() - g.get("request_began", time.perf_counter())) * 1000
        logging.getLogger("attest.request").info(
            "request",
            extra={
                "endpoint": request.endpoint,  # the endpoint, never the path: paths carry tokens
                "method": request.method,
                "status": response.status_code,
                "ms": round(milliseconds, 1),
            },
        )
    return response


def init_app(app: Flask) -> None:
    """Give every request an id and a line in the log."""
    app.before_request(_begin)
    app.after_request(_end)


def for_gunicorn() -> dict[str, Any]:
    """Return the logging configuration under which the server's own lines are JSON as well."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "assessment.logs.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {
            name: {"handlers": ["stderr"], "level": level, "propagate": False}
            for name, level in (("attest", "INFO"), ("gunicorn.error", "INFO"))
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
    }
