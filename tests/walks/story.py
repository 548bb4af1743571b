"""The cast of a whole performance: a learner, who saw the work, and assessors behind a gate."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from assessment.access import Role
from assessment.awards.models import Award, Decision
from assessment.credentials.models import Credential
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.exemplars import build_gate, build_qualified
from assessment.demo.builders.people import build_staff
from assessment.demo.builders.performances import CRITERIA, Workshop, build_workshop
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.people.models import Person
from assessment.performances.models import ResolutionRow
from tests.walks.people import signed_in, token
from tests.walks.test_blindness import Party, Run

RATERS = 3
REVIEWER = 3
UNQUALIFIED = 4
COMMENTS = tuple(f"canary-comment-{place}" for place in range(UNQUALIFIED))
"""What each of those who rate says of every criterion."""
CONCLUDED = (ResolutionRow, Evidence, Decision, Award, Credential)
"""What the last rating makes, all at once."""
SIGNED = re.compile(r"[\w-]+\.([\w-]+)\.[\w-]+")


@dataclass
class Story(Run):
    """An app and a database of its own, and all who have a part; forms carry their tokens."""

    observer: Party
    performance: str = ""
    """The address at which its learner sees it."""

    @property
    def everybody(self) -> tuple[Party, ...]:
        """Who is sent mail."""
        return (*super().everybody, self.observer)

    @property
    def performance_id(self) -> str:
        """The id in that address."""
        return self.performance.rpartition("/")[2]

    def counts(self) -> list[int]:
        """Return how many rows there are of each thing that a conclusion makes."""
        with self.app.app_context():
            return [
                db.session.scalar(select(func.count()).select_from(each)) or 0 for each in CONCLUDED
            ]

    def enters(self, place: int, address: str, **levels: str) -> dict[str, str]:
        """Return what an assessor entered, saved and checked, once they have looked around."""
        one, marks = self.assessors[place], dict[str, str]()
        for key, level in levels.items():
            marks |= {f"level-{key}": level, f"comment-{key}": COMMENTS[place]}
        for go in ("save", "check"):
            assert one.post(address, {**marks, "go": go}).status_code == 303
        asides = [f"{address}/{each}" for each in ("check", "skip", "second-look", "messages")]
        one.look_around("/assessor", "/assessor/rubrics", address, *asides)
        return marks

    def releases(self, place: int, marks: dict[str, str], address: str) -> None:
        """Release a rating: one request."""
        released = self.assessors[place].post(address, {**marks, "go": "release"})
        assert (released.status_code, released.location) == (303, "/assessor"), released.text

    def look_around(self) -> None:
        """Let everybody look at what there is for them now."""
        self.learner.look_around("/me", self.performance)
        for each in self.assessors:
            each.look_around("/assessor")

    def look_everywhere(self) -> None:
        """Let everybody look at all that they can reach."""
        own = ("", "/observers", "/messages", "/appeal", "/complaint")
        self.learner.look_around("/me", *(f"{self.performance}{each}" for each in own))
        for each in self.assessors:
            each.look_around("/account", "/assessor", "/assessor/rubrics", "/assessor/training")

    def betrayals(self) -> list[tuple[str, str]]:
        """Return where somebody was told who assesses, or an assessor who learns."""
        found = []
        for party in self.everybody:
            others = [each for each in self.assessors if each is not party]
            secrets = {secret for each in others for secret in each.secrets}
            if party in self.assessors:
                secrets |= {*self.learner.secrets, self.performance}
            found += unsigned(party).told(*secrets)
        return found


def unsigned(party: Party) -> Party:
    """Return somebody who was told as well what the signed texts that they got say."""
    read = [
        (where, base64.urlsafe_b64decode(f"{found[1]}===").decode("latin-1"))
        for where, text in party.heard
        if where.endswith(".jwt")
        for found in SIGNED.finditer(text)
    ]
    return Party(party.id, party.secrets, party.address, party.browser, [*party.heard, *read])


def browser_of(app: Flask, person_id: str) -> FlaskClient:
    """Return a new browser of this person, whose forms carry the token of its session."""
    browser = signed_in(app, person_id)
    browser.environ_base["HTTP_X_CSRFTOKEN"] = token(browser.get("/account"))
    return browser


def a_story(app: Flask, folder: Path) -> Story:
    """Return the cast, whose names are found nowhere by chance."""
    with app.app_context():
        made = build_workshop(assessors=0, observers=1)
        assessors = [secrets_of(each) for each in build_assessors(made)]
        person, actor = build_learner(
            display_name="Canary Learner", email="canary-learner@example.org"
        )
        learner = (*secrets_of(person), actor.learner_id or "")
        db.session.commit()
    named = ("Rosa Canary-Observer", "rosa-canary@motors.example")
    return Story(
        app=app,
        learner=party(app, learner),
        assessors=[party(app, each) for each in assessors],
        outbox=folder / "outbox",
        observer=Party("", named, named[1], app.test_client()),
    )


def build_assessors(made: Workshop) -> list[Person]:
    """Return assessors of whom all but the last are through the gate of the rubric."""
    people = [
        build_staff(
            Role.ASSESSOR,
            made.institution,
            display_name=f"Canary Assessor {letter}",
            email=f"canary-assessor-{letter}@example.org",
        )
        for letter in "ABCDE"
    ]
    build_gate(made.task)
    for each in people[:UNQUALIFIED]:
        build_qualified(each)
    return people


def secrets_of(person: Person) -> tuple[str, ...]:
    """Return what says who somebody is: their id, address and name."""
    return person.id, person.email, person.display_name


def party(app: Flask, secrets: tuple[str, ...]) -> Party:
    """Return somebody who is signed in."""
    return Party(secrets[0], secrets, secrets[1], browser_of(app, secrets[0]))


ANCHORED = {"criterion": list(CRITERIA), **{f"place-{key}": "1:30" for key in CRITERIA}}
"""What a film is said to show, and when."""
