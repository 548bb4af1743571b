"""The gates of the demo's rubrics: its exemplars published, and its assessors let through."""

from __future__ import annotations

from collections.abc import Iterable

from assessment.access import Actor
from assessment.assessors import exemplars, qualifying
from assessment.assessors.exemplar_files import (
    ExemplarSpec,
    ExemplarsSpec,
    GateSpec,
    Piece,
    Purpose,
)
from assessment.demo import content_files
from assessment.demo.works import pieces, plan
from assessment.languages import Language
from assessment.people.models import Person

GATE = GateSpec(exemplars=30)
USES = {
    "training": frozenset({Purpose.TRAINING}),
    "gate": frozenset({Purpose.GATE}),
    "seed": frozenset({Purpose.SEED}),
}


def publish(actor: Actor) -> int:
    """Return how many exemplars there are now; nobody rates without having passed on them."""
    return sum(
        exemplars.publish(_of_task(task.key, task.rubric), actor).added
        for task in content_files.tasks()
    )


def let_through(assessors: Iterable[Person], actor: Actor) -> None:
    """Let these rate on all of the demo's rubrics, as people do who passed elsewhere before."""
    for person in assessors:
        for task in content_files.tasks():
            qualifying.qualify(person.id, task.rubric, "recognised", actor)


def _of_task(task: str, rubric: str) -> ExemplarsSpec:
    found = tuple(_exemplar(each, task) for each in plan.exemplars(rubric))
    return ExemplarsSpec(rubric=rubric, exemplars=found, gate=GATE)


def _exemplar(exemplar: plan.Exemplar, task: str) -> ExemplarSpec:
    work = exemplar.work
    return ExemplarSpec(
        key=work.key,
        task=task,
        purposes=_purposes(exemplar),
        pieces=tuple(_piece(each) for each in work.pieces),
        levels=work.levels,
        reasons=work.reasons,
        language=work.language,
    )


def _purposes(exemplar: plan.Exemplar) -> frozenset[Purpose]:
    """Return what an exemplar is for: none in French comes in the stead of work.

    The tour's work is in French. An exemplar would keep it back from one of the tour's assessors.
    """
    is_seed = exemplar.purpose == "seed"
    if is_seed and exemplar.work.language == Language.FRENCH:
        return USES["training"]
    return USES[exemplar.purpose]


def _piece(piece: pieces.Piece) -> Piece:
    is_text = piece.media_type == pieces.TEXT
    return Piece(piece.data.decode() if is_text else piece.data, dict.fromkeys(piece.criteria, ""))
