"""How long an answer takes to be saved at half the highest rate, while two uploads trickle in."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import quantiles

from bench.answering import CLIENTS, answer_at_once
from bench.figures import Figure, Finding
from bench.learners import QUESTIONS, Learner, build_seats, signed_in
from bench.places import Kind, Places
from bench.servers import OURS, serving

ANSWERS_AT_MOST = 60
"""Of each client, one at once after another, to find the highest rate."""
SECONDS = 10.0
NAP_SECONDS = 0.005
UPLOADS = 2
UPLOAD_BYTES = 1_000_000
LIMIT_MS = 50.0


def measure(places: Places) -> Iterator[Finding]:
    """Yield the highest rate, and the latency at half of it, on both databases."""
    for kind in Kind:
        yield from _on(kind, places)


def _on(kind: Kind, places: Places) -> Iterator[Finding]:
    installation = places.installation(kind)
    seats = build_seats(installation, CLIENTS)
    with serving(OURS, installation.environ) as server:
        learners = signed_in(server.port, seats)
        answer_at_once(learners, QUESTIONS)
        highest = _highest_rate(learners)
        with _slow_uploads(server.port), _idler() as delays:
            waits = _open_loop(learners, highest / 2)
    percentiles = quantiles(waits, n=100)
    yield Figure(f"highest rate of {CLIENTS} clients, {kind}", highest, "/s")
    yield Figure(f"p50 at half of it, two slow uploads, {kind}", percentiles[49], "ms")
    yield Figure(f"p99 at half of it, two slow uploads, {kind}", percentiles[98], "ms", LIMIT_MS)
    name = f"p99 of waking up meanwhile, doing nothing, {kind}"
    yield Figure(name, quantiles(delays, n=100)[98], "ms")


def _highest_rate(learners: list[Learner]) -> float:
    """Return how many answers a second are saved when every client sends on as soon as it may."""
    began = time.perf_counter()
    answer_at_once(learners, ANSWERS_AT_MOST)
    return ANSWERS_AT_MOST * len(learners) / (time.perf_counter() - began)


def _open_loop(learners: list[Learner], rate: float) -> list[float]:
    """Return the milliseconds from when each answer was due to when it was saved.

    Answers fall due at a steady rate, whatever became of those before: a stall counts for
    everybody who waits behind it.
    """
    number = itertools.count()
    began = time.perf_counter() + 0.1
    waits: list[float] = []

    def work(learner: Learner) -> None:
        while (after := next(number) / rate) < SECONDS:
            time.sleep(max(0.0, began + after - time.perf_counter()))
            learner.answer()
            waits.append((time.perf_counter() - began - after) * 1000)

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, learners))
    return waits


@contextmanager
def _idler() -> Iterator[list[float]]:
    """Yield how many milliseconds too late a thread wakes up that only sleeps.

    Where this is more than a few, others use the machine, and the latencies are theirs.
    """
    over, delays = threading.Event(), list[float]()

    def sleep() -> None:
        while not over.is_set():
            began = time.perf_counter()
            time.sleep(NAP_SECONDS)
            delays.append((time.perf_counter() - began - NAP_SECONDS) * 1000)

    idler = threading.Thread(target=sleep)
    idler.start()
    try:
        yield delays
    finally:
        over.set()
        idler.join()


@contextmanager
def _slow_uploads(port: int) -> Iterator[None]:
    """Let some clients send a long body, a little at a time, until the end."""
    over, broken = threading.Event(), list[OSError]()

    def trickle() -> None:
        try:
            _upload(port, over)
        except OSError as error:
            broken.append(error)

    uploads = [threading.Thread(target=trickle) for _ in range(UPLOADS)]
    for upload in uploads:
        upload.start()
    try:
        yield
    finally:
        over.set()
        for upload in uploads:
            upload.join()
    if broken:
        raise RuntimeError(f"an upload did not last: {broken[0]!r}")


def _upload(port: int, over: threading.Event) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(
            b"POST /verify HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n"
            b"Content-Length: %d\r\n\r\n" % UPLOAD_BYTES
        )
        connection.sendall(
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        )
        while not over.wait(0.05):
            connection.sendall(b"x" * 100)
