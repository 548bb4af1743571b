"""A film that is sent over a real network: the server is killed at nine tenths, and the film goes
on from there; its receipt is that of the learner's own file.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.request import Request

import psutil
import pytest
from flask import Flask
from sqlalchemy import func, select

from assessment import storage
from assessment.app import create_app
from assessment.artefacts.models import Artefact
from assessment.artefacts.service import PIECE_BYTES
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import PASSWORD
from assessment.extensions import db
from assessment.operation import schema
from tests.assessment.artefacts.files import CANARY, box, film
from tests.assessment.people.browser import sign_in
from tests.conftest import DATABASES, build_app, fresh_database, settings_for
from tests.walks.server import Answer, Browser, Lost, Server, free_port

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
MEGABYTE = 1_000_000
JSON = "application/json"


@dataclass
class Sender:
    """A learner's browser, and the file it sends."""

    browser: Browser
    data: bytes
    token: str = ""
    upload: str = ""

    def enter(self, email: str) -> None:
        """Sign in."""
        page = self.browser.get("/sign-in")
        fields = {"email": email, "password": PASSWORD, "csrf_token": token_of(page)}
        self.browser.post("/sign-in", fields)
        self.token = token_of(self.browser.get("/me/artefacts"))

    def begin(self) -> int:
        """Return how much of the file is there."""
        fields = {"name": "clip.mp4", "size": str(len(self.data)), "csrf_token": self.token}
        said = self.browser.post("/uploads", fields, accept=JSON)
        assert said.status == 201, said.text
        self.upload = str(said.data["id"])
        return int(str(said.data["received"]))

    def piece(self, offset: int) -> Answer:
        """Send the piece at `offset`."""
        headers = {"X-CSRFToken": self.token, "Accept": JSON}
        headers["Content-Type"] = "application/octet-stream"
        address = f"{self.browser.base}/uploads/{self.upload}?offset={offset}"
        body = self.data[offset : offset + PIECE_BYTES]
        return self.browser._send(Request(address, data=body, headers=headers))

    def send(self, start: int, end: int) -> None:
        """Send everything from `start` to `end`."""
        for offset in range(start, end, PIECE_BYTES):
            said = self.piece(offset)
            assert said.status == 200, said.text

    def complete(self) -> Answer:
        """Return the receipt."""
        fields = {"csrf_token": self.token}
        return self.browser.post(f"/uploads/{self.upload}/complete", fields, accept=JSON)


def token_of(page: Answer) -> str:
    found = TOKEN.search(page.text)
    assert found is not None, page.text[:300]
    return unescape(found[1])


def a_film(size: int) -> bytes:
    """Return a film of `size` bytes that says who made it at both ends."""
    start = film()
    rest = size - len(start) - 8 - len(CANARY)
    return start + box(b"free", os.urandom(rest) + CANARY)


@pytest.fixture(params=DATABASES)
def serving(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, Flask]]:
    """Return a server that can be killed, and an app on its database."""
    url, bind = fresh_database(request.param, tmp_path, request), f"127.0.0.1:{free_port()}"
    environ = {
        "ATTEST_DATA": str(tmp_path),
        "ATTEST_DATABASE_URL": url,
        "ATTEST_SECRET_KEY": "test-" * 8,
        "ATTEST_KEYS_KEY": "keys-" * 8,
        "ATTEST_BIND": bind,
        "ATTEST_BASE_URL": f"http://{bind}",
    }
    app = create_app(settings_for(url, tmp_path))
    with app.app_context():
        schema.upgrade(db.engine)
    server = Server(environ, tmp_path / "log")
    server.start()
    yield server, app
    server.stop()
    with app.app_context():
        db.engine.dispose()


def sender(server: Server, app: Flask, size: int) -> Sender:
    """Return a learner who is signed in."""
    with app.app_context():
        email = build_learner()[0].email
        db.session.commit()
    found = Sender(Browser(server.url), a_film(size))
    found.enter(email)
    return found


def cut_and_resumed(server: Server, app: Flask, size: int) -> Sender:
    """Return who sent a film of `size` bytes over a server that was killed at nine tenths."""
    learner = sender(server, app, size)
    assert learner.begin() == 0
    cut = int(0.9 * size) // PIECE_BYTES * PIECE_BYTES
    learner.send(0, cut)
    dying = threading.Thread(target=_quietly, args=[learner, cut])
    dying.start()
    server.kill()
    dying.join()
    server.start()
    received = learner.begin()  # the same file is chosen once more
    assert received in (cut, cut + PIECE_BYTES)
    learner.send(received, size)
    receipt = learner.complete()
    assert receipt.status == 200, receipt.text
    assert receipt.data["sha256"] == hashlib.sha256(learner.data).hexdigest()
    assert receipt.data["size"] == size
    return learner


def _quietly(learner: Sender, offset: int) -> None:
    try:
        learner.piece(offset)
    except Lost:
        return


def shown(learner: Sender) -> str:
    """Return the address of the film as assessors see it, once a worker has made the copy."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        page = learner.browser.get("/me/artefacts").text
        found = re.search(r"/me/artefacts/\w+/seen", page)
        if found:
            return found[0].replace("/seen", "/video")
        time.sleep(0.3)
    raise AssertionError("the film was never ready")


def test_a_film_that_was_cut_off_goes_on(serving: tuple[Server, Flask]) -> None:
    server, app = serving
    learner = cut_and_resumed(server, app, 12 * MEGABYTE)
    address = server.url + shown(learner)
    part = learner.browser._send(Request(address, headers={"Range": "bytes=-8"}))
    assert (part.status, part.text) == (206, "\0" * 8)  # where its maker's name stood


def test_a_slow_piece_keeps_nobody_waiting(serving: tuple[Server, Flask]) -> None:
    server, app = serving
    slow, other = sender(server, app, 2 * MEGABYTE), sender(server, app, 2 * MEGABYTE)
    slow.begin()
    half = stalled(slow)
    other.begin()
    other.send(0, len(other.data))
    assert other.complete().status == 200  # whoever waits in vain for a lock is told 503
    half.sendall(slow.data[1000:PIECE_BYTES])
    assert half.recv(20).startswith(b"HTTP/1.1 200")
    half.close()


def stalled(learner: Sender) -> socket.socket:
    """Return the connection of a piece of which a thousand bytes have been sent."""
    host, _, port = learner.browser.base.removeprefix("http://").partition(":")
    connection = socket.create_connection((host, int(port)), timeout=120)
    cookies = "; ".join(f"{each.name}={each.value}" for each in learner.browser.cookies)
    head = (
        f"POST /uploads/{learner.upload}?offset=0 HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Cookie: {cookies}\r\nX-CSRFToken: {learner.token}\r\nAccept: application/json\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {PIECE_BYTES}\r\n\r\n"
    )
    connection.sendall(head.encode() + learner.data[:1000])
    time.sleep(0.5)
    return connection


@pytest.mark.parametrize("kind", DATABASES)
def test_ten_who_complete_it_at_once_get_one_receipt(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app, data = build_app(kind, tmp_path, request, WTF_CSRF_ENABLED=False), film()
    with app.app_context():
        person = build_learner()[0]
        db.session.commit()
        browsers = [sign_in(app.test_client(), person) for _ in range(10)]
    said = {"name": "clip.mp4", "size": len(data)}
    upload = browsers[0].post("/uploads", data=said).json["id"]
    raw = {"data": data, "content_type": "application/octet-stream"}
    with ThreadPoolExecutor(10) as pool:
        pieces = [pool.submit(each.post, f"/uploads/{upload}?offset=0", **raw) for each in browsers]
        assert {each.result().status_code for each in pieces} == {200}
        done = [pool.submit(each.post, f"/uploads/{upload}/complete") for each in browsers]
        answers = [each.result() for each in done]
    good = [each.json for each in answers if each.status_code == 200]
    assert good
    assert all(each == good[0] for each in good)
    assert {each.status_code for each in answers} == {200}
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Artefact)) == 1
        assert storage.current().names("uploads") == []
        assert len(storage.current().names("artefacts")) == 1


@pytest.mark.slow
def test_a_film_of_200_megabytes(serving: tuple[Server, Flask]) -> None:
    server, app = serving
    began, learner = time.monotonic(), cut_and_resumed(server, app, 200 * MEGABYTE)
    assert server.process is not None
    processes = [psutil.Process(server.process.pid)]
    processes += processes[0].children(recursive=True)
    shown(learner)
    largest = max(each.memory_info().rss for each in processes) / MEGABYTE
    print(f"200 MB in {time.monotonic() - began:.1f} s; the largest process has {largest:.0f} MB")
    assert largest < 500
