"""Taking the body of a request that may be slow: only so many at once, and not for ever."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort, request
from werkzeug.exceptions import ClientDisconnected

from assessment.errors import TooMany
from assessment.locale import gettext as _

AT_ONCE = 6
"""Pieces that arrive at once in one process: its other threads answer everybody else."""
PATIENCE_SECONDS = 30.0
SLOWEST = 8_000
"""Bytes a second: a telephone with one bar."""
RETRY_SECONDS = 3

_arriving = threading.BoundedSemaphore(AT_ONCE)


def body(most: int) -> bytes:
    """Return what is sent, at most `most` bytes; 408 for what comes too slowly."""
    length = request.content_length
    if length is None:
        abort(411)
    if length > most:
        abort(413)
    if not _arriving.acquire(blocking=False):
        sentence = _("Many files are arriving. Yours goes on in a few seconds.")
        raise TooMany(sentence, retry_after=RETRY_SECONDS)
    try:
        with _until(PATIENCE_SECONDS + length / SLOWEST):
            return request.get_data(cache=False)
    except (ClientDisconnected, OSError):
        abort(408)
    finally:
        _arriving.release()


@contextmanager
def _until(seconds: float) -> Iterator[None]:
    """Let nothing more arrive after so many seconds: reading then ends."""
    connection = request.environ.get("gunicorn.socket")
    if connection is None:  # another server, as in tests: it has a limit of its own, or none
        yield
        return
    watch = threading.Timer(seconds, _close, [connection])
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _close(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        return  # it is closed already
