"""Exemplars beside the levels."""

from __future__ import annotations

from flask import Flask

from assessment.assessors.anchors import exemplar_pieces
from assessment.demo.builders.exemplars import EXPECTED, build_exemplars
from assessment.demo.builders.performances import CRITERIA, build_workshop
from assessment.performances.models import AssignmentRole


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
