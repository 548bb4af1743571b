"""Taking an appeal back: until somebody decided, and what can be done then."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from assessment.access import Actor
from assessment.audit.models import AuditBody
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_rating,
    build_workshop,
    claimed,
)
from assessment.errors import AssessmentError, Conflict, NoSuchRecord
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.performances import appeal_pages, appealing, concluding, service
from assessment.performances.appeal_models import Appeal
from assessment.performances.appeal_withdrawing import take_back
from assessment.performances.models import AssignmentState, Performance
from tests.assessment.people.browser import sign_in

LOW = ("proficient", "developing", "proficient")
REASONS = {"isolates": "The lock is seen at 1:30."}
FOUND = service.Given({"isolates": "proficient"}, {"isolates": "I see it."})


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop()


def shown(workshop: Workshop, learner: Actor) -> Performance:
    made = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *LOW)
    return made


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


def test_nobody_looks_again_and_the_result_stays(workshop: Workshop, learner: Actor) -> None:
    made = shown(workshop, learner)
    appeal = appealing.appeal(made.id, REASONS, learner)
    mails = db.session.scalar(select(func.count()).select_from(Job))
    take_back(made.id, appeal.id, learner)
    assert appeal.assignment.state == AssignmentState.CLOSED
    assert service.claim_next(workshop.actors[2]) is None
    assert len(concluding.resolutions_of(made)) == 1
    assert db.session.scalar(select(func.count()).select_from(Job)) == mails
    take_back(made.id, appeal.id, learner)  # twice is once
    db.session.commit()
    bodies = db.session.scalars(select(AuditBody.body))
    assert len([each for each in bodies if '"appeal taken back"' in each]) == 1


def test_it_can_be_appealed_anew(workshop: Workshop, learner: Actor) -> None:
    made = shown(workshop, learner)
    first = appealing.appeal(made.id, REASONS, learner)
    take_back(made.id, first.id, learner)
    assert "isolates" in {each.criterion.key for each in appealing.appealable(made)}
    second = appealing.appeal(made.id, REASONS, learner)
    place = claimed(workshop.actors[2])
    assert place.id == second.assignment_id
    assert isinstance(service.release(place.id, FOUND, workshop.actors[2]), service.Released)
    assert len(concluding.resolutions_of(made)) == 2
    one, other = appeal_pages.appealing_of(made).appeals
    assert (one.may_be_taken_back, one.withdrawn_at is not None, one.decided_at) == (
        False,
        True,
        None,
    )
    assert (other.withdrawn_at, other.decided_at is not None) == (None, True)


def test_what_was_decided_is_not_taken_back(workshop: Workshop, learner: Actor) -> None:
    made = shown(workshop, learner)
    appeal = appealing.appeal(made.id, REASONS, learner)
    place = claimed(workshop.actors[2])
    service.release(place.id, FOUND, workshop.actors[2])
    with pytest.raises(Conflict):
        take_back(made.id, appeal.id, learner)
    assert appeal.withdrawn_at is None


def test_nobody_chooses_who_looks_again(workshop: Workshop, learner: Actor) -> None:
    made = shown(workshop, learner)
    first = appealing.appeal(made.id, REASONS, learner)
    claimed(workshop.actors[2])
    take_back(made.id, first.id, learner)
    assert "isolates" not in {each.criterion.key for each in appealing.appealable(made)}
    with pytest.raises(Conflict):
        appealing.appeal(made.id, REASONS, learner)
    other = {"prepares": "I prepare it at 0:10."}
    assert appealing.appeal(made.id, other, learner).withdrawn_at is None
    assert (first.withdrawn_at is not None, first.criteria[0].withdrawn_at) == (True, None)


def test_whoever_has_the_place_releases_nothing_on_it(workshop: Workshop, learner: Actor) -> None:
    made = shown(workshop, learner)
    appeal = appealing.appeal(made.id, REASONS, learner)
    place = claimed(workshop.actors[2])
    take_back(made.id, appeal.id, learner)
    try:
        released = service.release(place.id, FOUND, workshop.actors[2])
    except AssessmentError:
        released = None
    assert not isinstance(released, service.Released)
    assert len(concluding.resolutions_of(made)) == 1


def test_nobody_takes_back_what_another_appealed(workshop: Workshop, learner: Actor) -> None:
    made = shown(workshop, learner)
    appeal = appealing.appeal(made.id, REASONS, learner)
    _person, other = build_learner()
    with pytest.raises(NoSuchRecord):
        take_back(made.id, appeal.id, other)
    other_work = build_performance(workshop.task, learner)
    with pytest.raises(NoSuchRecord):
        take_back(other_work.id, appeal.id, learner)


def test_what_was_taken_back_stays_so(workshop: Workshop, learner: Actor) -> None:
    made = shown(workshop, learner)
    take_back(made.id, appealing.appeal(made.id, REASONS, learner).id, learner)
    for statement in (
        "UPDATE appeal SET withdrawn_at = NULL",
        "UPDATE appealed_criterion SET withdrawn_at = NULL",
    ):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(text(statement))


def test_the_page_offers_it_and_says_so(app: Flask, workshop: Workshop) -> None:
    person, learner = build_learner()
    made = shown(workshop, learner)
    appeal = appealing.appeal(made.id, REASONS, learner)
    browser = sign_in(app.test_client(), person)
    address = f"/performances/{made.id}/appeals/{appeal.id}/withdraw"
    assert address in browser.get(f"/performances/{made.id}").text
    db.session.commit()
    assert browser.post(address).status_code == 303
    page = browser.get(f"/performances/{made.id}").text
    assert address not in page
    assert "You took it back on " in page
    assert db.session.scalars(select(Appeal)).one().withdrawn_at is not None
