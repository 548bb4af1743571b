"""Exemplars beside the levels."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from assessment.access import Role
from assessment.assessors import exemplars
from assessment.assessors.anchors import exemplar_artefact, exemplar_pieces
from assessment.assessors.exemplar_files import ExemplarsSpec, Piece, Purpose
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.exemplars import EXPECTED, an_exemplar, build_exemplars
from assessment.demo.builders.people import build_institution, build_staff
from assessment.demo.builders.performances import (
    BUILDER,
    CRITERIA,
    build_performance,
    build_workshop,
)
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.performances.models import AssignmentRole
from tests.walks.people import signed_in


def test_the_training_stands_beside_the_levels_and_nothing_else_does(context: Flask) -> None:
    made = build_workshop(assessors=1)
    assert exemplar_pieces("isolation") == {}
    build_exemplars(made.task, gate=2, seeds=2)
    assert exemplar_pieces("isolation") == {}
    build_exemplars(made.task, training=2)
    found = exemplar_pieces("isolation", AssignmentRole.ASSESSOR)
    assert set(found) == set(zip(CRITERIA, EXPECTED, strict=True))
    (piece,) = found["isolates", "developing"]
    assert piece.text == "What number 00 did, in words."
    assert piece.because == "Why isolates is so in training-00."


def test_whoever_trains_is_not_told_beforehand(context: Flask) -> None:
    made = build_workshop(assessors=1)
    build_exemplars(made.task, training=2)
    assert exemplar_pieces("isolation", AssignmentRole.TRAINING) == {}


def publish_picture(purpose: Purpose) -> None:
    """Publish an exemplar whose second criterion is shown by a picture as well."""
    target = BytesIO()
    Image.new("RGB", (40, 30), "red").save(target, "JPEG")
    made = an_exemplar(f"{purpose}-00", purpose)
    pieces = (*made.pieces, Piece(target.getvalue(), {"isolates": "the red one"}))
    specs = (replace(made, pieces=pieces),)
    exemplars.publish(ExemplarsSpec(rubric="isolation", exemplars=specs), BUILDER)


def test_a_picture_stands_beside_its_level(app: Flask) -> None:
    with app.app_context():
        made = build_workshop(assessors=1)
        stranger = build_staff(Role.ASSESSOR, build_institution("elsewhere")).id
        publish_picture(Purpose.TRAINING)
        build_performance(made.task, build_learner()[1])
        found = exemplar_pieces("isolation", AssignmentRole.ASSESSOR)
        assert found["prepares", "proficient"][0].drawing is None
        (piece,) = found["isolates", "developing"]
        assert piece.drawing is not None
        address = f"/assessor/examples/{piece.drawing.artefact_id}"
        own = made.assessors[0].id
        db.session.commit()
    browser = signed_in(app, own)
    page = browser.get(browser.post("/assessor/next").location).text
    assert f'<img src="{address}" alt="Example of the level' in page
    assert page.count(address) == 1
    assert '<p class="written" lang="en">What number 00 did' in page
    drawn = browser.get(address)
    assert (drawn.status_code, drawn.content_type) == (200, "image/jpeg")
    assert browser.get(f"{address}/1").status_code == 404  # it is no document
    assert signed_in(app, stranger).get(address).status_code == 404


def test_what_tries_or_watches_is_shown_to_nobody_beside_the_levels(context: Flask) -> None:
    made = build_workshop(assessors=1)
    publish_picture(Purpose.SEED)
    (reference,) = db.session.scalars(exemplars.in_use("isolation"))
    for each in reference.performance.shown:
        with pytest.raises(NoSuchRecord):
            exemplar_artefact(each.artefact_id, made.actors[0])
