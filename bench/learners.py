"""Learners in the middle of a long test, who answer over HTTP."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from assessment import transactions
from assessment.demo.builders.examinations import build_bank, build_learner, build_test
from assessment.demo.builders.people import PASSWORD, build_institution, build_sign_in
from assessment.items import service as items
from assessment.sittings import service as sittings
from bench.browsers import Browser
from bench.places import Installation

AREAS = 2
QUESTIONS = 20
CHOICES = 4


@dataclass(frozen=True)
class Seat:
    """One learner's place: the account, a sign-in, and the open sitting."""

    email: str
    sign_in_id: str
    sitting_id: str


def build_seats(installation: Installation, count: int) -> list[Seat]:
    """Return new learners, each in an open sitting of one long test."""
    with installation.app.app_context(), transactions.writing():
        institution = build_institution("college")
        build_bank(institution, "wiring", per_area=QUESTIONS // AREAS)
        cuts = (items.Cut("any", {"en": "Any", "fr": "Tout"}, 1),)
        blueprint = dict.fromkeys(("wires", "tools"), QUESTIONS // AREAS)
        test = build_test(
            institution, "wiring", "long", blueprint=blueprint, minutes=None, cuts=cuts
        )
        seats = []
        for _ in range(count):
            person, actor = build_learner()
            sitting = sittings.begin(test, actor)
            seats.append(Seat(person.email, build_sign_in(person).id, sitting.id))
        return seats


@dataclass
class Learner(ABC):
    """Somebody who answers one question after another, round and round, differently each time."""

    browser: Browser
    seat: Seat
    answered: int = 0
    revisions: Counter[int] = field(default_factory=Counter)

    @abstractmethod
    def proof(self) -> Mapping[str, str]:
        """Return the fields that say who this is."""

    def answer(self) -> None:
        """Save one answer, and see that it was saved."""
        lap, index = divmod(self.answered, QUESTIONS)
        position = index + 1
        fields = {"choice": str(lap % CHOICES), "revision": str(self.revisions[position])}
        path = f"/sittings/{self.seat.sitting_id}/questions/{position}"
        reply = self.browser.post(path, {**fields, **self.proof()}, accept="application/json")
        if reply.status != 200:
            raise RuntimeError(f"{reply.status}: {reply.body[:300]!r}")
        self.answered += 1
        self.revisions[position] = json.loads(reply.body)["revision"]


@dataclass
class SignedInLearner(Learner):
    """A learner as the application knows them: a cookie and a token."""

    token: str = ""

    def proof(self) -> Mapping[str, str]:
        """Return the token of the form; the browser keeps the cookie."""
        return {"csrf_token": self.token}

    def enter(self) -> None:
        """Sign in and open the sitting."""
        token = self.browser.get("/sign-in").token
        fields = {"email": self.seat.email, "password": PASSWORD, "csrf_token": token}
        self.browser.post("/sign-in", fields)
        self.token = self.browser.get(f"/sittings/{self.seat.sitting_id}/questions/1").token
        self.browser.rest()


class BareLearner(Learner):
    """A learner whom the bare view believes."""

    def proof(self) -> Mapping[str, str]:
        """Return the id of the sign-in."""
        return {"sign_in": self.seat.sign_in_id}


def signed_in(port: int, seats: list[Seat]) -> list[Learner]:
    """Return the learners of these seats, signed in."""
    learners = [SignedInLearner(Browser(port), seat) for seat in seats]
    for learner in learners:
        learner.enter()
    return list(learners)


def believed(port: int, seats: list[Seat]) -> list[Learner]:
    """Return the learners of these seats for the bare view."""
    return [BareLearner(Browser(port), seat) for seat in seats]
