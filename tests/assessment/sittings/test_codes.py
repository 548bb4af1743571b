"""Start codes: an invigilator vouches for one test, for twelve hours, and never for themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from assessment import clock
from assessment.access import Actor, ActorKind, Role
from assessment.demo.builders.examinations import Examination, build_examination, build_learner
from assessment.errors import Forbidden, Invalid
from assessment.items.models import Test
from assessment.rules import Identity, Supervision
from assessment.sittings import service
from tests.assessment.sittings.answers import sit


@pytest.fixture
def examination(context: Flask) -> Examination:
    return build_examination(needs_start_code=True)


@pytest.fixture
def invigilator(examination: Examination) -> Actor:
    person, _ = build_learner()
    return Actor(
        ActorKind.PERSON,
        person_id=person.id,
        learner_id=person.learner_id,
        roles=frozenset({(Role.ASSESSOR, examination.institution.id)}),
    )


def code_for(test: Test, invigilator: Actor) -> str:
    issued = service.issue_start_code(test, Supervision.INVIGILATED, Identity.DOCUMENT, invigilator)
    return issued.code


def test_a_code_says_how_the_sitting_is_supervised_and_who_was_seen(
    examination: Examination, invigilator: Actor
) -> None:
    code = code_for(examination.pre, invigilator)
    typed = f" {code.lower().replace('-', ' ')} "
    sitting = service.begin(examination.pre, build_learner()[1], start_code=typed)
    assert (sitting.supervision, sitting.identity) == ("invigilated", "document")


def test_without_a_code_a_sitting_is_unsupervised(examination: Examination) -> None:
    sitting = service.begin(examination.pre, build_learner()[1])
    assert (sitting.supervision, sitting.identity) == ("none", "sign-in")


def test_a_code_opens_no_other_test_and_ends_after_twelve_hours(
    examination: Examination, invigilator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = build_learner()[1]
    with pytest.raises(Invalid):
        service.begin(examination.pre, learner, start_code=code_for(examination.post, invigilator))
    code = code_for(examination.pre, invigilator)
    later = clock.now() + timedelta(hours=12, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Invalid):
        service.begin(examination.pre, learner, start_code=code)


def test_nobody_vouches_for_themselves(examination: Examination, invigilator: Actor) -> None:
    code = code_for(examination.pre, invigilator)
    with pytest.raises(Invalid):
        service.begin(examination.pre, invigilator, start_code=code)
    assert service.begin(examination.pre, build_learner()[1], start_code=code)


def test_a_learner_issues_no_code(examination: Examination) -> None:
    with pytest.raises(Forbidden):
        code_for(examination.pre, build_learner()[1])


def test_a_supervised_test_is_not_begun_without_a_code(
    examination: Examination, invigilator: Actor
) -> None:
    learner = build_learner()[1]
    sit("pre", learner)
    with pytest.raises(Invalid):
        service.begin(examination.post, learner)
    code = code_for(examination.post, invigilator)
    assert service.begin(examination.post, learner, start_code=code).supervision == "invigilated"
