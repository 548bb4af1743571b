"""The contact of a project may ask to be forgotten: what was asked for and delivered stays."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from assessment.access import Role
from assessment.demo.builders.people import build_institution, build_staff
from assessment.demo.builders.projects import ADDRESS, build_delivery, what_is_said
from assessment.errors import Conflict, Expired
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.observations.models import Observation, Observer, Particulars
from assessment.people.service import actor_of
from assessment.performances.erasing import erase
from assessment.projects import service
from assessment.projects.models import Participation, Project, ProjectState
from tests.assessment.projects.conftest import Yard

CONTACT = "Rosa@lantern-motors.example"
TELEPHONE = "705 555 0199"
CANARIES = ("rosa@lantern-motors", "Rosa Delgado", "Shop supervisor", TELEPHONE)


def everything() -> str:
    tables = (Project, Participation, Particulars, Observer)
    rows = [each for table in tables for each in db.session.execute(select(table.__table__))]
    return "\n".join(map(str, rows))


@pytest.mark.parametrize("is_opened", [True, False])
def test_nothing_of_a_contact_is_left(yard: Yard, *, is_opened: bool) -> None:
    project = yard.project()
    part = build_delivery(project, yard.learns)
    said = what_is_said(part, telephone=TELEPHONE)
    link = yard.link(project)
    service.say_of_learner(link, part.id, said, False, ADDRESS)
    if is_opened:
        service.say_of_employer(project.id, "They were kind.", yard.learns)
    assert all(each in everything() for each in CANARIES)
    held = observations.held_of(CONTACT, yard.keeps)
    assert (held.projects, held.learner_ids) == (1, [part.learner_id])
    erase(CONTACT, yard.keeps)
    assert not any(each in everything() for each in CANARIES)
    assert not observations.held_of(CONTACT, yard.keeps)
    assert project.state == ProjectState.CLOSED
    with pytest.raises(Expired):
        service.by_link(link)
    if not is_opened:
        service.say_of_employer(project.id, "They were kind.", yard.learns)
    kept = service.said_of(part)
    assert kept is not None
    assert kept.feedback == "Well done."
    assert set(kept.seen.marks.values()) == {"proficient"}
    assert len(db.session.scalars(select(Observation)).all()) == int(is_opened)


def test_an_erased_contact_is_written_to_no_more_and_takes_nobody(yard: Yard) -> None:
    project = yard.project(seats=2)
    service.join(project.id, yard.learns)
    erase(CONTACT, yard.keeps)
    service.deliver(project.id, service.Typed("So."), yard.learns)
    other = actor_of(build_staff(Role.ASSESSOR, yard.institution))
    with pytest.raises(Conflict, match="takes nobody"):
        service.join(project.id, other)


def test_another_institution_erases_no_contact_of_ours(yard: Yard) -> None:
    project = yard.project()
    stranger = actor_of(build_staff(Role.REGISTRAR, build_institution("elsewhere")))
    held = observations.held_of(CONTACT, stranger)
    assert (bool(held), held.is_held_elsewhere) == (False, True)
    erase(CONTACT, stranger)
    assert project.email == CONTACT.lower()
