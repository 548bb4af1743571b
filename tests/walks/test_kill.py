"""The server is killed again and again while eight learners answer: nothing that it said it saved
is missing afterwards, no award is doubled, and every sitting goes on.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import itembank
from assessment.app import create_app
from assessment.audit.verification import verify
from assessment.awards.models import Award
from assessment.demo.builders.examinations import (
    build_achievement,
    build_bank,
    build_learner,
    build_test,
)
from assessment.demo.builders.people import PASSWORD, build_institution
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.operation import schema
from assessment.sittings.models import Response, Sitting, SittingItem, SittingState
from tests.conftest import DATABASES, fresh_database, settings_for
from tests.walks.server import PATIENCE, Browser, Lost, Server, free_port

LEARNERS = 8
QUESTIONS = 40
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Learner:
    """A learner who answers at random and notes every answer that was acknowledged."""

    browser: Browser
    learner_id: str
    sitting: str = ""
    token: str = ""
    revisions: dict[int, int] = field(default_factory=dict)
    acknowledged: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Position to revision and place."""
    heard: int = 0
    """How often an answer was acknowledged."""

    def enter(self, email: str) -> None:
        """Sign in and begin the test."""
        page = self.browser.get("/sign-in")
        fields = {"email": email, "password": PASSWORD, "csrf_token": found_token(page.text)}
        self.browser.post("/sign-in", fields)
        page = self.browser.get("/tests/long")
        begun = self.browser.post(
            "/tests/long", {"terms": "y", "csrf_token": found_token(page.text)}
        )
        assert begun.status == 200, begun.text[:300]
        self.sitting = begun.url.split("/sittings/")[1].split("/")[0]
        self.token = found_token(begun.text)

    def answer_once(self, chance: random.Random) -> None:
        """Send one answer, again and again until the server says what became of it."""
        position, place = chance.randint(1, QUESTIONS), chance.randint(0, 3)
        fields = {
            "choice": str(place),
            "revision": str(self.revisions.get(position, 0)),
            "csrf_token": self.token,
        }
        url = f"/sittings/{self.sitting}/questions/{position}"
        try:
            got = self.browser.post(url, fields, accept="application/json")
        except Lost:
            time.sleep(0.02)
            return
        if got.status == 200:
            revision = int(str(got.data["revision"]))
            self.revisions[position] = revision
            self.acknowledged[position] = (revision, place)
            self.heard += 1
        elif got.status == 409:
            self.revisions[position] = int(str(got.data["revision"]))
        else:
            assert got.status == 503, (got.status, got.text[:300])


def found_token(page: str) -> str:
    """Return the token of a page's first form."""
    match = TOKEN.search(page)
    assert match is not None, page[:500]
    return unescape(match.group(1))


def prepare(app: Flask) -> list[tuple[str, str]]:
    """Build a long test and its learners; return their addresses and learner ids."""
    with app.app_context():
        schema.upgrade(db.engine)
        institution = build_institution("college")
        build_bank(institution, "wiring", per_area=QUESTIONS)
        blueprint = dict.fromkeys(("wires", "tools"), QUESTIONS // 2)
        words = {"en": "Any", "fr": "Tout"}
        from assessment.items import service as items  # noqa: PLC0415 - beside its one use

        cuts = (items.Cut("any", words, 1),)
        build_test(institution, "wiring", "long", blueprint=blueprint, minutes=None, cuts=cuts)
        build_achievement(institution, "survivor", {"test": "long", "percent": 0.01})
        people = [build_learner()[0] for _ in range(LEARNERS)]
        found = [(person.email, person.learner_id) for person in people]
        db.session.commit()
        db.engine.dispose()
    return found


@pytest.fixture(params=DATABASES)
def world(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Flask, Server, list[Learner]]]:
    url, port = fresh_database(request.param, tmp_path, request), free_port()
    base = f"http://127.0.0.1:{port}"
    app = create_app(settings_for(url, tmp_path, ATTEST_BASE_URL=base))
    people = prepare(app)
    environ = {
        "ATTEST_DATA": str(tmp_path),
        "ATTEST_DATABASE_URL": url,
        "ATTEST_SECRET_KEY": "test-" * 8,
        "ATTEST_KEYS_KEY": "keys-" * 8,
        "ATTEST_BASE_URL": base,
        "ATTEST_BIND": f"127.0.0.1:{port}",
    }
    server = Server(environ, tmp_path / "server.log")
    server.start()
    learners = [Learner(Browser(base), learner_id) for _, learner_id in people]
    for learner, (email, _) in zip(learners, people, strict=True):
        learner.enter(email)
    yield app, server, learners
    server.stop()
    with app.app_context():
        db.engine.dispose()


def wait_for_answers(learners: list[Learner], broken: list[Exception]) -> None:
    """Wait until some more answers were acknowledged, however slow the machine is."""
    enough = sum(each.heard for each in learners) + 3 * LEARNERS
    end = time.monotonic() + PATIENCE
    while sum(each.heard for each in learners) < enough and not broken:
        assert time.monotonic() < end, "no answer is acknowledged any more"
        time.sleep(0.02)


def kill_under_load(server: Server, learners: list[Learner], kills: int, seed: int) -> None:
    """Kill and restart the server while every learner answers."""
    over, broken = threading.Event(), []

    def work(learner: Learner, chance: random.Random) -> None:
        while not over.is_set():
            try:
                learner.answer_once(chance)
            except Exception as error:
                broken.append(error)
                return

    chance = random.Random(seed)
    threads = [
        threading.Thread(target=work, args=(learner, random.Random(seed + number)))
        for number, learner in enumerate(learners, start=1)
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0.1, 0.9))
            wait_for_answers(learners, broken)
            server.kill()
            server.start()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert broken == []


def check_nothing_is_lost(app: Flask, learners: list[Learner]) -> int:
    """Compare what was acknowledged with what is on disk; return how many answers that was."""
    checked = 0
    with app.app_context():
        for learner in learners:
            for position, (revision, place) in learner.acknowledged.items():
                key = (learner.learner_id, learner.sitting, position)
                kept = db.session.get(Response, key)
                assert kept is not None, key
                assert kept.revision >= revision
                if kept.revision == revision:
                    order = db.session.get_one(SittingItem, key).option_order
                    assert itembank.read_answer(kept.answer).chosen == (order[place],)
                checked += 1
    return checked


def finish(learners: list[Learner]) -> None:
    """Go on with every sitting, and submit it twice."""
    for learner in learners:
        assert learner.browser.get(f"/sittings/{learner.sitting}/questions/1").status == 200
        for _ in range(2):
            url = f"/sittings/{learner.sitting}/submit"
            assert learner.browser.post(url, {"csrf_token": learner.token}).status == 200


def check_all_once(app: Flask) -> None:
    """Every learner has one scored sitting, one row of evidence, and one award at most."""
    with app.app_context():
        assert set(db.session.scalars(select(Sitting.state))) == {SittingState.SCORED}
        for table in (Sitting, Evidence):
            assert db.session.scalar(select(func.count()).select_from(table)) == LEARNERS
        owners = list(db.session.scalars(select(Award.learner_id)))
        assert len(owners) == len(set(owners)) > 0
    with app.app_context():
        assert verify().faults == ()


def run(world: tuple[Flask, Server, list[Learner]], kills: int) -> None:
    """Kill the server so often, then compare, finish and count."""
    app, server, learners = world
    kill_under_load(server, learners, kills, seed=kills)
    assert check_nothing_is_lost(app, learners) > LEARNERS
    finish(learners)
    check_all_once(app)


def test_three_kills(world: tuple[Flask, Server, list[Learner]]) -> None:
    run(world, 3)


@pytest.mark.slow
def test_fifty_kills(world: tuple[Flask, Server, list[Learner]]) -> None:
    run(world, 50)
