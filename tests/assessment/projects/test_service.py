"""Projects from the invitation to the evidence: seats, days, seals, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from assessment import clock
from assessment.access import Role
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_institution, build_staff
from assessment.demo.builders.performances import CRITERIA, build_task
from assessment.demo.builders.projects import (
    ADDRESS,
    a_brief,
    build_delivery,
    build_invitation,
    what_is_said,
)
from assessment.errors import Conflict, Expired, Forbidden, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.observations.models import Observation
from assessment.people.service import actor_of
from assessment.performances import service as performances
from assessment.projects import duties, service
from assessment.projects.models import Participation, Project, ProjectState
from assessment.upsert import insert_once
from tests.assessment.projects.conftest import Yard


def later(days: float) -> datetime:
    return clock.now() + timedelta(days=days)


def observed() -> int:
    return db.session.scalar(select(func.count()).select_from(Observation)) or 0


def said(yard: Yard, project: Project, part: Participation, **changes: object) -> Participation:
    given = what_is_said(part, **changes)  # type: ignore[arg-type]  # any field of the form
    return service.say_of_learner(yard.link(project), part.id, given, False, ADDRESS)


def test_a_task_has_to_allow_projects(yard: Yard) -> None:
    build_task(yard.institution, "another")
    assert [each.key for each in service.tasks_for_projects(yard.keeps)] == [yard.task.key]
    with pytest.raises(Invalid, match="allows projects"):
        build_invitation("another", yard.keeps)


def test_a_brief_is_read_before_learners_see_it(yard: Yard) -> None:
    project = build_invitation(yard.task.key, yard.keeps)
    service.propose(yard.link(project), a_brief(), ADDRESS)
    assert not service.open_projects()
    with pytest.raises(NoSuchRecord):
        service.published(project.id)
    with pytest.raises(Conflict, match="changes no more"):
        service.propose(yard.link(project), a_brief(title="Another"), ADDRESS)
    service.give_back(project.id, "Say which van.", yard.keeps)
    service.propose(yard.link(project), a_brief(title="Make the red van safe"), ADDRESS)
    service.publish(project.id, yard.keeps)
    assert [each.title for each in service.open_projects()] == ["Make the red van safe"]
    with pytest.raises(Conflict, match="no brief"):
        service.publish(project.id, yard.keeps)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"text": ""}, "text"),
        ({"text": "x" * 8_001}, "text"),
        ({"seats": 0}, "seats"),
        ({"seats": 13}, "seats"),
    ],
)
def test_a_brief_that_cannot_be_used_says_what_to_change(
    yard: Yard, changes: dict[str, object], field: str
) -> None:
    project = build_invitation(yard.task.key, yard.keeps)
    with pytest.raises(Invalid) as refusal:
        service.propose(yard.link(project), a_brief(**changes), ADDRESS)
    assert refusal.value.details["field"] == field


@pytest.mark.parametrize("days", [0, -1, 367])
def test_the_day_to_deliver_lies_ahead_within_a_year(yard: Yard, days: int) -> None:
    project = build_invitation(yard.task.key, yard.keeps)
    with pytest.raises(Invalid, match="from tomorrow on"):
        service.propose(yard.link(project), a_brief(due=later(days - 0.5).date()), ADDRESS)


def test_another_institution_has_nothing_to_say(yard: Yard) -> None:
    project = yard.project()
    stranger = actor_of(build_staff(Role.ADMINISTRATOR, build_institution("elsewhere")))
    for decide in (service.publish, service.close, service.kept):
        with pytest.raises(NoSuchRecord):
            decide(project.id, stranger)
    with pytest.raises(Invalid, match="allows projects"):
        build_invitation(yard.task.key, stranger, "sam@lantern-motors.example")


def test_joining_begins_the_performance_once(yard: Yard) -> None:
    project = yard.project()
    part = service.join(project.id, yard.learns)
    assert service.join(project.id, yard.learns).id == part.id
    assert part.seat == 1
    assert performances.own_performance(part.performance_id, yard.learns).state == "draft"


def test_the_last_seat_is_taken_once(yard: Yard) -> None:
    project = yard.project()
    part = service.join(project.id, yard.learns)
    _person, other = build_learner()
    with pytest.raises(Conflict, match="Every place"):
        service.join(project.id, other)
    theirs = performances.begin(yard.task, other)
    same_seat = {
        "project_id": project.id,
        "performance_id": theirs.id,
        "seat": 1,
        "joined_at": clock.now(),
        "delivery": "",
        "by_own_device": False,
        "learner_said": "",
    }
    assert not insert_once(Participation, learner_id=other.learner_id, id="x", **same_seat)
    service.leave(project.id, yard.learns)
    assert service.join(project.id, other).seat == part.seat


def test_a_team_has_as_many_seats_as_the_brief_says(yard: Yard) -> None:
    project = yard.project(seats=2)
    _person, other = build_learner()
    assert [service.join(project.id, each).seat for each in (yard.learns, other)] == [1, 2]
    assert not service.open_projects()


def test_nobody_does_their_own_project(yard: Yard) -> None:
    yard.learner.email = "rosa@lantern-motors.example"
    with pytest.raises(Forbidden, match="your own"):
        service.join(yard.project().id, yard.learns)


def test_what_is_closed_or_over_takes_nobody(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    closed, over = yard.project(), yard.project()
    service.close(closed.id, yard.keeps)
    with pytest.raises(Conflict, match="takes nobody"):
        service.join(closed.id, yard.learns)
    moment = later(12)
    monkeypatch.setattr(clock, "now", lambda: moment)
    with pytest.raises(Conflict, match="takes nobody"):
        service.join(over.id, yard.learns)
    assert not service.open_projects()


def test_nothing_is_delivered_after_the_day_nor_rated(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = yard.project()
    part = service.join(project.id, yard.learns)
    moment = later(12)
    monkeypatch.setattr(clock, "now", lambda: moment)
    with pytest.raises(Conflict, match="has passed"):
        service.deliver(project.id, service.Typed.of("Too late."), yard.learns)
    with pytest.raises(Conflict, match="Nothing is delivered"):
        said(yard, project, part)
    with pytest.raises(Conflict, match="Nothing is delivered"):
        service.say_of_employer(project.id, "They were kind.", yard.learns)
    assert (part.delivery, part.employer_said, part.learner_said) == ("", None, "")


def test_what_is_delivered_stays_and_is_evidence_as_well(yard: Yard) -> None:
    project = yard.project()
    part = build_delivery(project, yard.learns)
    (piece,) = service.performance_of(part).attachments
    assert set(piece.anchors) == set(CRITERIA)
    with pytest.raises(Conflict, match="already"):
        service.deliver(project.id, service.Typed.of("Another."), yard.learns)
    with pytest.raises(Conflict, match="leave no more"):
        service.leave(project.id, yard.learns)
    assert part.delivery == "I isolated it so."


@pytest.mark.parametrize("text", ["", "  \n", "x" * 20_001])
def test_a_delivery_has_words_and_not_too_many(yard: Yard, text: str) -> None:
    project = yard.project()
    service.join(project.id, yard.learns)
    with pytest.raises(Invalid) as refusal:
        service.deliver(project.id, service.Typed.of(text), yard.learns)
    assert refusal.value.details["field"] == "text"


def test_both_are_sealed_until_both_are_in(yard: Yard) -> None:
    project = yard.project()
    part = build_delivery(project, yard.learns)
    said(yard, project, part)
    assert part.opened_at is None
    assert observed() == 0
    service.say_of_employer(project.id, "They were kind.", yard.learns)
    assert part.opened_at is not None
    (fact,) = observations.observations_of(part.learner_id, part.performance_id)
    assert fact.is_capped
    assert fact.counts
    assert set(fact.marks.values()) == {"proficient"}


def test_the_learner_may_be_first(yard: Yard) -> None:
    project = yard.project()
    part = build_delivery(project, yard.learns)
    service.say_of_employer(project.id, "They were kind.", yard.learns)
    assert (part.opened_at, observed()) == (None, 0)
    said(yard, project, part)
    assert part.opened_at is not None
    assert observed() == 1


@pytest.mark.parametrize("by_employer", [True, False])
def test_what_one_side_said_opens_after_the_days_and_nothing_is_added(
    yard: Yard, by_employer: bool
) -> None:
    project = yard.project()
    part = build_delivery(project, yard.learns)
    first: Callable[[], object] = lambda: said(yard, project, part)  # noqa: E731 - chosen by the case
    second: Callable[[], object] = lambda: service.say_of_employer(  # noqa: E731 - the same
        project.id, "They were kind.", yard.learns
    )
    if not by_employer:
        first, second = second, first
    first()
    project_id, key = project.id, {"learner_id": part.learner_id, "participation_id": part.id}
    db.session.commit()
    duties.open_said(key)
    duties.open_said(key)
    assert observed() == int(by_employer)
    assert service.own_part(project_id, yard.learns).part.opened_at is not None
    with pytest.raises(Conflict, match="14 days"):
        second()


def test_the_same_form_again_is_the_same_and_another_is_refused(yard: Yard) -> None:
    project = yard.project()
    part = build_delivery(project, yard.learns)
    said(yard, project, part)
    said(yard, project, part, level="expert")
    with pytest.raises(Conflict, match="already"):
        said(yard, project, part, level="expert", once="second")
    kept = service.said_of(part)
    assert kept is not None
    assert set(kept.seen.marks.values()) == {"proficient"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"marks": {}}, "level-prepares"),
        ({"marks": dict.fromkeys(CRITERIA, "splendid")}, "level-prepares"),
        ({"marks": {**dict.fromkeys(CRITERIA, "expert"), "dances": "expert"}}, "marks"),
        ({"days": ("2026-13-45",)}, "days"),
        ({"is_confirmed": False}, "confirmed"),
        ({"feedback": "x" * 4_001}, "feedback"),
    ],
)
def test_what_an_employer_says_is_refused_at_its_field(
    yard: Yard, changes: dict[str, object], field: str
) -> None:
    project = yard.project()
    part = build_delivery(project, yard.learns)
    with pytest.raises(observations.Unusable) as refusal:
        said(yard, project, part, **changes)
    assert field in refusal.value.faults
    assert part.employer_said is None


def test_a_form_from_the_learners_device_does_not_count(yard: Yard) -> None:
    project = yard.project()
    part = build_delivery(project, yard.learns)
    service.say_of_learner(yard.link(project), part.id, what_is_said(part), True, ADDRESS)
    service.say_of_employer(project.id, "They were kind.", yard.learns)
    (fact,) = observations.observations_of(part.learner_id, part.performance_id)
    assert not fact.counts


def test_work_that_was_withdrawn_gets_no_evidence_and_what_was_said_opens(yard: Yard) -> None:
    project = yard.project()
    part = build_delivery(project, yard.learns)
    said(yard, project, part)
    performances.withdraw(part.performance_id, yard.learns)
    service.say_of_employer(project.id, "They were kind.", yard.learns)
    assert part.opened_at is not None
    assert observed() == 0


def test_an_employer_alone_decides_nothing(yard: Yard) -> None:
    project = yard.project()
    part = build_delivery(project, yard.learns)
    performances.submit(part.performance_id, yard.learns)
    said(yard, project, part, level="expert")
    service.say_of_employer(project.id, "They were kind.", yard.learns)
    assert observed() == 1
    assert service.performance_of(part).state not in ("resolved", "withdrawn")


def test_a_link_leads_to_its_own_project_alone_and_runs_out(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, another = yard.project(), yard.project()
    part = build_delivery(project, yard.learns)
    with pytest.raises(NoSuchRecord):
        service.part_by_link(yard.link(another), part.id)
    with pytest.raises(NoSuchRecord):
        service.by_link("x" * 43)
    moment = later(100)
    monkeypatch.setattr(clock, "now", lambda: moment)
    with pytest.raises(Expired):
        service.by_link(yard.link(project))


def test_a_project_that_is_closed_before_it_is_published_ends_its_link(yard: Yard) -> None:
    project = build_invitation(yard.task.key, yard.keeps)
    service.close(project.id, yard.keeps)
    assert project.state == ProjectState.CLOSED
    with pytest.raises(Expired):
        service.propose(yard.link(project), a_brief(), ADDRESS)


def test_anothers_part_is_none(yard: Yard) -> None:
    project = yard.project()
    build_delivery(project, yard.learns)
    _person, other = build_learner()
    with pytest.raises(NoSuchRecord):
        service.own_part(project.id, other)
    with pytest.raises(NoSuchRecord):
        service.say_of_employer(project.id, "Not mine.", other)
