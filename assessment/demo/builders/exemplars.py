"""Builders of exemplars and gates, for the demo and for tests; they flush."""

from __future__ import annotations

from typing import Any

from assessment import clock
from assessment.access import Actor
from assessment.assessors import exemplars, gates, qualifying, training, watching
from assessment.assessors.exemplar_files import ExemplarSpec, ExemplarsSpec, Piece, Purpose
from assessment.demo.builders.catalogue import both
from assessment.demo.builders.performances import BUILDER, CRITERIA, Workshop, given
from assessment.extensions import db
from assessment.people.models import Person
from assessment.performances.models import Assignment, Task
from assessment.performances.trust_models import Gate, GateAttempt, Qualification

EXPECTED = ("proficient", "developing", "expert")
"""The level of each criterion that is expected of an exemplar: `SAFE` is not safe."""
WRONG = ("expert", "expert", "beginning")
"""What a careless rater says of it."""


def an_exemplar(key: str, *purposes: Purpose, task: str = "show-isolation") -> ExemplarSpec:
    """Return an exemplar: a text that shows every criterion."""
    return ExemplarSpec(
        key=key,
        task=task,
        purposes=frozenset(purposes),
        pieces=(Piece(f"What number {key[-2:]} did, in words.", dict.fromkeys(CRITERIA, "")),),
        levels=dict(zip(CRITERIA, EXPECTED, strict=True)),
        reasons={each: both(f"Why {each} is so in {key}.") for each in CRITERIA},
    )


def build_exemplars(task: Task, *, gate: int = 0, training: int = 0, seeds: int = 0) -> None:
    """Publish so many exemplars of a task for each purpose."""
    numbers = {Purpose.GATE: gate, Purpose.TRAINING: training, Purpose.SEED: seeds}
    made = tuple(
        an_exemplar(f"{purpose}-{number:02}", purpose, task=task.key)
        for purpose, count in numbers.items()
        for number in range(count)
    )
    exemplars.publish(ExemplarsSpec(rubric=task.rubric.key, exemplars=made), BUILDER)


def build_gate(task: Task, **fields: Any) -> Gate:
    """Return the gate of a task's rubric; of three exemplars only, which no file may ask for."""
    usual: dict[str, Any] = {
        "exemplars_needed": 3,
        "share_exact": 0.6,
        "share_adjacent": 0.9,
        "months": 12,
        "ratings": None,
        "wait_days": 7,
        "seed_share": 0.0,
        "seed_window": 10,
        "seed_exact": 0.5,
        "seed_adjacent": 0.85,
        "seed_misses": 1,
    }
    gate = Gate(
        rubric_key=task.rubric.key,
        institution_id=task.institution_id,
        published_at=clock.now(),
        **(usual | fields),
    )
    db.session.add(gate)
    db.session.flush()
    return gate


def build_qualified(person: Person, rubric_key: str = "isolation") -> Qualification:
    """Return the qualification of a person who is through a gate."""
    return qualifying.qualify(person.id, rubric_key, "recognised", BUILDER)


def build_gated(workshop: Workshop, *, seeds: int = 3, **fields: Any) -> Gate:
    """Return the gate of a workshop whose assessors are all through it."""
    build_exemplars(workshop.task, gate=3, training=1, seeds=seeds)
    gate = build_gate(workshop.task, **fields)
    for each in workshop.assessors:
        build_qualified(each)
    return gate


def rate(place: Assignment, actor: Actor, *levels: str | None) -> object:
    """Return what came of rating a place as given, the way that the desk does."""
    return watching.release(place.id, given(*levels), actor)


def train(actor: Actor, *levels: str | None, rubric_key: str = "isolation") -> int:
    """Return on how many exemplars an assessor trained: all that are left."""
    number = 0
    while (place := training.next_training(rubric_key, actor)) is not None:
        rate(place, actor, *levels)
        number += 1
    return number


def attempt(actor: Actor, *levels: str | None, rubric_key: str = "isolation") -> GateAttempt:
    """Return an attempt at a gate that has ended, all of its exemplars rated alike."""
    rate(gates.next_of_attempt(rubric_key, actor), actor, *levels)
    person_id = actor.person_id or ""
    while gates.open_attempt(person_id, rubric_key) is not None:
        rate(gates.next_of_attempt(rubric_key, actor), actor, *levels)
    return gates.attempts_of(person_id, rubric_key)[0]
