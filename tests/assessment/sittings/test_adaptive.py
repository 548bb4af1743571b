"""Adaptive sittings through the services, on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from assessment.access import Actor
from assessment.demo.builders.examinations import (
    build_adaptive_test,
    build_bank,
    build_learner,
    build_scale,
)
from assessment.demo.builders.people import build_institution
from assessment.extensions import db
from assessment.items.models import Bank, Test
from assessment.people.models import Institution
from assessment.sittings import service
from assessment.sittings.models import Ending, Sitting, SittingState
from tests.assessment.sittings.answers import answer


@pytest.fixture
def institution(context: Flask) -> Institution:
    return build_institution("college")


@pytest.fixture
def bank(institution: Institution) -> Bank:
    found = build_bank(institution, "wiring")
    build_scale(found)
    return found


@pytest.fixture
def test(institution: Institution, bank: Bank) -> Test:
    return build_adaptive_test(institution, bank.key, "adaptive")


@pytest.fixture
def learner(test: Test) -> Actor:
    return build_learner()[1]


def go_through(
    sitting: Sitting, actor: Actor, knows: Callable[[int], bool] = lambda _position: True
) -> service.Ended:
    """Answer until the test stops."""
    while True:
        position = sitting.position
        saved = answer(sitting, position, actor, right=knows(position))
        if saved.ended is not None:
            return saved.ended
        assert sitting.position == position + 1


def test_it_ends_by_itself_as_soon_as_it_is_sure(test: Test, learner: Actor) -> None:
    sitting = service.begin(test, learner)
    assert (sitting.position, len(sitting.questions)) == (1, 1)
    ended = go_through(sitting, learner)
    assert (ended.sitting.state, ended.sitting.ending) == (SittingState.SCORED, Ending.COMPLETE)
    assert 4 <= len(ended.sitting.questions) < 12
    score = service.score_from_text(ended.sitting.score or "")
    assert score.mastery_probability is not None
    assert score.mastery_probability >= 0.95
    assert service.replay_choices(ended.sitting) is None
    db.session.expire_all()
