"""The learner's page tells of adaptive tests by their verdict, of others by their percentage."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.access import Actor
from assessment.demo.builders.examinations import (
    BUILDER,
    Examination,
    build_achievement,
    build_adaptive_test,
    build_examination,
    build_learner,
    build_scale,
)
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Bank
from assessment.me.gaps import gaps_of
from assessment.me.record import record_of
from assessment.rules import Verdict
from assessment.sittings import service as sittings
from tests.assessment.people.browser import sign_in
from tests.assessment.sittings.answers import answer_until_it_ends, sit


def build_scaled() -> Examination:
    """Return an examination with an adaptive test, and an achievement for its mastery."""
    made = build_examination()
    build_scale(db.session.query(Bank).filter_by(key=made.bank_key).one())
    build_adaptive_test(made.institution, made.bank_key, "adaptive")
    build_achievement(made.institution, "sure", {"test": "adaptive", "mastery": 0.9})
    return made


def adapt(actor: Actor, *, right: bool) -> None:
    """Sit the adaptive test, all right or all wrong."""
    test = items.current_test("adaptive")
    assert test is not None
    answer_until_it_ends(sittings.begin(test, actor), actor, lambda _position: right)


@pytest.fixture
def learner(context: Flask) -> Actor:
    build_scaled()
    return build_learner()[1]


def test_an_adaptive_sitting_has_a_verdict_and_no_percentage(learner: Actor) -> None:
    adapt(learner, right=False)
    record = record_of(learner.learner_id or "")
    (line,) = record.sittings
    assert (line.verdict, line.percent, line.is_open, line.reached) == (
        Verdict.NOT_YET,
        None,
        False,
        False,
    )
    assert record.next_step is not None
    assert (record.next_step.test_key, record.next_step.gaps) == ("adaptive", True)
    (underway,) = record.underway
    assert 0 <= underway.progress < 0.2


def test_a_linear_sitting_has_both_and_an_open_one_neither(learner: Actor) -> None:
    sit("pre", learner, right=2)
    test = items.current_test("adaptive")
    assert test is not None
    sittings.begin(test, learner)
    lines = {line.test_key: line for line in record_of(learner.learner_id or "").sittings}
    assert (lines["pre"].verdict, lines["pre"].percent) == (Verdict.NOT_YET, 50)
    assert (lines["adaptive"].is_open, lines["adaptive"].percent) == (True, None)


def test_an_adaptive_test_points_to_no_area_by_its_percentages(learner: Actor) -> None:
    test = items.current_test("adaptive")
    assert test is not None
    sitting = sittings.begin(test, learner)

    def is_wires(position: int) -> bool:
        db.session.expire(sitting, ["questions"])
        return sitting.questions[position - 1].item_version.area_key == "wires"

    answer_until_it_ends(sitting, learner, is_wires)
    found = gaps_of(learner.learner_id or "", "adaptive")
    assert {area.key for area in found.areas} == {"wires", "tools"}
    assert not found.are_below


def test_a_linear_test_points_to_the_areas_below_its_mark_that_tell_something(
    learner: Actor,
) -> None:
    ended = sit("pre", learner, right=2)
    assert not gaps_of(learner.learner_id or "", "pre").are_below
    wires, tools = (
        items.AreaFigures(2, 0.8, 0.8, prmse_total, 0.8, told=prmse_total < 0.8)
        for prmse_total in (0.5, 0.9)
    )
    items.record_areas(ended.sitting.test_id, 300, {"wires": wires, "tools": tools}, BUILDER)
    found = gaps_of(learner.learner_id or "", "pre")
    told = {area.key for area in found.areas}
    assert told == ({"wires"} if found.are_below else {"wires", "tools"})
    items.record_areas(ended.sitting.test_id, 300, {"wires": wires, "tools": wires}, BUILDER)
    assert gaps_of(learner.learner_id or "", "pre").are_below


def test_what_could_not_be_told_is_not_called_below_the_mark(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        build_scaled()
        person, actor = build_learner()
        test = items.current_test("adaptive")
        assert test is not None
        sitting = sittings.begin(test, actor)
        sittings.submit(sitting.id, actor)
        db.session.commit()
        browser = sign_in(client, person)
    page = html.unescape(browser.get("/me").text)
    assert "could not yet say whether you are above its passing mark" in page
    assert "You have not yet reached the mark" not in page
    gaps = html.unescape(browser.get("/me/gaps/adaptive").text)
    assert "What this test asks about" in gaps
    assert "below the mark" not in gaps


def test_the_page_shows_it_in_words(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        build_scaled()
        person, actor = build_learner()
        adapt(actor, right=True)
        browser = sign_in(client, person)
    page = html.unescape(browser.get("/me").text)
    line = page[page.index("Tests taken") :]
    assert "Shown" in line
    assert "%" not in line.split("</table>")[0]
