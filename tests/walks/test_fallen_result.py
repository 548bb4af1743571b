"""A result that fell with its observer's word, and goes on: over HTTP, by everybody concerned."""

from __future__ import annotations

import secrets

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment import clock
from assessment.access import Role
from assessment.awards.models import Award
from assessment.demo.builders.people import build_staff
from assessment.demo.builders.performances import CRITERIA, build_rating
from assessment.extensions import db
from assessment.observations.models import CallBack, Nomination
from assessment.observations.service import token_of
from assessment.performances import service
from assessment.performances.models import Performance
from tests.assessment.observations.conftest import build_scene
from tests.assessment.people.browser import sign_in

GOOD = ("proficient",) * 3
DENIED = "rosa@gmail.com"
OFFICE = "office@lantern-motors.example"


class Walk:
    """A learner's browser, a registrar's, and a phone that belongs to nobody."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            scene = build_scene(handed_in=True)
            self.key = (scene.person.learner_id, scene.performance.id)
            self.at = f"/performances/{scene.performance.id}"
            for actor in scene.workshop.actors[:2]:
                build_rating(actor, *GOOD)
            registrar = build_staff(Role.REGISTRAR, scene.workshop.institution)
            self.registrar = sign_in(app.test_client(), registrar)
            self.learner = sign_in(app.test_client(), scene.person)
        self.app, self.phone = app, app.test_client()

    def names(self, email: str, name: str) -> str:
        """Return the link of somebody whom the learner names."""
        said = {"name": name, "email": email, "language": "en"}
        answer = self.learner.post(f"{self.at}/observers", data=said)
        assert answer.status_code == 303, answer.text
        with self.app.app_context():
            row = db.session.scalars(select(Nomination).filter_by(email=email)).one()
            return f"/observe/{token_of(row.nonce)}"

    def sees(self, link: str, name: str) -> None:
        """Let whoever holds a link say what they saw."""
        with self.app.app_context():
            day = clock.now().date().isoformat()
        said = {
            **{f"level-{key}": "proficient" for key in CRITERIA},
            "day": [day, "", ""],
            "relationship": "supervisor",
            "interest": "none",
            "name": name,
            "employer": "Lantern Bay Motors",
            "role": "Shop supervisor",
            "telephone": "705 555 0134",
            "confirmed": "y",
            "once": link,
        }
        assert self.phone.post(f"{link}/form", data=said).location == f"{link}/thanks"

    def is_denied(self) -> None:
        """Let the call to the workplace find that nobody knows of it."""
        with self.app.app_context():
            call = db.session.scalars(select(CallBack)).one().observation_id
        assert "705 555 0134" in self.registrar.get("/registrar/call-backs").text
        path, found = f"/registrar/call-backs/{call}", {"found": "denied"}
        asked = self.registrar.post(path, data=found).text
        assert "It falls, and somebody else who saw it is to be named." in asked
        assert "Would no longer stand. You decide about it afterwards." in asked
        seen = asked.partition('name="seen" value="')[2].partition('"')[0]
        self.posts(self.registrar, path, {**found, "seen": seen})

    def posts(self, browser: FlaskClient, path: str, data: dict[str, str]) -> None:
        answer = browser.post(path, data=data)
        assert answer.status_code == 303, answer.text

    def awards(self) -> list[tuple[str, str]]:
        """Return each award by its state and id, the first one first."""
        with self.app.app_context():
            rows = select(Award).filter_by(learner_id=self.key[0])
            ordered = rows.order_by(Award.created_at, Award.id)
            return [(str(each.state), each.id) for each in db.session.scalars(ordered)]

    def numbers(self) -> list[int]:
        with self.app.app_context():
            performance = db.session.get_one(Performance, self.key)
            return [each.number for each in service.resolutions_of(performance)]


def one_who_is_called(monkeypatch: pytest.MonkeyPatch, walk: Walk) -> None:
    """Let the learner have a result that rests on somebody whose workplace denies it."""
    with monkeypatch.context() as always:
        always.setattr(secrets, "randbelow", lambda _below: 0)
        walk.sees(walk.names(DENIED, "Rosa Delgado"), "Rosa Delgado")
    assert [state for state, _id in walk.awards()] == ["awarded"]
    walk.is_denied()


@pytest.mark.parametrize("is_revoked", [False, True])
def test_who_lost_an_observer_names_another_and_goes_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch, is_revoked: bool
) -> None:
    walk = Walk(app)
    one_who_is_called(monkeypatch, walk)
    page = walk.learner.get(walk.at).text
    assert "Somebody who saw the work is missing: what one said of it was set aside." in page
    assert "Name somebody else who saw you do it. What the assessors found stays." in page
    assert f'href="{walk.at}/observers">Name somebody else</a>' in page
    listed = walk.learner.get(f"{walk.at}/observers").text
    assert "It was set aside and counts no more: it could not be confirmed." in listed
    ((_state, award),) = walk.awards()
    if is_revoked:
        why = {"revoked_for": "evidence", "reason": "Nobody at work saw it."}
        walk.posts(walk.registrar, f"/registrar/awards/{award}/revoke", why)
    again = walk.learner.post(
        f"{walk.at}/observers", data={"name": "Rosa", "email": DENIED, "language": "en"}
    )
    assert again.status_code == 422
    assert "What this person said of this work was set aside." in again.text
    walk.sees(walk.names("sam@lantern-motors.example", "Sam Roy"), "Sam Roy")
    assert walk.numbers() == [1, 2]
    page = walk.learner.get(walk.at).text
    assert "Shown: level Proficient" in page
    assert "Somebody who saw the work is missing" not in page
    states = [state for state, _id in walk.awards()]
    assert states == (["revoked", "awarded"] if is_revoked else ["awarded"])


def test_who_finds_nobody_else_withdraws_it_and_begins_anew(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk(app)
    one_who_is_called(monkeypatch, walk)
    asked = walk.learner.get(f"{walk.at}/withdraw").text
    assert "There was a result, which stays on record as one that counts no more." in asked
    walk.posts(walk.learner, f"{walk.at}/withdraw", {"forget": "y"})
    page = walk.learner.get(walk.at).text
    assert "You can show your work anew." in page
    begun = walk.learner.post("/tasks/show-isolation")
    assert begun.status_code == 303
    assert begun.location.startswith("/performances/")
    assert begun.location != walk.at


def test_an_employer_does_not_name_again_whose_word_was_set_aside(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk(app)
    one_who_is_called(monkeypatch, walk)
    asked = {"name": "Ines Roy", "email": OFFICE, "employer": "Lantern Bay Motors"}
    said = {f"contact-{name}": value for name, value in {**asked, "language": "en"}.items()}
    walk.posts(walk.learner, f"{walk.at}/observers/employer", said)
    with app.app_context():
        row = db.session.scalars(select(Nomination).filter_by(email=OFFICE)).one()
        link = f"/who-saw/{token_of(row.nonce)}"
    office = app.test_client()
    office.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    names = {"name": "Rosa Delgado", "email": DENIED, "language": "en"}
    named = {f"observers-0-{name}": value for name, value in names.items()}
    answer = office.post(link, data=named)
    assert answer.status_code == 422
    assert "Name somebody else here." in answer.text
    named["observers-0-email"] = "sam@lantern-motors.example"
    assert office.post(link, data=named).status_code == 303
