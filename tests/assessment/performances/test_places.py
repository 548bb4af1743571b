"""Who may take what: by skill, language and task, from partners, and never out of turn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from assessment import clock, mail
from assessment.access import Actor, Role
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_institution, build_staff
from assessment.demo.builders.performances import (
    BUILDER,
    Workshop,
    a_rubric,
    build_performance,
    build_rating,
    build_task,
    build_workshop,
    claimed,
    given,
)
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.performances import claiming, duties, free_places, partners, service
from assessment.performances.claiming import MOST_HELD
from assessment.performances.handling import Handling
from assessment.performances.models import Assignment, AssignmentRole
from assessment.performances.notices import WORK_WAITS
from assessment.performances.reach import reach_of
from assessment.performances.trust_models import Gate
from tests.assessment.people.actors import actor_for
from tests.assessment.people.clocks import StoppedClock

GOOD = ("proficient",) * 3


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop()


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


def gate(workshop: Workshop, key: str = "isolation") -> None:
    db.session.add(
        Gate(
            rubric_key=key,
            institution_id=workshop.institution.id,
            exemplars_needed=30,
            share_exact=0.5,
            share_adjacent=0.8,
            wait_days=7,
            seed_share=0.0,
            seed_window=10,
            seed_exact=0.5,
            seed_adjacent=0.8,
            seed_misses=1,
            published_at=clock.now(),
        )
    )
    db.session.flush()


def test_who_is_not_through_the_gate_sees_an_empty_queue(
    workshop: Workshop, learner: Actor
) -> None:
    build_performance(workshop.task, learner)
    one = workshop.actors[0]
    assert service.queue_of(one).number == 1
    assert [each.rubric_key for each in reach_of(one).open] == ["isolation"]
    gate(workshop)
    assert service.queue_of(one).number == 0
    assert service.claim_next(one) is None
    assert reach_of(one).open == ()


def test_an_assessor_chooses_skill_language_and_task(workshop: Workshop) -> None:
    service.publish_rubric(a_rubric("wiring"), workshop.institution.key, BUILDER)
    wiring = build_task(workshop.institution, "show-wiring", rubric="wiring")
    again = build_task(workshop.institution, "isolate-again")
    for task in (workshop.task, wiring, again):
        build_performance(task, build_learner()[1])
    db.session.execute(update(Assignment).filter_by(rubric_key="wiring").values(language="fr"))
    one = workshop.actors[0]
    for choice, number in (
        (service.Choice(), 3),
        (service.Choice(rubric_key="isolation"), 2),
        (service.Choice(language="fr"), 1),
        (service.Choice(language="fr", rubric_key="isolation"), 0),
        (service.Choice(task_key="isolate-again"), 1),
        (service.Choice(rubric_key="nothing"), 0),
    ):
        assert service.queue_of(one, choice).number == number
    assert [each.task_key for each in service.queue_of(one).waiting] == [
        "show-isolation",
        "show-wiring",
        "isolate-again",
    ]
    taken = service.claim_next(one, service.Choice(task_key="isolate-again"))
    assert taken is not None
    assert taken.performance.task_key == "isolate-again"


def test_more_pools_than_one_query_each_are_one_query(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_performance(workshop.task, learner)
    monkeypatch.setattr(free_places, "MOST_POOLS", 1)
    assert service.queue_of(workshop.actors[0]).number == 1


def test_a_performance_is_counted_once_however_many_places_it_has(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        build_performance(workshop.task, build_learner()[1])
    one = workshop.actors[0]
    queue = service.queue_of(one)
    assert (queue.number, len(queue.waiting), queue.is_long) == (3, 3, False)
    for left in (2, 1, 0):  # nobody can take two places of one performance
        build_rating(one, *GOOD)
        assert service.queue_of(one).number == left
    monkeypatch.setattr(claiming, "MOST_COUNTED", 4)
    queue = service.queue_of(workshop.actors[1])
    assert (queue.number, queue.is_long) == (3, False)
    monkeypatch.setattr(claiming, "MOST_COUNTED", 3)
    assert service.queue_of(workshop.actors[1]).is_long


def test_what_is_at_risk_comes_first(workshop: Workshop) -> None:
    first, second = (build_performance(workshop.task, build_learner()[1]) for _ in range(2))
    service.hurry(second.id, 10)
    service.hurry(second.id, 3)  # never less
    assert claimed(workshop.actors[0]).performance_id == second.id
    assert {each.risk for each in service.queue_of(workshop.actors[1]).waiting} == {0, 10}
    assert first.id != second.id


def test_one_person_holds_five_places_at_most(workshop: Workshop) -> None:
    for _ in range(MOST_HELD + 1):
        build_performance(workshop.task, build_learner()[1])
    one = workshop.actors[0]
    taken = [service.claim_next(one, another=True) for _ in range(MOST_HELD + 3)]
    assert len({each.id for each in taken if each}) == MOST_HELD
    assert claimed(one).id == service.queue_of(one).under_way[0].id


def test_what_is_given_instead_is_what_is_leased(workshop: Workshop) -> None:
    first, second = (build_performance(workshop.task, build_learner()[1]) for _ in range(2))
    rows = select(Assignment).filter_by(performance_id=second.id)
    other = db.session.scalars(rows.order_by(Assignment.slot)).first()
    offered: list[str] = []

    def instead(found: Assignment) -> Assignment | None:
        offered.append(found.performance_id)
        return other

    one = workshop.actors[0]
    assert service.claim_next(one, instead=instead) is other
    assert offered == [first.id]


@pytest.mark.parametrize(
    "role", [AssignmentRole.TRAINING, AssignmentRole.QUALIFYING, AssignmentRole.SEEDED]
)
def test_what_is_made_for_one_person_waits_for_nobody(
    workshop: Workshop, learner: Actor, role: AssignmentRole
) -> None:
    build_performance(workshop.task, learner)
    db.session.execute(update(Assignment).values(role=role))
    assert service.queue_of(workshop.actors[0]).number == 0


def test_what_ran_out_is_still_on_the_desk(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    build_performance(workshop.task, learner)
    one, two, three, _four = workshop.actors
    place = claimed(one)
    service.save(place.id, given("expert"), one)
    assert service.drafts_of(one) == []
    stopped.move(hours=2)
    (draft,) = service.drafts_of(one)
    assert (draft.rating.marks, draft.is_free) == ({"prepares": "expert"}, True)
    assert {claimed(two).id, claimed(three).id} >= {place.id}
    (draft,) = service.queue_of(one).drafts
    assert not draft.is_free
    assert service.drafts_of(two) == []


def lent(workshop: Workshop) -> tuple[Workshop, Actor]:
    """Return a workshop whose task names a partner, and an assessor there."""
    partner = build_institution("partner")
    task = build_task(workshop.institution, handling=Handling(partners=("partner",)))
    there = actor_for(build_staff(Role.ASSESSOR, partner))
    return Workshop(workshop.institution, task, workshop.achievement, workshop.assessors), there


def test_partners_rate_where_there_are_too_few(context: Flask, learner: Actor) -> None:
    workshop, there = lent(build_workshop(assessors=1))
    shown = build_performance(workshop.task, learner)
    assert service.queue_of(there).number == 1
    place = build_rating(there, *GOOD)
    assert place.performance_id == shown.id
    build_rating(workshop.actors[0], *GOOD)
    assert shown.state == "resolved"


def test_partners_see_nothing_where_there_are_enough(context: Flask, learner: Actor) -> None:
    workshop, there = lent(build_workshop(assessors=3))
    shown = build_performance(workshop.task, learner)
    assert service.queue_of(there).number == 0
    build_rating(workshop.actors[0], "beginning", *GOOD[1:])
    build_rating(workshop.actors[1], *GOOD)
    assert service.queue_of(there).number == 0  # one of their own is left for the third place
    build_rating(workshop.actors[2], None, *GOOD[1:])
    assert shown.state == "in marking"
    assert service.queue_of(there).number == 1  # and nobody for the last word


def test_only_the_partners_of_a_task_are_asked(context: Flask, learner: Actor) -> None:
    workshop, there = lent(build_workshop(assessors=1))
    other = build_task(workshop.institution, "kept-at-home")
    build_performance(other, learner)
    stranger = actor_for(build_staff(Role.ASSESSOR, build_institution("stranger")))
    db.session.execute(update(Assignment).values(is_shared=True))
    assert service.queue_of(there).number == 0
    build_performance(workshop.task, learner)
    assert service.queue_of(there).number == 1
    assert service.queue_of(stranger).number == 0
    place = claimed(there)
    with pytest.raises(NoSuchRecord):
        service.own_rating(place.id, stranger)


def test_work_is_shared_once_a_house_has_become_too_small(context: Flask, learner: Actor) -> None:
    workshop, there = lent(build_workshop(assessors=2))
    build_performance(workshop.task, learner)
    assert service.queue_of(there).number == 0
    person = workshop.assessors[0]
    db.session.delete(person.grants[0])
    db.session.flush()
    waiting = partners.unshared()
    assert len(waiting) == 2
    for each in waiting:
        partners.share(each)
    assert service.queue_of(there).number == 1
    assert partners.unshared() == []


def test_the_learner_sees_when_an_answer_is_due(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    task = build_task(workshop.institution, handling=Handling(turn_around_days=3))
    shown = build_performance(task, learner)
    assert service.expected_at(shown) == stopped.moment + timedelta(days=3)
    for actor in workshop.actors[:2]:
        build_rating(actor, None, *GOOD[1:])
    assert service.expected_at(shown) is None  # the clock stands still for the learner
    stopped.move(days=40)
    service.add_text(shown.id, "More.", {"prepares": ""}, learner)
    service.submit(shown.id, learner)
    assert service.expected_at(shown) == stopped.moment + timedelta(days=3)


def test_assessors_get_one_mail_a_day_while_work_waits(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    sent: dict[str, str] = {}

    def send(to: str, subject: str, text: str, *, language: str, once_key: str) -> None:
        assert "/assessor" in text
        sent.setdefault(once_key, to)

    monkeypatch.setattr(mail, "send", send)
    busy = workshop.assessors[0]
    build_performance(workshop.task, actor_for(busy))  # nobody rates their own
    for day in (1, 2):
        for number in (2 * day, 2 * day + 1):
            build_performance(build_task(workshop.institution, f"task-{number}"), actor_for(busy))
        jobs = db.session.scalars(select(Job.payload).where(Job.kind == WORK_WAITS)).all()
        assert len(jobs) == day
        db.session.commit()
        for payload in jobs:
            duties.work_waits(payload)
        stopped.move(days=1)
    assert sorted(sent.values()) == sorted([each.email for each in workshop.assessors[1:]] * 2)
