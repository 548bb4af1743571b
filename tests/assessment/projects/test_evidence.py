"""What an employer says counts for the very work that was delivered, and by nobody with a part."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.access import Actor, Role, system
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.observations import (
    build_nomination,
    build_observation,
    what_was_seen,
)
from assessment.demo.builders.people import build_staff
from assessment.demo.builders.performances import (
    CRITERIA,
    build_performance,
    build_rating,
    build_task,
    given,
)
from assessment.demo.builders.projects import (
    ADDRESS,
    build_delivery,
    build_project,
    build_team,
    what_is_said,
)
from assessment.errors import Conflict
from assessment.extensions import db
from assessment.observations.models import Acquaintance, Observation, Sign
from assessment.observations.service import void
from assessment.people.models import Person
from assessment.people.service import actor_of
from assessment.performances import evidence
from assessment.performances import service as performances
from assessment.performances.handling import Handling
from assessment.performances.models import PerformanceState
from assessment.performances.settling import settle
from assessment.projects import service
from assessment.projects.models import Participation, Project
from tests.assessment.projects.conftest import Yard, build_yard

NOBODY = system("test")
CONTACT = "rosa@lantern-motors.example"
LEVELS = ("proficient",) * len(CRITERIA)


@pytest.fixture
def yard(context: Flask) -> Yard:
    """Return a yard whose task needs one observer."""
    made = build_yard()
    policy = {"required": "proficient", "observers": 1}
    handling = Handling(projects=True)
    made.task = build_task(made.institution, made.task.key, policy=policy, handling=handling)
    return made


def assessors(yard: Yard, *emails: str) -> Iterator[Actor]:
    for email in emails:
        person = build_staff(Role.ASSESSOR, yard.institution)
        person.email = email
        yield actor_of(person)


def both_say(yard: Yard, project: Project, part: Participation) -> list[Observation]:
    """Return what was seen of the work, once both sides have said something."""
    said = what_is_said(part)
    service.say_of_learner(yard.link(project), part.id, said, False, ADDRESS)
    service.say_of_employer(project.id, "They were kind.", yard.learns)
    assert part.opened_at is not None
    return list(db.session.scalars(select(Observation).order_by(Observation.received_at)))


def test_whoever_it_is_delivered_to_rates_none_of_it(yard: Yard) -> None:
    contact, other = assessors(yard, "Rosa+work@lantern-motors.example", "sam@example.org")
    project = yard.project()
    part = build_delivery(project, yard.learns)
    performances.submit(part.performance_id, yard.learns)
    assert performances.claim_next(contact) is None
    place = performances.claim_next(other)
    assert place is not None
    assert place.performance_id == part.performance_id


def test_who_leaves_undelivered_keeps_nobody_away(yard: Yard) -> None:
    project = yard.project()
    service.join(project.id, yard.learns)
    assert len(db.session.scalars(select(Acquaintance)).all()) == 1
    service.leave(project.id, yard.learns)
    assert db.session.scalars(select(Acquaintance)).all() == []


def test_an_employers_word_counts_not_where_they_were_given_the_work_to_rate(yard: Yard) -> None:
    """Whoever held a place before the address became theirs stays an assessor of it."""
    (rater,) = assessors(yard, "sam@example.org")
    project = yard.project()
    part = build_delivery(project, yard.learns)
    performances.submit(part.performance_id, yard.learns)
    place = performances.claim_next(rater)
    assert place is not None
    performances.release(place.id, given(*LEVELS), rater)
    person = db.session.get_one(Person, rater.person_id)
    person.email = CONTACT
    db.session.flush()
    (seen,) = both_say(yard, project, part)
    assert Sign.RATES_IT in seen.signs
    assert not seen.counts


def test_nobody_joins_with_work_that_can_be_changed_no_more(yard: Yard) -> None:
    build_performance(yard.task, yard.learns)
    with pytest.raises(Conflict, match="could not be part of it"):
        service.join(yard.project().id, yard.learns)
    assert db.session.scalars(select(Participation)).all() == []


def test_who_was_not_confirmed_says_nothing_by_a_project(yard: Yard) -> None:
    project = yard.project()
    part = build_delivery(project, yard.learns)
    made = service.performance_of(part)
    seen = build_observation(build_nomination(made, yard.learns, CONTACT), what_was_seen(made))
    performances.submit(made.id, yard.learns)
    void(made.learner_id, seen.id, "They do not work there.", NOBODY)
    settle(made, NOBODY)
    for each in assessors(yard, "ada@example.org", "bo@example.org"):
        build_rating(each, *LEVELS)
    assert both_say(yard, project, part) == [seen]
    assert made.state != PerformanceState.RESOLVED


def test_what_was_handed_in_before_it_was_delivered_is_not_what_they_saw(yard: Yard) -> None:
    project = yard.project()
    part = service.join(project.id, yard.learns)
    everywhere = dict.fromkeys(CRITERIA, "")
    performances.add_text(part.performance_id, "Something else.", everywhere, yard.learns)
    performances.submit(part.performance_id, yard.learns)
    service.deliver(project.id, service.Typed("Anything."), yard.learns)
    assert part.pieces == []
    assert both_say(yard, project, part) == []


@pytest.mark.parametrize("is_said_first", [True, False])
def test_an_employers_word_counts_while_all_that_they_saw_belongs_to_the_work(
    yard: Yard, is_said_first: bool
) -> None:
    project = yard.project()
    part = build_delivery(project, yard.learns)
    made = service.performance_of(part)
    if is_said_first:
        both_say(yard, project, part)
    (piece,) = part.pieces
    everywhere = dict.fromkeys(CRITERIA, "")
    performances.add_text(made.id, "Something else.", everywhere, yard.learns)
    performances.take_out(made.id, piece, yard.learns)
    performances.submit(made.id, yard.learns)
    for each in assessors(yard, "ada@example.org", "bo@example.org"):
        build_rating(each, *LEVELS)
    if not is_said_first:
        assert both_say(yard, project, part) == []
    assert made.state != PerformanceState.RESOLVED


def test_the_delivered_work_is_decided_with_the_employers_word(yard: Yard) -> None:
    """The same without anything taken out, so that the tests before can fail."""
    project = yard.project()
    part = build_delivery(project, yard.learns)
    made = service.performance_of(part)
    both_say(yard, project, part)
    performances.submit(made.id, yard.learns)
    for each in assessors(yard, "ada@example.org", "bo@example.org"):
        build_rating(each, *LEVELS)
    assert made.state == PerformanceState.RESOLVED


def test_full_work_is_delivered_all_the_same_and_says_what_did_not_fit(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_ARTEFACTS", 2)
    project = yard.project()
    part = service.join(project.id, yard.learns)
    for number in range(2):
        text = f"Text {number}."
        performances.add_text(part.performance_id, text, dict.fromkeys(CRITERIA, ""), yard.learns)
    service.deliver(project.id, service.Typed("Anything."), yard.learns)
    assert part.delivered_at is not None
    assert (part.pieces, service.number_left_out(part)) == ([], 1)
    assert both_say(yard, project, part) == []


def test_who_has_not_delivered_leaves_a_team_that_has_and_comes_not_back(yard: Yard) -> None:
    project = build_project(yard.task.key, yard.keeps, seats=3)
    _person, mate = build_learner()
    build_team(project, yard.learns, mate)
    service.deliver(project.id, service.Typed("So.", own="I wrote it."), yard.learns)
    service.leave(project.id, mate)
    assert service.part_or_none(project.id, mate) is None
    with pytest.raises(Conflict, match="You left a team that has delivered"):
        service.join(project.id, mate)
    with pytest.raises(Conflict, match="leave no more"):
        service.leave(project.id, yard.learns)


def test_whoever_leaves_before_their_team_delivers_may_come_back(yard: Yard) -> None:
    project = build_project(yard.task.key, yard.keeps, seats=3)
    _person, mate = build_learner()
    build_team(project, yard.learns, mate)
    service.leave(project.id, mate)
    service.deliver(project.id, service.Typed("So.", own="I wrote it."), yard.learns)
    assert service.join(project.id, mate).left_at is None
