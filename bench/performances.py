"""What an assessor waits for while 100,000 places wait for assessors, and what a result costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, text
from werkzeug.test import TestResponse

import rubrics
from assessment import clock, transactions
from assessment.access import Action, Actor, action, system
from assessment.awards import service as awards
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_sign_in
from assessment.demo.builders.performances import (
    CRITERIA,
    Workshop,
    build_performance,
    build_task,
    build_workshop,
    given,
)
from assessment.extensions import Model, db
from assessment.ids import new_id
from assessment.people.models import Learner, Person
from assessment.performances import service, settling
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    Closing,
    Performance,
    PerformanceState,
    RatingRow,
    Submission,
)
from bench.figures import Figure, Finding
from bench.places import Kind, Places

WAITING = 100_000
PLACES_EACH = 2
ASSESSORS = 25
FIRST = 5
"""Requests before it counts."""
SETTLED = 20
LIMIT_MS = 10.0
SETTLE_LIMIT_MS = 5.0
AT_ONCE = 5_000
BENCH = system("bench")
BARE = "/assessor/nothing/at/all"
Ask = Callable[[FlaskClient], TestResponse]
LOW = ("beginning", "developing", "proficient")


def measure(places: Places) -> Iterator[Finding]:
    """Yield the CPU of the queue page, of taking the next place, and of settling a result."""
    for kind in Kind:
        yield from _on(kind, places)


@dataclass(frozen=True)
class Hall:
    """A workshop with more work than anybody can rate, and its assessors signed in."""

    app: Flask
    workshop: Workshop
    clients: tuple[FlaskClient, ...]


def _on(kind: Kind, places: Places) -> Iterator[Finding]:
    app = places.installation(kind, WTF_CSRF_ENABLED=False).app
    app.add_url_rule(BARE, view_func=_nothing)
    with app.app_context():
        hall = _fill(app)
        yield from _settling(kind, hall.workshop)
        _let_wait(hall.workshop)
    yield Figure(f"an empty page with sign-in, CPU, {kind}", _middle(_bare, hall), "ms")
    for name, ask in (("queue page", _queue), ("next performance", _next)):
        took = _middle(ask, hall)
        yield Figure(f"{name}, {WAITING:,} waiting, CPU, {kind}", took, "ms", LIMIT_MS)


def _middle(ask: Ask, hall: Hall) -> float:
    """Return the milliseconds of CPU that a request takes, in the middle of the assessors."""
    return median([_cpu(ask, client) for client in hall.clients][FIRST:])


@action(Action.ASSESS)
def _nothing() -> str:
    """Return a page with nothing on it: what is left is the floor of every page."""
    return ""


def _fill(app: Flask) -> Hall:
    with transactions.writing():
        workshop = build_workshop(assessors=ASSESSORS)
        for number in range(4):
            build_task(workshop.institution, f"task-{number}")
        clients = tuple(_client(app, each) for each in workshop.assessors)
    return Hall(app, workshop, clients)


def _client(app: Flask, person: Person) -> FlaskClient:
    client, sign_in_id = app.test_client(), build_sign_in(person).id
    with client.session_transaction() as session:
        session["_user_id"] = sign_in_id
    return client


def _let_wait(workshop: Workshop) -> None:
    """Write performances that were handed in, each with its places, as rows."""
    transactions.rollback()
    for first in range(0, WAITING // PLACES_EACH, AT_ONCE):
        works = [_work(workshop, first + number) for number in range(AT_ONCE)]
        with transactions.writing():
            for table in (Learner, Performance, Submission, Assignment):
                rows = [row for work in works for row in work[table]]
                db.session.execute(insert(table), rows)
    with transactions.writing():
        db.session.execute(text("ANALYZE"))


def _work(workshop: Workshop, number: int) -> dict[type[Model], list[dict[str, Any]]]:
    moment = clock.now() - timedelta(days=3) + timedelta(seconds=number)
    learner_id, performance_id = new_id(), new_id()
    own = {"learner_id": learner_id, "performance_id": performance_id}
    return {
        Learner: [{"id": learner_id, "created_at": moment}],
        Performance: [_performance(workshop, learner_id, performance_id, moment)],
        Submission: [
            {**own, "version": 1, "statement": "", "language": "en", "pieces": {}}
            | {"submitted_at": moment}
        ],
        Assignment: [_place(workshop, own, slot, moment) for slot in range(1, 1 + PLACES_EACH)],
    }


def _performance(
    workshop: Workshop, learner_id: str, performance_id: str, moment: datetime
) -> dict[str, Any]:
    return {
        "learner_id": learner_id,
        "id": performance_id,
        "task_id": workshop.task.id,
        "task_key": workshop.task.key,
        "number": 1,
        "state": PerformanceState.SUBMITTED,
        "round": 1,
        "version": 1,
        "begun_at": moment,
        "submitted_at": moment,
    }


def _place(workshop: Workshop, own: dict[str, Any], slot: int, moment: datetime) -> dict[str, Any]:
    due_at = moment + timedelta(days=10)
    return {
        **own,
        "id": new_id(),
        "institution_id": workshop.institution.id,
        "round": 1,
        "role": AssignmentRole.ASSESSOR,
        "slot": slot,
        "criteria": list(CRITERIA),
        "rubric_key": "isolation",
        "language": "en",
        "state": AssignmentState.OPEN,
        "risk": 0,
        "turn_at": due_at,
        "is_shared": False,
        "waiting_since": moment,
        "due_at": due_at,
        "closed_because": Closing.OPEN,
        "leased_until": moment,
    }


def _bare(client: FlaskClient) -> TestResponse:
    return client.get(BARE)


def _queue(client: FlaskClient) -> TestResponse:
    return client.get("/assessor")


def _next(client: FlaskClient) -> TestResponse:
    return client.post("/assessor/next")


def _cpu(ask: Ask, client: FlaskClient) -> float:
    """Return the milliseconds of CPU of one request."""
    got: list[TestResponse] = []
    used = _took(lambda: got.append(ask(client)))
    response = got[0]
    if response.status_code not in {200, 303} or response.location == "/assessor":
        raise RuntimeError(f"{response.status_code}: {response.text[:300]}")
    return used


def _settling(kind: Kind, workshop: Workshop) -> Iterator[Finding]:
    """Yield what the last rating costs: the two steps that decide, and all that follows from it."""
    costs = [_settled(workshop) for _ in range(FIRST + SETTLED)][FIRST:]
    deciding, whole = (median(each) for each in zip(*costs, strict=True))
    yield Figure(f"resolve and decide, CPU, {kind}", deciding, "ms", SETTLE_LIMIT_MS)
    yield Figure(f"all that follows from a last rating, CPU, {kind}", whole, "ms")


def _settled(workshop: Workshop) -> tuple[float, float]:
    """Return the CPU of resolving and deciding alone, and of settling as a whole."""
    transactions.rollback()  # what was read began a transaction that cannot write
    with transactions.writing():
        shown = build_performance(workshop.task, build_learner()[1])
        for actor in workshop.actors[:2]:
            _rate(actor)
        whole = _took(lambda: settling.settle(shown, BENCH))
        if shown.state != PerformanceState.RESOLVED:
            raise RuntimeError(f"it was to be resolved, and is {shown.state}")
        ratings = [_rating(each) for each in settling.released(shown)]
        policy = service.policy_of(workshop.task)
        resolving = _took(lambda: rubrics.resolve(ratings, policy))
        deciding = _took(lambda: awards.consider(shown.learner_id, BENCH))
    return resolving + deciding, whole


def _rating(row: RatingRow) -> rubrics.Rating:
    return rubrics.Rating(rater=row.person_id, role=rubrics.Role.ASSESSOR, marks=row.marks)


def _took(act: Callable[[], object]) -> float:
    """Return the milliseconds of CPU of an act."""
    before = time.thread_time()
    act()
    return (time.thread_time() - before) * 1000


def _rate(actor: Actor) -> None:
    """Release a rating without what follows from it."""
    place = service.claim_next(actor)
    if place is None:
        raise RuntimeError("nothing waits")
    kept = service.save(place.id, given(*LOW), actor).rating
    kept.released_at = clock.now()
    place.state = AssignmentState.RELEASED
    db.session.flush()
