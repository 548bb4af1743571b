"""Keys, rationales, items and their order: nothing of them reaches a learner but the questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

import itembank
from assessment.access import Action, declared_action
from assessment.demo.builders.catalogue import BUILDER
from assessment.demo.builders.examinations import (
    build_bank,
    build_examination,
    build_item,
    build_learner,
)
from assessment.demo.builders.examinations import build_test as build_small_test
from assessment.demo.builders.items import build_test, choice_item, parsed_bank
from assessment.demo.builders.people import build_institution
from assessment.extensions import db
from assessment.items.service import BankSpec, import_bank, pictures
from assessment.people.service import institution_by_key
from assessment.sittings import beginning
from assessment.sittings.models import Sitting, SittingItem
from tests.assessment.people.browser import sign_in
from tests.assessment.sittings.answers import place_of_key
from tests.attacks.world import Seen, World

JSON = {"Accept": "application/json"}
PNG = b"\x89PNG\r\n\x1a\nrest"
FILE = "q12_correct_canary.png"
SIDES = ({"en": "Left"}, {"en": "Right"})
PUBLISHED = re.compile(r"/status/\d+$|/institutions/[^/]+/did.json$")
WORDINGS = re.compile(r"Choice \d of \d+|Choix \d de \d+|Question \d+ on|Question \d+ sur")


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Yield a list that fills with the statements sent to the database."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "SAVEPOINT" not in statement:  # numbered by the test's own transaction
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def begun(browser: FlaskClient, key: str = "pre") -> str:
    """Return the address of a sitting that has just begun."""
    location: str = browser.post(f"/tests/{key}", data={"terms": "y"}).location
    return location


def test_line_19_a_figure_s_name_and_place_are_not_told(app: Flask) -> None:
    shown = choice_item(
        "f-canary", "a", stem={"en": "What is this?"}, options=SIDES, figure=itembank.Figure(FILE)
    )
    with app.app_context():
        parsed = replace(parsed_bank("a", each=0), items=(shown,))
        spec = BankSpec(key="canary-bank", institution_id=build_institution("college").id)
        import_bank(parsed, spec, BUILDER, figures=pictures({FILE: PNG}))
        build_test("seen", "canary-bank", blueprint={"a": 1}, languages=("en",))
        browser = sign_in(app.test_client(), build_learner()[0])
    sitting = begun(browser, "seen")
    page = browser.get(f"{sitting}/questions/1")
    picture = browser.get(f"{sitting}/figures/1")
    assert picture.data == PNG
    assert f"{sitting}/figures/1" in page.text
    for said in (f"{page.headers}{page.text}", str(picture.headers)):
        for secret in ("canary", "correct", "f-canary"):
            assert secret not in said


def test_line_20_an_empty_submission_reveals_nothing(app: Flask) -> None:
    with app.app_context():
        build_examination()
        browser = sign_in(app.test_client(), build_learner()[0])
    sitting = begun(browser)
    assert browser.post(f"{sitting}/submit").status_code == 303
    for path in (sitting, f"{sitting}/questions/1", f"{sitting}/review", "/me", "/me/gaps/pre"):
        for language in ("en", "fr"):
            page = browser.get(path, headers={"Accept-Language": language}, follow_redirects=True)
            assert page.status_code == 200
            assert not WORDINGS.search(page.text), path


def test_line_21_the_order_of_options_does_not_follow_from_ids(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "new_id", lambda: "a" * 26)
    with app.app_context():
        build_examination()
        browsers = [sign_in(app.test_client(), build_learner()[0]) for _ in range(6)]
    pages = [browser.get(f"{begun(browser)}/questions/1").text for browser in browsers]
    with app.app_context():
        seeds = list(db.session.scalars(select(Sitting.seed)))
        ids = set(db.session.scalars(select(Sitting.id)))
        rows = db.session.execute(select(SittingItem.item_version_id, SittingItem.option_order))
        forms = {(version, tuple(order)) for version, order in rows}
    assert ids == {"a" * 26}
    assert len(set(seeds)) == 6
    assert max(int(seed) for seed in seeds) > 2**48
    assert len({order for _version, order in forms}) > 6
    assert not any(seed in page for seed in seeds for page in pages)


def test_line_22_right_and_wrong_answers_look_and_cost_the_same(app: Flask) -> None:
    with app.app_context():
        build_examination()
        person, actor = build_learner()
        learner_id = actor.learner_id or ""
        browser = sign_in(app.test_client(), person)
    sitting = begun(browser)
    with app.app_context():
        row = db.session.get_one(Sitting, (learner_id, sitting.rsplit("/", 1)[1]))
        right = [place_of_key(row, position) for position in (1, 2)]
    browser.get(f"{sitting}/questions/1")
    browser.get(f"{sitting}/questions/2")
    seen = set()
    for position, places in ((1, right[0]), (2, (right[1] + 1) % 4)):
        path = f"{sitting}/questions/{position}"
        with statements(app) as sent:
            given = {"choice": str(places), "revision": "0"}
            saved = browser.post(path, data=given, headers=JSON)
        page = browser.post(path, data={"choice": str(places), "revision": "1", "go": "save"})
        sizes = (len(saved.data), saved.status_code, page.status_code, len(page.data))
        seen.add((*sizes, sorted(saved.get_json()).__repr__(), tuple(sent)))
    assert len(seen) == 1


def test_line_23_desks_of_items_are_closed_to_learners_and_searches_find_no_stem(
    world: World,
) -> None:
    browser = world.browser(world.ada)
    for rule in world.rules():
        if declared_action(world.app, rule.endpoint) is Action.AUTHOR_ITEMS:
            for method in (rule.methods or set()) & {"GET", "POST"}:
                closed = browser.open(
                    world.path(rule), method=method, headers={"If-None-Match": '"x"'}
                )
                assert closed.status_code == 403, rule
                assert not WORDINGS.search(closed.text)
    for path in ("/catalogue?words=Choice", "/catalogue?words=Question", "/catalogue?words=wires"):
        assert not WORDINGS.search(browser.get(path).text)
    for path in ("/openapi.json", "/api", "/api/items", "/items", "/autocomplete?q=Question"):
        assert browser.get(path).status_code == 404


def test_line_23_a_page_has_no_tag_that_could_be_compared(crawled: list[Seen]) -> None:
    tagged = [seen.path for seen in crawled if "ETag" in seen.headers]
    assert tagged
    assert all(PUBLISHED.match(path) for path in tagged), tagged


def test_line_24_no_page_is_kept(crawled: list[Seen]) -> None:
    kept = [seen.path for seen in crawled if seen.headers["Cache-Control"] != "no-store"]
    assert all(PUBLISHED.match(path) for path in kept), kept
    assert len(crawled) - len(kept) > 40


def test_line_24_nothing_shows_after_signing_out(world: World) -> None:
    browser, left = world.browser(world.staff), world.app.test_client()
    with browser.session_transaction() as session:
        cookie = dict(session)
    assert browser.get(f"/sittings/{world.staffs_sitting}/questions/1").status_code == 200
    browser.post("/sign-out")
    with left.session_transaction() as session:
        session.update(cookie)
    for person in (browser, left):  # the browser itself, and a copy of its cookie
        back = person.get(f"/sittings/{world.staffs_sitting}/questions/1")
        assert back.location.startswith("/sign-in")


def test_line_25_what_is_handed_out_holds_no_question(world: World) -> None:
    """There is no archive for learners to take away; whatever there is holds no item."""
    browser = world.browser(world.ada)
    named = {"sitting_id": world.scored}
    read = 0
    for rule in world.rules():
        if "GET" in (rule.methods or ()) and not rule.endpoint.startswith("sittings.practice"):
            page = browser.get(world.path(rule, **named), follow_redirects=True)
            said = page.data.decode(errors="replace")  # pictures are among them
            assert not WORDINGS.search(said), rule
            read += 1
    assert read > 40


def test_line_25_a_bank_that_counts_is_never_explained_in_practice(app: Flask) -> None:
    browser = app.test_client()
    with app.app_context():
        college = build_institution("college")
        build_bank(college, "drills")
        build_small_test(college, "drills", "drill", is_practice=True)
        db.session.commit()
    browser.post("/practice/drill")
    assert browser.get("/practice/drill/1").status_code == 200
    with app.app_context():
        build_small_test(institution_by_key("college"), "drills", "counts")
        db.session.commit()
    for path in ("/practice/drill", "/practice/drill/1", "/practice/drill/self-check"):
        closed = browser.get(path)
        assert closed.status_code == 409
        assert not WORDINGS.search(closed.text)
    assert build_item(1, "wires").stem["en"].startswith("Question 1 on")
