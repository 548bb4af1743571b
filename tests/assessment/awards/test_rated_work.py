"""Rated work in explanations and in signed credentials: what it showed, never who rated it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

import rubrics
from assessment.access import Actor
from assessment.awards import rated_work as works
from assessment.awards.models import Award
from assessment.credentials import service as credentials
from assessment.credentials.models import Credential
from assessment.demo.builders.catalogue import both
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    BUILDER,
    LEVELS,
    Workshop,
    a_rubric,
    build_performance,
    build_rating,
    build_workshop,
)
from assessment.extensions import db
from assessment.performances import service as performances


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop()


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


def awarded(workshop: Workshop, learner: Actor) -> Award:
    """Return what two ratings earned."""
    build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, "expert", "proficient", "expert", comments={"tidies": "canary words"})
    return db.session.scalars(db.select(Award).filter_by(learner_id=learner.learner_id)).one()


def test_an_explanation_names_criteria_and_levels(workshop: Workshop, learner: Actor) -> None:
    (work,) = works.rated_work(awarded(workshop, learner).decision)
    assert (work.rubric, work.level, work.raters, work.observers) == (
        "Isolating a battery",
        "Proficient",
        2,
        0,
    )
    assert [(each.criterion, each.level) for each in work.criteria] == [
        ("Prepares", "Expert"),
        ("Isolates", "Proficient"),
        ("Tidies", "Expert"),
    ]


def test_it_keeps_the_words_of_the_version_that_was_rated_on(
    workshop: Workshop, learner: Actor
) -> None:
    decision = awarded(workshop, learner).decision
    renamed = tuple(
        rubrics.Level(key=each, title=both(f"New {each}"), points=2 * place)
        for place, each in enumerate(LEVELS)
    )
    changed = a_rubric(levels=renamed, title=both("Something else"))
    performances.publish_rubric(changed, workshop.institution.key, BUILDER)
    (work,) = works.rated_work(decision)
    assert (work.rubric, work.level) == ("Isolating a battery", "Proficient")


def test_a_credential_says_in_both_languages_what_was_rated(
    workshop: Workshop, learner: Actor
) -> None:
    award = awarded(workshop, learner)
    (fact,) = works.work_facts(award.decision)
    line = works.signed_line(replace(fact, by_role={"assessor": 2, "observer": 1}))
    assert line.name["en"] == "Assessed work: Isolating a battery"
    assert line.name["fr"] == "Travail évalué\N{NO-BREAK SPACE}: Isolating a battery (fr)"
    assert line.narrative["en"] == (
        "Level: Proficient. 2 assessors rated every criterion, each without knowing of the other."
        " One person saw the work being done."
    )
    assert line.narrative["fr"].startswith("Niveau\N{NO-BREAK SPACE}: Proficient (fr).")
    assert "2 personnes" in line.narrative["fr"]


def test_one_assessor_is_said_to_be_one(workshop: Workshop, learner: Actor) -> None:
    (fact,) = works.work_facts(awarded(workshop, learner).decision)
    line = works.signed_line(replace(fact, raters=1, by_role={"assessor": 1, "observer": 3}))
    assert "One assessor rated it. 3 people saw" in line.narrative["en"]
    assert "Une personne l’a évalué. 3 personnes" in line.narrative["fr"]


def test_the_signed_document_has_the_line_and_nobody_who_rated(
    workshop: Workshop, learner: Actor
) -> None:
    award = awarded(workshop, learner)
    signed = credentials.credential_of(award.learner_id, award.id)
    assert isinstance(signed, Credential)
    said = str(credentials.document_for(signed))
    assert "Assessed work: Isolating a battery" in said
    assert "canary words" not in said
    for person in workshop.assessors:
        assert person.display_name not in said
        assert person.id not in said
