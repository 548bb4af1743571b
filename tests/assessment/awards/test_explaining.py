"""The page that says why: how sure each leaf is, and the whole, in both languages."""

from __future__ import annotations

import html
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from assessment.access import Actor
from assessment.awards import service
from assessment.demo.builders.examinations import (
    AREAS,
    Examination,
    build_achievement,
    build_examination,
    build_learner,
    build_scale,
    build_test,
)
from assessment.extensions import db
from assessment.items.models import Bank
from assessment.people.models import Person
from tests.assessment.people.browser import sign_in
from tests.assessment.sittings.answers import sit

SURE: dict[str, Any] = {"test": "long", "mastery": 0.9}
TWICE: dict[str, Any] = {"all": [SURE, {"test": "again", "mastery": 0.8}]}


def build_sure(rule: dict[str, Any]) -> Examination:
    """Return an examination with two long tests on a scale, and an achievement with this rule."""
    made = build_examination()
    build_scale(db.session.query(Bank).filter_by(key=made.bank_key).one(), slope=2.5)
    for key in ("long", "again"):
        build_test(made.institution, made.bank_key, key, blueprint=dict.fromkeys(AREAS, 10))
    build_achievement(made.institution, "sure", rule)
    return made


def pages_of(app: Flask, client: FlaskClient, place: str, **columns: Any) -> str:
    """Return a page about a learner who took both long tests, the second one half rightly."""
    with app.app_context():
        build_sure(TWICE)
        person, actor = build_learner(**columns)
        address = place or _explanation(actor)
        browser = _signed_in(client, person, actor)
    return html.unescape(browser.get(address).text)


def _explanation(actor: Actor) -> str:
    sit("long", actor)
    (award,) = sit("again", actor).awards
    assert service.replays_the_same(award.decision)
    return f"/awards/{award.id}"


def _signed_in(client: FlaskClient, person: Person, actor: Actor) -> FlaskClient:
    if not service.awards_of(actor.learner_id or ""):
        sit("long", actor)
        sit("again", actor, right=10)
    return sign_in(client, person)


def test_a_decision_says_how_sure_each_leaf_is_and_the_whole(
    app: Flask, client: FlaskClient
) -> None:
    page = pages_of(app, client, "")
    assert page.count("sure that your ability is above the passing mark.") == 2
    assert page.count("The scale of this demonstration was calibrated from simulated") == 2
    assert "Of all of this together, we are more than 99\N{NO-BREAK SPACE}% sure." in page
    assert page.count("From a lower start, or a higher one,") == 2
    assert page.count('<img class="drawing" src="data:image/svg+xml,') == 2


def test_it_says_so_in_french(app: Flask, client: FlaskClient) -> None:
    page = pages_of(app, client, "", language="fr")
    assert "Nous sommes certains à plus de 99\N{NO-BREAK SPACE}% que votre habileté" in page
    assert "calibrée à partir de réponses simulées (jeu 1)" in page
    assert "sure that" not in page


def test_what_is_still_missing_says_how_sure_it_is_so_far(app: Flask, client: FlaskClient) -> None:
    page = pages_of(app, client, "/me/achievements/sure")
    assert "Still missing: a certainty of at least 80\N{NO-BREAK SPACE}% on Test again." in page
    assert "Shown with a certainty of" in page
    assert "The probability that your ability is above the passing mark is" in page
