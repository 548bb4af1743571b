"""What a learner reads of an adaptive test whose questions and mark a panel placed."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.access import Actor
from assessment.demo.builders.examinations import (
    BUILDER,
    build_adaptive_test,
    build_bank,
    build_learner,
)
from assessment.demo.builders.people import build_institution
from assessment.extensions import db
from assessment.items import service as items
from assessment.sittings import service
from tests.assessment.people.browser import sign_in
from tests.assessment.sittings.answers import answer_until_it_ends


def place_by_panel() -> None:
    """Let a panel place a bank before anybody has answered it, and publish a test on it."""
    college = build_institution("college")
    bank = build_bank(college, "wiring")
    keys = tuple(sorted(items.bank_pool(bank.id).version_ids))
    middling = [0.4 + 0.4 * place / len(keys) for place in range(len(keys))]
    judges = tuple(tuple(value + lean for value in middling) for lean in (-0.1, 0.0, 0.1))
    items.publish_standard(bank.id, items.NewStandard(items=keys, ratings=judges), BUILDER)
    build_adaptive_test(college, "wiring", "adaptive")


def sit(actor: Actor) -> str:
    """Return a sitting of the test that came to its end."""
    test = items.current_test("adaptive")
    assert test is not None
    sitting = service.begin(test, actor)
    answer_until_it_ends(sitting, actor)
    db.session.commit()
    return sitting.id


@pytest.mark.parametrize(
    ("language", "before", "mark", "after"),
    [
        (
            "en",
            "The questions and the mark of this test were placed by a panel’s judgement",
            "The ability that a panel has set",
            "Questions and passing mark were placed by a panel’s judgement (set 1)",
        ),
        (
            "fr",
            "Les questions et la note de ce test ont été placées par le jugement d’un jury",
            "L’habileté qu’un jury a fixée",
            "ont été placées par le jugement d’un jury (jeu 1)",
        ),
    ],
)
def test_it_is_said_before_and_after(
    app: Flask, client: FlaskClient, language: str, before: str, mark: str, after: str
) -> None:
    with app.app_context():
        place_by_panel()
        person, actor = build_learner(language=language)
        sign_in(client, person)
    page = client.get("/tests/adaptive").text
    assert before in page
    assert mark in page
    with app.app_context():
        sitting_id = sit(actor)
    result = client.get(f"/sittings/{sitting_id}").text
    assert after in result
    assert "was calibrated" not in result
    assert "a été calibrée" not in result
