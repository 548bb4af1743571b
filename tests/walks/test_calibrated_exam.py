"""From recorded sittings to an adaptive test that says how sure it is: too few responses are
refused with the reason, enough are calibrated and published, and a learner's adaptive sitting over
HTTP outlives the death of the server and replays to the same choices.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

import itembank
from assessment import transactions
from assessment.analysis import commands as of_analysis
from assessment.analysis.service import NotSupported
from assessment.app import create_app
from assessment.awards import service as awards
from assessment.demo.builders.examinations import (
    AREAS,
    BUILDER,
    build_achievement,
    build_bank,
    build_learner,
    build_test,
)
from assessment.demo.builders.people import PASSWORD, build_institution
from assessment.demo.builders.sittings import sit_whole
from assessment.extensions import db
from assessment.items import commands as of_items
from assessment.items import service as items
from assessment.items.models import Test, TestMode
from assessment.operation import schema
from assessment.people.models import Institution
from assessment.people.service import institution_by_key
from assessment.sittings import service as sittings
from assessment.sittings.models import Ending, Sitting, SittingState
from tests.assessment.sittings.answers import place_of_key
from tests.conftest import DATABASES, SHARED, fresh_database, settings_for
from tests.walks.server import Answer, Browser, Server, free_port
from tests.walks.test_kill import found_token

BANK = SHARED / "data/banks/ised-amateur-2025/BankQuestions/amat_basic_quest_delim2025.txt"
TOPICS = 100
TOGETHER = 20
"""Sittings in one transaction: they are recorded faster than one by one."""
QUESTION = re.compile(r"/questions/(\d+)$")


@dataclass(frozen=True)
class World:
    """An installation with a server that may die, and a bank whose truth is known."""

    app: Flask
    server: Server
    bank: str
    chance: random.Random = field(default_factory=lambda: random.Random(2026))

    def knows(self, theta: float, item: itembank.Item) -> bool:
        """Whether somebody of an ability answers an item rightly this time."""
        own = random.Random(item.id)  # the truth about an item is the same for everybody
        slope, difficulty = own.lognormvariate(0.2, 0.15), own.uniform(-1.5, 0.7)
        return self.chance.random() < 1 / (1 + math.exp(-slope * (theta - difficulty)))

    def record(self, test_key: str, count: int) -> None:
        """Let so many new learners of all abilities sit a test, through the services."""
        done = 0
        while done < count:
            with self.app.app_context(), transactions.writing():
                test = items.current_test(test_key)
                assert test is not None
                for _ in range(min(TOGETHER, count - done)):
                    theta, (_person, actor) = self.chance.gauss(0, 1), build_learner()
                    sit_whole(test, actor, lambda item, at=theta: self.knows(at, item))
                    done += 1

    def calibrate(self, *words: str) -> Result:
        """Run `attest bank calibrate` on the bank."""
        group = click.Group()
        of_items.register(group)
        of_analysis.register(group)
        info = ScriptInfo(create_app=lambda: self.app)
        return CliRunner().invoke(group, ["bank", "calibrate", self.bank, *words], obj=info)


@dataclass
class Taker:
    """A learner at an adaptive sitting, over real HTTP."""

    world: World
    learner_id: str
    browser: Browser
    sitting_id: str = ""
    token: str = ""

    def begin(self, email: str, test_key: str) -> None:
        """Sign in and begin the test."""
        page = self.browser.get("/sign-in")
        fields = {"email": email, "password": PASSWORD, "csrf_token": found_token(page.text)}
        self.browser.post("/sign-in", fields)
        page = self.browser.get(f"/tests/{test_key}")
        begun = self.browser.post(
            f"/tests/{test_key}", {"terms": "y", "csrf_token": found_token(page.text)}
        )
        self.sitting_id = begun.url.split("/sittings/")[1].split("/")[0]
        self.token = found_token(begun.text)

    def home(self) -> Answer:
        """Return the page where the sitting stands: a question, or the result."""
        page = self.browser.get(f"/sittings/{self.sitting_id}")
        assert page.status == 200, page.text[:300]
        return page

    def position(self) -> int | None:
        """Return the number of the question that is asked; None once there is a result."""
        found = QUESTION.search(self.home().url)
        return int(found[1]) if found else None

    def answer(self, position: int) -> None:
        """Answer rightly."""
        with self.world.app.app_context():
            place = place_of_key(self.sitting(), position)
        url = f"/sittings/{self.sitting_id}/questions/{position}"
        fields = {"choice": str(place), "go": "answer", "csrf_token": self.token}
        assert self.browser.post(url, fields).status == 200

    def sitting(self) -> Sitting:
        """Return the row; call it with a context pushed."""
        return db.session.get_one(Sitting, (self.learner_id, self.sitting_id))

    def choices(self) -> list[tuple[str, object]]:
        """Return what has been asked, and why."""
        with self.world.app.app_context():
            asked = self.sitting().questions
            return [(question.item_version_id, question.choice) for question in asked]


def open_world(kind: str, folder: Path, request: pytest.FixtureRequest, bank: str) -> World:
    """Return an empty installation whose server is not running yet."""
    url, port = fresh_database(kind, folder, request), free_port()
    base = f"http://127.0.0.1:{port}"
    app = create_app(settings_for(url, folder, ATTEST_BASE_URL=base))
    with app.app_context():
        schema.upgrade(db.engine)
    environ = {
        "ATTEST_DATA": str(folder),
        "ATTEST_DATABASE_URL": url,
        "ATTEST_SECRET_KEY": "test-" * 8,
        "ATTEST_KEYS_KEY": "keys-" * 8,
        "ATTEST_BASE_URL": base,
        "ATTEST_BIND": f"127.0.0.1:{port}",
    }
    return World(app, Server(environ, folder / "server.log"), bank)


@pytest.fixture(params=DATABASES)
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Return a college whose test asks all 24 questions of its bank."""
    world = open_world(request.param, tmp_path, request, "wiring")
    with world.app.app_context(), transactions.writing():
        college = build_institution("college")
        build_bank(college, "wiring")
        _publish(college, "wiring", "linear", blueprint=dict.fromkeys(AREAS, 12))
    yield world
    _close(world)


@pytest.fixture
def exam(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Return the office whose examination asks one question of each of a hundred topics."""
    if not BANK.exists():
        pytest.skip("the examination's bank is not here")
    world = open_world("sqlite", tmp_path, request, "ised-basic")
    with world.app.app_context(), transactions.writing():
        office = build_institution("college")
        parsed = itembank.read_bank(BANK.read_bytes(), itembank.BankFormat.ISED)
        spec = items.BankSpec(key="ised-basic", institution_id=office.id)
        assert items.import_bank(parsed, spec, BUILDER).total == 984
        _publish(office, "ised-basic", "linear", blueprint=None)
    yield world
    _close(world)


def _publish(institution: Institution, bank: str, key: str, **fields: object) -> Test:
    cuts = (items.Cut("pass", {"en": "Pass", "fr": "Réussite"}, 70),)
    return build_test(institution, bank, key, minutes=None, cuts=cuts, **fields)


def _close(world: World) -> None:
    world.server.stop()
    with world.app.app_context():
        db.engine.dispose()


def publish_adaptive(world: World, least: int, blueprint: dict[str, int] | None) -> tuple[str, str]:
    """Publish an adaptive test and what it awards; return a new learner's address and id."""
    with world.app.app_context(), transactions.writing():
        college = institution_by_key("college")
        adaptive = items.Adaptivity(least=least, sure=0.99)
        fields = {
            "mode": TestMode.ADAPTIVE,
            "adaptive": adaptive,
            "blueprint": blueprint,
            "attempts": 2,
        }
        _publish(college, world.bank, "adaptive", **fields)
        build_achievement(college, "wired", {"test": "adaptive", "mastery": 0.9})
        person = build_learner()[0]
        return person.email, person.learner_id


def check_it_outlives_the_server(taker: Taker, kill_at: int) -> None:
    """Answer to the end; once, the server dies before an answer, and right after one."""
    while (position := taker.position()) is not None:
        if position == kill_at:
            before = taker.choices()
            restart(taker.world.server)
            assert taker.position() == position
            assert taker.choices() == before
        taker.answer(position)
        if position == kill_at:
            after = taker.choices()
            restart(taker.world.server)
            assert taker.position() == position + 1
            assert taker.choices() == after


def restart(server: Server) -> None:
    """Kill every process of the server, and start it again."""
    server.kill()
    server.start()


def check_it_ended_early_and_replays(taker: Taker, least: int, most: int) -> None:
    """The sitting is sure, no longer than it might be, awarded, and its log leads to itself."""
    assert "your ability is above the passing mark" in taker.home().text
    with taker.world.app.app_context():
        sitting = taker.sitting()
        assert (sitting.state, sitting.ending) == (SittingState.SCORED, Ending.COMPLETE)
        assert least <= len(sitting.questions) <= most
        score = sittings.score_from_text(sitting.score or "")
        assert score.mastery_probability is not None
        assert score.mastery_probability >= 0.99
        assert sittings.replay_choices(sitting) is None
        assert _a_changed_log_is_found(sitting)
        (award,) = awards.awards_of(taker.learner_id)
        assert award.achievement.key == "wired"
        assert awards.replays_the_same(award.decision)


def _a_changed_log_is_found(sitting: Sitting) -> bool:
    question = sitting.questions[2]
    with db.session.no_autoflush:
        question.choice = {**question.choice, "theta": question.choice["theta"] + 0.000001}
        found = sittings.replay_choices(sitting)
        db.session.rollback()
    return found is not None and found.position == 3


def take_adaptive_test(world: World, least: int, blueprint: dict[str, int] | None) -> None:
    """Publish an adaptive test on the calibrated bank, and take it over HTTP."""
    email, learner_id = publish_adaptive(world, least, blueprint)
    world.server.start()
    taker = Taker(world, learner_id, Browser(world.server.url))
    taker.begin(email, "adaptive")
    with world.app.app_context():
        most = sum(taker.sitting().test.blueprint.values())
    check_it_outlives_the_server(taker, kill_at=least // 2)
    check_it_ended_early_and_replays(taker, least, most)


def refused(result: Result) -> str:
    """Return why a calibration was refused."""
    assert isinstance(result.exception, NotSupported), result.output
    return str(result.exception)


def test_a_small_bank(small: World) -> None:
    assert "No scored sitting" in refused(small.calibrate())
    small.record("linear", 220)
    why = refused(small.calibrate("--publish"))
    assert "2pl needs 250 responses to an item" in why
    assert "These responses support: rasch, 1pl" in why
    reported = small.calibrate("--model", "rasch")
    assert "Nothing was published" in reported.output, reported.exception
    published = small.calibrate("--model", "rasch", "--publish")
    assert "Published as set 1" in published.output, published.exception
    take_adaptive_test(small, 6, dict.fromkeys(AREAS, 10))


@pytest.mark.slow
def test_the_radio_examination(exam: World) -> None:
    """Budget: 5 minutes of CPU, for 5,500 sittings of 100 questions and three calibrations."""
    exam.record("linear", 2_000)
    why = refused(exam.calibrate())
    assert "2pl needs 250 responses to an item" in why
    assert "These responses support: rasch, 1pl" in why
    supported = exam.calibrate("--model", "rasch")
    assert "2000 sittings" in supported.output, supported.exception
    exam.record("linear", 3_500)
    published = exam.calibrate("--publish")
    assert "Published as set 1" in published.output, published.exception
    _check_scale(exam)
    take_adaptive_test(exam, 20, None)


def _check_scale(exam: World) -> None:
    """Every topic is on the scale.

    Two topics in three have eleven questions: 5,500 sittings give each of those 500 responses on
    average, so that about half of them fall short and stay pilot.
    """
    with exam.app.app_context():
        test = items.current_test("linear")
        assert test is not None
        scale = items.scale_of(test)
        assert scale is not None
        assert set(scale.cuts) == {"pass"}
        known = items.contents(scale.version_ids).values()
        assert 0.6 * 984 < len(known) < 984
        assert len({item.area for item in known}) == TOPICS
