"""Slow senders: only so many at once, and none for ever."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from assessment.artefacts import receiving
from assessment.errors import TooMany


@contextmanager
def sending(app: Flask, data: bytes, length: int) -> Iterator[None]:
    """A request that says it has `length` bytes, of which `data` has come."""
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb", buffering=0) as stream:
        theirs.sendall(data)
        environ = {"gunicorn.socket": ours, "wsgi.input": stream, "CONTENT_LENGTH": str(length)}
        with app.test_request_context("/uploads/x", method="POST", environ_overrides=environ):
            yield


def test_what_is_sent_is_read(app: Flask) -> None:
    with sending(app, b"12345", 5):
        assert receiving.body(10) == b"12345"


def test_what_comes_too_slowly_is_cut_off(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "PATIENCE_SECONDS", 0.1)
    with sending(app, b"12", 5), pytest.raises(HTTPException) as refused:
        receiving.body(10)
    assert refused.value.code == 408


@pytest.mark.parametrize(("length", "code"), [(11, 413), (5_000_000_000, 413), (None, 411)])
def test_what_is_too_long_is_not_read(app: Flask, length: int | None, code: int) -> None:
    said = {"CONTENT_LENGTH": str(length)} if length else {}
    made = app.test_request_context("/uploads/x", method="POST", environ_overrides=said)
    with made, pytest.raises(HTTPException) as refused:
        receiving.body(10)
    assert refused.value.code == code


def test_only_so_many_arrive_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "_arriving", threading.BoundedSemaphore(2))
    monkeypatch.setattr(receiving, "PATIENCE_SECONDS", 120)
    with ExitStack() as stack:
        threads = [threading.Thread(target=_read_slowly, args=[app, stack]) for _ in range(2)]
        for thread in threads:
            thread.start()
        while receiving._arriving._value and all(thread.is_alive() for thread in threads):
            time.sleep(0.01)
        with sending(app, b"12345", 5), pytest.raises(TooMany) as refused:
            receiving.body(10)
        assert refused.value.retry_after == receiving.RETRY_SECONDS
        stack.close()  # the slow ones send the rest
        for thread in threads:
            thread.join()
    with sending(app, b"12345", 5):
        assert receiving.body(10) == b"12345"


def _read_slowly(app: Flask, stack: ExitStack) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb", buffering=0) as stream:
        stack.callback(theirs.sendall, b"12345")
        environ = {"gunicorn.socket": ours, "wsgi.input": stream, "CONTENT_LENGTH": "5"}
        with app.test_request_context("/uploads/x", method="POST", environ_overrides=environ):
            assert receiving.body(10) == b"12345"
