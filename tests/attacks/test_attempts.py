"""Sittings attacked: other people's ids, made-up facts, late answers, a database that is away."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse
from sqlalchemy import func, select

from assessment import clock, transactions
from assessment.app import create_app
from assessment.audit import refusals
from assessment.awards.models import Award
from assessment.credentials.models import Credential
from assessment.demo.builders.examinations import build_examination, build_learner
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.ids import new_id
from assessment.items import service as items
from assessment.people.models import Institution, Person
from assessment.sittings import duties, service
from assessment.sittings.models import Response, Sitting, SittingState
from tests.assessment.people.browser import sign_in
from tests.assessment.sittings.answers import answer_all, sit
from tests.attacks.rows import body_without, entries, everything
from tests.attacks.world import World
from tests.conftest import DATABASES, build_app, settings_for
from tests.walks.people import signed_in

JSON = {"Accept": "application/json"}
OF_A_SITTING = ("", "/questions/1", "/review", "/time", "/figures/1")
BEFORE, AFTER = "before the commit", "after the commit"
KILLED = 9


def sitting_of(world: World, sitting_id: str) -> Sitting:
    """Return the row of a sitting; call it with a context pushed."""
    return db.session.scalars(select(Sitting).filter_by(id=sitting_id)).one()


def test_line_1_another_learners_ids_are_ids_that_do_not_exist(world: World) -> None:
    browser, before, made_up = world.browser(world.bob), everything(world.app), new_id()
    paths = [f"/sittings/%s{part}" for part in OF_A_SITTING]
    for own, path in (*((world.sitting, path) for path in paths), (world.award, "/awards/%s")):
        refused = body_without(browser, path % own, own, made_up)
        assert refused[0] == 404
        assert refused == body_without(browser, path % made_up, own, made_up)
    for path in (
        f"/sittings/{world.sitting}/questions/1",
        f"/sittings/{world.sitting}/submit",
        f"/awards/{world.award}/accept",
        f"/awards/{world.award}/decline",
        f"/credentials/{world.credential}/sharing",
    ):
        assert browser.post(path, data={"choice": "0"}).status_code == 404, path
    assert everything(world.app) == before
    assert len(entries(world.app, "access_denied")) == 2 * (len(paths) + 1) + 5


def test_line_2_another_institution_reaches_nothing_by_nested_ids(world: World) -> None:
    browser, values = world.browser(world.stranger), world.values
    with world.app.app_context():
        college = db.session.scalars(select(Institution.id).filter_by(key="college")).one()
    before = everything(world.app)
    for path in (
        "/banks/wiring",
        f"/banks/wiring/items/{values['item_key']}",
        "/banks/others/tests/pre",
        f"/registrar/awards/{world.award}",
        f"/registrar/awards/{world.award}/revoke",
    ):
        assert browser.get(path).status_code == 404, path
    sent = {"reason": "Mine now.", "revoked_for": "error"}
    for path in (
        f"/registrar/awards/{world.award}/revoke",
        f"/registrar/awards/{world.award}/holds",
        f"/registrar/holds/{values['hold_id']}/lift",
        f"/people/invitations/{values['ticket_id']}/withdraw",
        f"/people/roles/{values['grant_id']}/remove",
    ):
        assert browser.post(path, data=sent).status_code == 404, path
    given = {"institution": college, "multiplier": "2", "added_minutes": "5"}
    invited = {"email": "x@example.org", "role": "author", "institution": college, "language": "en"}
    coded = {"test": "pre", "supervision": "invigilated", "identity": "document"}
    for path, data in (
        (f"/people/accommodations/{values['learner_id']}", given),
        ("/people/invite", invited),
        ("/registrar/codes", coded),
    ):
        assert browser.post(path, data=data).status_code == 422, path
    assert everything(world.app) == before


def test_line_2_a_place_outside_of_ones_own_sitting_does_not_exist(world: World) -> None:
    browser = world.browser(world.ada)
    for position in ("0", "5", "2147483647", "2147483648", "9" * 5000, "-1", "1e3"):
        path = f"/sittings/{world.sitting}/questions/{position}"
        assert browser.get(path).status_code == 404
        assert browser.post(path, data={"choice": "0"}).status_code in (404, 405)


@pytest.mark.usefixtures("one_window")
def test_line_3_guessing_ids_finds_nothing_and_is_slowed_down(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "MOST_REFUSALS", parse("20 per hour"))
    browser = world.browser(world.bob)
    codes = [browser.get(f"/sittings/{new_id()}").status_code for _ in range(25)]
    assert codes == [404] * 20 + [429] * 5
    slowed = browser.get(f"/sittings/{new_id()}")
    assert slowed.headers["Retry-After"] == "60"
    assert slowed.headers["Content-Security-Policy"]
    assert len(entries(world.app, "access_denied")) == 20  # nor can anybody fill the log
    assert browser.get(f"/sittings/{world.bobs_sitting}/questions/1").status_code == 200
    assert len({new_id() for _ in range(1000)}) == 1000


def test_line_8_no_answer_comes_before_the_server_s_clock_has_begun(app: Flask) -> None:
    with app.app_context():
        build_examination()
        browser = sign_in(app.test_client(), build_learner()[0])
    assert browser.get("/tests/pre").status_code == 200
    early = browser.post(f"/sittings/{new_id()}/questions/1", data={"choice": "0"}, headers=JSON)
    assert early.status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Sitting)).all() == []
    assert browser.get("/tests/pre?begin=1").status_code == 200  # looking begins nothing
    earliest = clock.now()
    browser.post("/tests/pre", data={"terms": "y"})
    with app.app_context():
        begun = db.session.scalars(select(Sitting)).one()
        assert earliest <= begun.started_at <= clock.now()
        assert begun.deadline == begun.started_at + timedelta(minutes=40)


def test_line_9_an_answer_after_the_time_is_refused_whatever_its_clock_says(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, browser = clock.now(), world.browser(world.ada)
    path = f"/sittings/{world.sitting}/questions/2"
    early = {"Date": now.strftime("%a, %d %b %Y %H:%M:%S GMT"), **JSON}
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=41))
    late = browser.post(path, data={"choice": "0", "revision": "0"}, headers=early)
    assert (late.status_code, late.get_json()["error"]) == (409, "expired")
    with world.app.app_context():
        duties.expire()  # no browser is open
        ended = sitting_of(world, world.sitting)
        assert (ended.state, ended.ending) == (SittingState.SCORED, "time")
        assert [response.position for response in ended.responses] == [1]


MADE_UP = {
    "deadline": "2099-01-01T00:00:00",
    "minutes_allowed": "9999",
    "extra_time": "9999",
    "given_back_seconds": "9999",
    "started_at": "2099-01-01T00:00:00",
    "ended_at": "2000-01-01T00:00:00",
    "score": '{"percent":100}',
    "percent": "100",
    "points": "4",
    "theta": "4",
    "state": "scored",
    "status": "scored",
    "number": "77",
    "seed": "1",
    "supervision": "invigilated",
    "identity": "document",
    "learner_id": "somebody",
    "person_id": "somebody",
    "user_id": "somebody",
    "role": "administrator",
    "roles": "administrator",
    "email_confirmed_at": "2000-01-01",
    "demo_order": "1",
    "shared": "y",
    "multiplier": "5",
    "added_minutes": "600",
}


def test_line_10_facts_that_a_sitting_s_forms_do_not_ask_for_are_ignored(app: Flask) -> None:
    with app.app_context():
        build_examination()
        person, actor = build_learner()
        owner = actor.learner_id
        browser = sign_in(app.test_client(), person)
    begun = browser.post("/tests/pre", data={**MADE_UP, "terms": "y"})
    sitting_id = begun.location.rsplit("/", 1)[1]
    path = f"/sittings/{sitting_id}/questions/1"
    saved = browser.post(path, data={**MADE_UP, "choice": "0", "revision": "0"}, headers=JSON)
    assert saved.status_code == 200
    assert browser.post(path, json={**MADE_UP, "choice": ["1"]}, headers=JSON).status_code in (
        200, 400, 409, 422,
    )  # fmt: skip
    with app.app_context():
        row = db.session.scalars(select(Sitting)).one()
        assert (row.learner_id, row.number, row.state) == (owner, 1, SittingState.OPEN)
        assert (row.supervision, row.identity, row.given_back_seconds) == ("none", "sign-in", 0)
        assert row.deadline == row.started_at + timedelta(minutes=40)
        assert row.score is None
        assert abs(row.started_at - clock.now()) < timedelta(minutes=5)
    browser.post(f"/sittings/{sitting_id}/submit", data=MADE_UP)
    with app.app_context():
        score = service.score_from_text(db.session.scalars(select(Sitting.score)).one() or "")
        assert score.answered <= 1
        assert score.percent <= 25


def test_line_10_facts_that_an_account_s_forms_do_not_ask_for_are_ignored(app: Flask) -> None:
    browser = app.test_client()
    with app.app_context():
        build_examination()
        db.session.commit()
    fields = {"email": "eve@example.org", "display_name": "Eve", "password": "a longer sentence"}
    assert browser.post("/register", data={**MADE_UP, **fields}).status_code == 302
    named = {"display_name": "Eva", "email": "ada@example.org", "legal_name": "Ada"}
    assert browser.post("/account/name", data={**MADE_UP, **named}).status_code == 302
    claim = {"legal_name": "Eve", "display_name": "Ada", "email": "ada@example.org"}
    assert browser.post("/account/claim", data={**MADE_UP, **claim}).status_code == 302
    extra = {**MADE_UP, "multiplier": "1", "break_minutes": "0", "own_multiplier": "4"}
    assert browser.post("/me/allowance", data=extra).status_code == 303
    with app.app_context():
        eve = db.session.scalars(select(Person)).one()
        assert (eve.email, eve.display_name, eve.legal_name) == ("eve@example.org", "Eva", "Eve")
        assert eve.grants == []
        assert (eve.email_confirmed_at, eve.demo_order, eve.disabled_at) == (None, None, None)
        assert eve.learner_id != "somebody"
    shown = browser.get("/tests/pre").text
    assert "extended" not in shown


def test_line_12_one_sitting_allowed_is_one_sitting(app: Flask) -> None:
    with app.app_context():
        build_examination(attempts=1, window_days=None)
        person, actor = build_learner()
        sit("pre", actor)
        sit("post", actor)
        browser = sign_in(app.test_client(), person)
    again = browser.post("/tests/post", data={"terms": "y"}, headers=JSON)
    assert again.status_code == 409
    with app.app_context():
        numbers = select(func.count()).select_from(Sitting).filter_by(test_key="post")
        assert db.session.scalar(numbers) == 1


def test_line_14_what_is_saved_after_submitting_changes_nothing_and_says_so(world: World) -> None:
    browser, path = world.browser(world.ada), f"/sittings/{world.sitting}/questions/1"
    assert browser.post(f"/sittings/{world.sitting}/submit").status_code == 303
    before = everything(world.app)
    late = browser.post(path, data={"choice": "3", "revision": "1"}, headers=JSON)
    assert (late.status_code, late.get_json()["error"]) == (409, "ended")
    assert "Your submitted answers are unchanged." in late.get_json()["sentence"]
    page = browser.post(path, data={"choice": "3", "revision": "1"})
    assert page.status_code == 409
    assert "Your submitted answers are unchanged." in page.text
    assert everything(world.app) == before


def test_line_15_time_given_in_a_running_sitting_counts_is_audited_and_told(world: World) -> None:
    with world.app.app_context():
        college = db.session.scalars(select(Institution.id).filter_by(key="college")).one()
        began = sitting_of(world, world.sitting).started_at
    learner_id = str(world.values["learner_id"])
    given = {"institution": college, "multiplier": "2", "added_minutes": "0"}
    path = f"/people/accommodations/{learner_id}"
    assert world.browser(world.staff).post(path, data=given).status_code == 302
    with world.app.app_context():
        duties.apply_allowance({"learner_id": learner_id})
        assert sitting_of(world, world.sitting).deadline == began + timedelta(minutes=80)
    assert [entry["subject"] for entry in entries(world.app, "time extended")] == [world.sitting]
    told = world.browser(world.ada).get(f"/sittings/{world.sitting}/time").get_json()
    assert told["minutes_allowed"] == 80
    assert told["seconds_left"] > 41 * 60


@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.parametrize("moment", [BEFORE, AFTER])
def test_line_16_a_server_that_dies_in_a_submit_scores_once_or_not_at_all(
    kind: str, moment: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app(kind, tmp_path, request, WTF_CSRF_ENABLED=False)
    with app.app_context():
        build_examination()
        person, actor = build_learner()
        sit("pre", actor)
        test = items.current_test("post")
        assert test is not None
        begun = service.begin(test, actor)
        answer_all(begun, actor, right=99)
        person_id, path = person.id, f"/sittings/{begun.id}/submit"
        db.session.commit()
    browser = signed_in(app, person_id)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    child = os.fork()
    if child == 0:
        _submit_and_die(browser, path, moment)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
    with app.app_context():
        scored = db.session.scalars(select(Sitting).filter_by(test_key="post")).one().state
        awarded = db.session.scalar(select(func.count()).select_from(Award))
    expected = (SittingState.OPEN, 0) if moment == BEFORE else (SittingState.SCORED, 1)
    assert (scored, awarded) == expected
    assert browser.post(path).status_code == 303
    with app.app_context():
        counts = [
            db.session.scalar(select(func.count()).select_from(table))
            for table in (Evidence, Award, Credential)
        ]
    assert counts == [2, 1, 1]


def _submit_and_die(browser: FlaskClient, path: str, moment: str) -> None:
    """Send the form in this process, which ends at once beside the commit."""
    real = transactions.commit

    def commit() -> None:
        if moment == AFTER:
            real()
        os._exit(KILLED)

    transactions.commit = commit
    browser.post(path)
    os._exit(1)


def test_line_17_a_locked_database_asks_to_come_back_and_the_answer_is_sent_again(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "BUSY_TIMEOUT_MS", 200)
    app = build_app("sqlite", tmp_path, request, WTF_CSRF_ENABLED=False)
    with app.app_context():
        build_examination()
        person_id = build_learner()[0].id
        db.session.commit()
    browser = signed_in(app, person_id)
    begun = browser.post("/tests/pre", data={"terms": "y"}).location
    path, answer = f"{begun}/questions/1", {"choice": "2", "revision": "0"}
    other = sqlite3.connect(tmp_path / "attest.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for headers in (JSON, {}):
        busy = browser.post(path, data=answer, headers=headers)
        assert busy.status_code == 503
        assert int(busy.headers["Retry-After"]) > 0
        assert "Traceback" not in busy.text
    assert browser.get(path).status_code == 200  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    assert browser.post(path, data=answer, headers=JSON).get_json()["revision"] == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Response)) == 1


def test_line_17_a_server_whose_postgresql_is_down_asks_to_come_back(tmp_path: Path) -> None:
    settings = settings_for("postgresql://127.0.0.1:1/away", tmp_path)
    app = create_app(settings, WTF_CSRF_ENABLED=False)
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = "somebody"
    for answer in (browser.get("/me"), browser.post("/sittings/x/questions/1"), browser.get("/")):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert "psycopg" not in answer.text
        assert "127.0.0.1:1" not in answer.text


def test_line_18_an_abandoned_sitting_is_one_of_those_allowed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, now = world.browser(world.ada), clock.now()
    again = browser.post("/tests/pre", data={"terms": "y"})
    assert again.location == f"/sittings/{world.sitting}"  # the same questions, not others
    with world.app.app_context():
        first, second = (
            {question.item_version_id for question in sitting_of(world, each).questions}
            for each in (world.scored, world.sitting)
        )
    assert not first & second
    monkeypatch.setattr(clock, "now", lambda: _later(now))
    with world.app.app_context():
        duties.expire()
    third = browser.post("/tests/pre", data={"terms": "y"}, headers=JSON)
    assert third.status_code == 409  # two in thirty days: one scored, one abandoned
    with world.app.app_context():
        assert sitting_of(world, world.sitting).ending == "time"


def _later(now: datetime) -> datetime:
    return now + timedelta(hours=1)
