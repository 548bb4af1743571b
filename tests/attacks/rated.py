"""More of the world to attack: work that was decided, and assessors who trained."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from PIL import Image
from sqlalchemy import select

from assessment.access import Role
from assessment.artefacts.models import Readiness
from assessment.assessors import exemplars
from assessment.assessors.exemplar_files import ExemplarsSpec, Piece, Purpose
from assessment.demo.builders.examinations import Examination, build_learner
from assessment.demo.builders.exemplars import an_exemplar, build_gate, train
from assessment.demo.builders.people import build_staff
from assessment.demo.builders.performances import (
    BUILDER,
    CRITERIA,
    build_performance,
    build_rubric,
    build_task,
    given,
)
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.people.models import Person
from assessment.performances import complaining
from assessment.performances import service as performances
from assessment.performances.models import AssignmentRole, RatingRow, Task
from tests.assessment.people.actors import actor_for


def decided(made: Examination) -> dict[str, object]:
    """Return work that two others have rated, with a complaint about it."""
    task, learner = build_task(made.institution, "decided"), build_learner()[1]
    begun = build_performance(task, learner)
    for _number in range(2):
        rater = actor_for(build_staff(Role.ASSESSOR, made.institution))
        place = performances.claim_next(rater, performances.Choice(task_key=task.key))
        assert place is not None
        performances.release(place.id, given(*["proficient"] * len(CRITERIA)), rater)
    complaint = complaining.complain(begun.id, "delay", "It took long.", learner)
    rows = select(RatingRow.id).filter_by(performance_id=begun.id)
    return {
        "complaint_id": complaint.id,
        "evidence_id": db.session.scalars(
            select(Evidence.id).filter_by(learner_id=learner.learner_id)
        ).one(),
        "rating_id": db.session.scalars(rows.order_by(RatingRow.id)).all()[0],
        **{f"assessors.{each}:key": "isolation" for each in ("dashboard", "plot", "figures")},
        **{f"assessors.{each}:drawing": "agreement" for each in ("plot", "figures")},
    }


def trained(made: Examination, staff: Person) -> dict[str, object]:
    """Return a rubric with a gate, on which staff have trained."""
    build_rubric(made.institution, "guarded")
    task = build_task(made.institution, "to-train", rubric="guarded")
    picture, paper = _examples(task)
    build_gate(task)
    train(actor_for(staff), *["proficient"] * len(CRITERIA), rubric_key="guarded")
    rows = select(RatingRow.assignment_id).filter_by(role=AssignmentRole.TRAINING)
    return {
        "assessors.expected:assignment_id": db.session.scalars(rows).one(),
        **{f"assessors.{each}:key": "guarded" for each in ("skill", "train", "attempt")},
        "assessors.example:artefact_id": picture,
        "assessors.example_sheet:artefact_id": paper,
    }


def _examples(task: Task) -> tuple[str, str]:
    """Return a picture and a paper of an exemplar, which stand beside the levels."""
    made = an_exemplar("training-00", Purpose.TRAINING, task=task.key)
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "blue").save(drawn, "PNG")
    shows = {"isolates": ""}
    pieces = (*made.pieces, Piece(drawn.getvalue(), shows), Piece(b"%PDF-1.7 ", shows))
    specs = (replace(made, pieces=pieces),)
    exemplars.publish(ExemplarsSpec(rubric=task.rubric.key, exemplars=specs), BUILDER)
    (reference,) = db.session.scalars(exemplars.in_use(task.rubric.key))
    files = [
        each.artefact
        for each in reference.performance.shown
        if each.artefact.media_type != "text/plain"
    ]
    for each in files:
        each.shown_key, each.pages = each.storage_key, [each.storage_key]
        each.readiness = Readiness.READY
    picture, paper = sorted(files, key=lambda each: each.media_type, reverse=True)
    return picture.id, paper.id
