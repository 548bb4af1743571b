"""Logs are JSON, one line an entry, without paths, addresses or names."""

from __future__ import annotations

import json
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment import logs


def written(**extra: object) -> str:
    record = logging.makeLogRecord(
        {"name": "attest.x", "msg": "line", "levelname": "INFO", **extra}
    )
    return logs.JsonFormatter().format(record)


@pytest.mark.parametrize(
    "value", ["a\nb", 'a"}\n{"level":"ERROR"', "\x1b[31mred", "a\u2028b", "\r"]
)
def test_no_value_can_begin_a_line_or_colour_a_terminal(value: str) -> None:
    line = written(msg=value, note=value)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    assert json.loads(line)["note"] == value
    assert json.loads(line)["message"] == value


def test_a_request_is_logged_by_endpoint_and_never_by_path(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []

    class Catcher(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(logs.JsonFormatter().format(record))

    logger = logging.getLogger("attest.request")
    monkeypatch.setattr(logger, "handlers", [Catcher()])
    monkeypatch.setattr(logger, "disabled", False)
    logger.setLevel(logging.INFO)
    answer = client.get(
        "/achievements/canary-key?q=canary", headers={"User-Agent": "canary", "Referer": "canary"}
    )
    (line,) = lines
    entry = json.loads(line)
    assert "canary" not in line
    assert entry["status"] == answer.status_code
    assert entry["request_id"] == answer.headers["X-Request-Id"]
    assert set(entry) <= {
        "at", "level", "logger", "message", "endpoint", "method", "status", "ms", "request_id",
    }  # fmt: skip


def test_a_request_id_is_ours(client: FlaskClient) -> None:
    answer = client.get("/health", headers={"X-Request-Id": "mine\r\n"[:4]})
    assert answer.headers["X-Request-Id"] != "mine"


def test_errors_carry_an_id_and_nothing_else(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall() -> str:
        raise RuntimeError("canary")

    fall.attest_action = app.view_functions["health.health"].attest_action  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "health.health", fall)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = app.test_client().get("/health")
    assert answer.status_code == 500
    assert "canary" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
