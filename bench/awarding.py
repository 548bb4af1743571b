"""What decision, award and signed credential add to the request that completed them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from assessment import transactions
from assessment.awards.models import Award
from assessment.credentials.models import Credential
from assessment.demo.builders.examinations import (
    build_achievement,
    build_bank,
    build_learner,
    build_test,
)
from assessment.demo.builders.people import build_institution, build_sign_in
from assessment.demo.life import known, mistaken
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Test
from assessment.sittings import service as sittings
from bench.figures import Figure, Finding
from bench.places import Kind, Places

PAIRS = 15
FIRST = 6
"""Pairs before it counts: what is loaded once is loaded, and statements are prepared."""
QUESTIONS = 30
LIMIT_MS = 10.0
AREAS = ("wires", "tools")


@dataclass(frozen=True)
class Ready:
    """A sitting that is answered and not yet submitted, and the browser of whoever sat it."""

    sitting_id: str
    client: FlaskClient


def measure(places: Places) -> Iterator[Finding]:
    """Yield the CPU of a submit that awards, and how much more that is than one that does not."""
    for kind in Kind:
        yield from _on(kind, places)


def _on(kind: Kind, places: Places) -> Iterator[Finding]:
    app = places.installation(kind, WTF_CSRF_ENABLED=False).app
    with app.app_context(), transactions.writing():
        test = _build_test()
        ready = [(_sit(app, test, True), _sit(app, test, False)) for _ in range(FIRST + PAIRS)]
    costs = [(_submit(passed), _submit(other)) for passed, other in ready][FIRST:]
    _check_awarded(app)
    added = median(passed - other for passed, other in costs)
    yield Figure(f"submit that awards, CPU, {kind}", median(cost for cost, _ in costs), "ms")
    name = f"award, decision and signed credential, CPU, {kind}"
    yield Figure(name, added, "ms", LIMIT_MS)


def _build_test() -> Test:
    institution = build_institution("college")
    build_bank(institution, "wiring", per_area=QUESTIONS)
    blueprint = dict.fromkeys(AREAS, QUESTIONS // len(AREAS))
    test = build_test(institution, "wiring", "theory", blueprint=blueprint)
    build_achievement(institution, "course", {"test": "theory", "percent": 75})
    return test


def _sit(app: Flask, test: Test, passes: bool) -> Ready:
    """Return the answered sitting of a new learner: all right, or nothing."""
    person, actor = build_learner()
    sitting = sittings.begin(test, actor)
    for question in sitting.questions:
        item = items.content(question.item_version_id)
        given = known(item, question) if passes else mistaken(item, question)
        sittings.save_answer(sitting.id, question.position, given, actor)
    client = app.test_client()
    sign_in_id = build_sign_in(person).id
    with client.session_transaction() as session:
        session["_user_id"] = sign_in_id
    return Ready(sitting.id, client)


def _submit(ready: Ready) -> float:
    """Return the milliseconds of CPU of submitting a sitting."""
    before = time.thread_time()
    response = ready.client.post(f"/sittings/{ready.sitting_id}/submit")
    used = time.thread_time() - before
    if response.status_code != 303:
        raise RuntimeError(f"{response.status_code}: {response.text[:300]}")
    return used * 1000


def _check_awarded(app: Flask) -> None:
    """Raise unless the right half of all sittings was awarded, with a credential each."""
    with app.app_context():
        found = {
            table: db.session.scalar(select(func.count()).select_from(table))
            for table in (Award, Credential)
        }
    if set(found.values()) != {FIRST + PAIRS}:
        raise RuntimeError(f"{FIRST + PAIRS} awards and credentials were expected: {found}")
