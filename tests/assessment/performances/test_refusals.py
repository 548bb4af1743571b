"""What was released or concluded is changed by nobody, not even by a statement of one's own."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assessment.access import Actor
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_rating,
    build_workshop,
    claimed,
    given,
)
from assessment.extensions import db
from assessment.performances import service

GOOD = ("proficient",) * 3


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop()


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


def refused(statement: str, said: str, **values: object) -> None:
    with pytest.raises(IntegrityError, match=said), db.session.begin_nested():
        db.session.execute(text(statement), values)


def test_a_released_rating_is_never_changed(workshop: Workshop, learner: Actor) -> None:
    build_performance(workshop.task, learner)
    place = build_rating(workshop.actors[0], *GOOD)
    said = "a released rating is never changed"
    refused("UPDATE rating SET marks = '{}' WHERE assignment_id = :id", said, id=place.id)
    refused("UPDATE rating SET released_at = NULL WHERE assignment_id = :id", said, id=place.id)
    refused("DELETE FROM rating WHERE assignment_id = :id", said, id=place.id)


def test_a_draft_is_changed_freely(workshop: Workshop, learner: Actor) -> None:
    build_performance(workshop.task, learner)
    place = claimed(workshop.actors[0])
    service.save(place.id, given("expert"), workshop.actors[0])
    db.session.execute(
        text("UPDATE rating SET revision = 7 WHERE assignment_id = :id"), {"id": place.id}
    )
    assert db.session.scalar(text("SELECT revision FROM rating")) == 7


@pytest.mark.parametrize("role", ["reviewer", "read behind", "adjudicator"])
def test_who_has_rated_is_not_given_the_judging(
    workshop: Workshop, learner: Actor, role: str
) -> None:
    shown = build_performance(workshop.task, learner)
    build_rating(workshop.actors[0], *GOOD)
    place = claimed(workshop.actors[1])
    db.session.execute(
        text("UPDATE assignment SET person_id = NULL, role = :role, round = 2 WHERE id = :id"),
        {"role": role, "id": place.id},
    )
    change = "UPDATE assignment SET person_id = :who WHERE id = :id"
    said = "who has rated it does not judge it again"
    refused(change, said, who=workshop.assessors[0].id, id=place.id)
    db.session.execute(text(change), {"who": workshop.assessors[2].id, "id": place.id})
    assert shown.state == "in marking"
