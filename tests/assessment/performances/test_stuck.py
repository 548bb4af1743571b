"""Where nobody may take a place: partners first, then the institution is told, then the learner."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from assessment import clock, mail, transactions
from assessment.access import Actor, Role
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.exemplars import build_gate, build_qualified
from assessment.demo.builders.people import build_institution, build_role, build_staff
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_rating,
    build_task,
    build_workshop,
    claimed,
)
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.people.models import Person, RoleGrant
from assessment.people.service import actor_of, institution_by_key
from assessment.performances import reviewers, service, stuck
from assessment.performances.eligibility import may_take
from assessment.performances.handling import Handling
from assessment.performances.models import Assignment, Performance, Skip
from assessment.performances.reviewers import Why
from assessment.performances.skips import SkipReason
from assessment.performances.stuck_letters import NOBODY_MAY, numbers_of, tell_nobody_may
from assessment.performances.stuck_models import StuckPlace
from assessment.registry import duties
from tests.assessment.people.clocks import StoppedClock
from tests.assessment.performances.test_service import GOOD

LOW = ("beginning", "proficient", "proficient")


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    return StoppedClock(monkeypatch)


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


def watch() -> None:
    """Do what the duty does, in this transaction."""
    for found in stuck.to_share():
        stuck.share_stuck(found)
    for change in stuck.changes():
        stuck.note(change)
    db.session.expire_all()


def noted() -> dict[str, str]:
    """Return why nobody may take what is noted, by role."""
    rows = db.session.execute(
        select(Assignment.role, StuckPlace.because).join(
            StuckPlace, StuckPlace.assignment_id == Assignment.id
        )
    )
    return {str(role): str(because) for role, because in rows}


def jobs(kind: str) -> list[Job]:
    return list(db.session.scalars(select(Job).filter_by(kind=kind)))


def said(performance: Performance) -> str:
    return " ".join(each.text for each in service.performance_page(performance).steps)


def differ(workshop: Workshop, learner: Actor) -> Performance:
    """Return work about which two assessors differ, so that another one is called."""
    made = build_performance(workshop.task, learner)
    for actor, levels in zip(workshop.actors, (GOOD, LOW), strict=False):
        build_rating(actor, *levels)
    return made


@pytest.mark.parametrize("assessors", [0, 1, 2, 3])
def test_places_that_nobody_may_take_are_noted_after_an_hour(
    learner: Actor, time: StoppedClock, assessors: int
) -> None:
    workshop = build_workshop(assessors=assessors)
    made = build_performance(workshop.task, learner)
    for actor, levels in zip(workshop.actors[:2], (GOOD, LOW), strict=False):
        build_rating(actor, *levels)
    watch()
    assert noted() == {}
    time.move(hours=1)
    watch()
    expected = {
        0: {"assessor": Why.NO_ASSESSOR},
        1: {"assessor": Why.ALL_HAVE_PART},
        2: {"third": Why.ALL_HAVE_PART},
        3: {},
    }
    assert noted() == expected[assessors]
    assert made.state in {"submitted", "in marking"}


def test_what_is_held_or_can_be_taken_again_is_noted_no_more(
    learner: Actor, time: StoppedClock
) -> None:
    workshop = build_workshop(assessors=1)
    made = build_performance(workshop.task, learner)
    build_rating(workshop.actors[0], *GOOD)
    time.move(hours=1)
    watch()
    assert len(noted()) == 1
    somebody = actor_of(build_staff(Role.ASSESSOR, workshop.institution))
    watch()
    assert noted() == {}
    claimed(somebody)
    watch()
    assert noted() == {}
    assert made.state == "in marking"


def skipped(actor: Actor, reason: SkipReason = SkipReason.LANGUAGE) -> None:
    service.skip(claimed(actor).id, reason, "", actor)


def test_what_everybody_skipped_is_stuck(learner: Actor, time: StoppedClock) -> None:
    workshop = build_workshop(assessors=2)
    build_performance(workshop.task, learner)
    skipped(workshop.actors[0])
    skipped(workshop.actors[1], SkipReason.CONFLICT)
    time.move(hours=1)
    watch()
    assert noted() == {"assessor": Why.ALL_HAVE_PART}


def test_ones_own_work_is_nobodys_to_rate(learner: Actor, time: StoppedClock) -> None:
    workshop = build_workshop(assessors=0)
    person = db.session.scalars(select(Person).filter_by(learner_id=learner.learner_id)).one()
    build_role(person, Role.ASSESSOR, workshop.institution)
    build_performance(workshop.task, learner)
    time.move(hours=1)
    watch()
    assert noted() == {"assessor": Why.ALL_HAVE_PART}


def test_where_nobody_is_qualified_it_is_said_and_over_once_somebody_is(
    learner: Actor, time: StoppedClock
) -> None:
    workshop = build_workshop(assessors=1)
    build_gate(workshop.task)
    build_performance(workshop.task, learner)
    time.move(hours=1)
    watch()
    assert noted() == {"assessor": Why.NOBODY_QUALIFIED}
    for grant in db.session.scalars(select(RoleGrant).filter_by(role=Role.ASSESSOR)):
        db.session.delete(grant)
    watch()
    assert noted() == {"assessor": Why.NO_ASSESSOR}  # the cause changes with what is the case
    build_role(workshop.assessors[0], Role.ASSESSOR, workshop.institution)
    watch()
    assert noted() == {"assessor": Why.NOBODY_QUALIFIED}
    build_qualified(workshop.assessors[0])
    watch()
    assert noted() == {}


def shared_out(learner: Actor) -> tuple[Performance, Workshop]:
    """Return work that three assessors leave to others, of a task that names a partner."""
    workshop = build_workshop(assessors=3)
    build_institution("partner")
    task = build_task(workshop.institution, "lent", handling=Handling(partners=("partner",)))
    made = build_performance(task, learner)
    for actor in workshop.actors:
        skipped(actor)
    return made, workshop


def test_partners_are_asked_first(learner: Actor, time: StoppedClock) -> None:
    made, _workshop = shared_out(learner)
    places = select(Assignment.is_shared).filter_by(performance_id=made.id)
    assert set(db.session.scalars(places)) == {False}
    helper = helper_at("partner")
    time.move(hours=1)
    watch()
    assert set(db.session.scalars(places)) == {True}
    assert noted() == {}
    assert claimed(helper).performance_id == made.id
    assert any(
        each.payload["rubric_key"] == "isolation" for each in jobs("performances.work_waits")
    )


def helper_at(key: str) -> Actor:
    """Return an assessor of an institution."""
    return actor_of(build_staff(Role.ASSESSOR, institution_by_key(key)))


def test_where_no_partner_may_either_it_is_stuck(learner: Actor, time: StoppedClock) -> None:
    shared_out(learner)
    time.move(hours=1)
    watch()
    assert noted() == {"assessor": Why.ALL_HAVE_PART}


def test_asking_of_many_is_asking_each_of_everybody(learner: Actor, time: StoppedClock) -> None:
    """The one query for a pool finds what every single person's own queue leaves out."""
    workshop = build_workshop(assessors=3)
    works = [build_performance(workshop.task, build_learner()[1]) for _ in range(4)]
    for number, work in enumerate(works):
        for person in workshop.assessors[:number]:
            leave(person, work)
    time.move(hours=1)
    (pool,) = reviewers.pools_waiting(time.moment)
    people = [(actor_of(each), each.email) for each in workshop.assessors]
    free = {
        place
        for actor, email in people
        for place in db.session.scalars(select(Assignment.id).where(may_take(actor, email)))
    }
    every = set(db.session.scalars(select(Assignment.id)))
    assert reviewers.stuck_in(pool, time.moment).places == every - free
    assert len(every - free) == 2


def leave(person: Person, work: Performance) -> None:
    """Have somebody leave a performance to others."""
    place = db.session.scalars(select(Assignment).filter_by(performance_id=work.id)).first()
    assert place is not None
    db.session.add(
        Skip(
            person_id=person.id,
            performance_id=work.id,
            learner_id=work.learner_id,
            assignment_id=place.id,
            reason=SkipReason.LANGUAGE,
            words="",
            skipped_at=clock.now(),
        )
    )
    db.session.flush()


def test_a_pool_costs_the_same_however_much_waits(learner: Actor, time: StoppedClock) -> None:
    workshop = build_workshop(assessors=3)
    build_performance(workshop.task, learner)
    time.move(hours=1)
    few = statements(stuck.changes)
    for _ in range(5):
        build_performance(workshop.task, build_learner()[1])
    time.move(hours=1)
    assert statements(stuck.changes) == few


def statements(act: Callable[[], object]) -> int:
    """Return how many statements are sent."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def tell(workshop: Workshop, day: str) -> None:
    tell_nobody_may(workshop.institution.id, day)
    db.session.expire_all()


def test_the_institution_is_told_once_a_day_and_no_name(learner: Actor, time: StoppedClock) -> None:
    workshop = build_workshop(assessors=2)
    registrar = build_staff(Role.REGISTRAR, workshop.institution, language="fr")
    build_role(registrar, Role.ADMINISTRATOR, workshop.institution)
    build_staff(Role.ADMINISTRATOR, workshop.institution)
    build_staff(Role.REGISTRAR, build_institution("elsewhere"))
    differ(workshop, learner)
    time.move(hours=1)
    watch()
    (number,) = numbers_of(workshop.institution.id)
    assert (number.rubric_key, number.places) == ("isolation", 1)
    tell(workshop, "2027-05-03")
    tell(workshop, "2027-05-03")
    found = [mail._unseal(each.payload["sealed"]) for each in jobs("mail.send")]
    told = [each for each in found if "/registrar/stuck" in each.text]
    assert sorted(each.language for each in told) == ["en", "fr"]
    (english,) = (each for each in told if each.language == "en")
    assert "- Isolating a battery: 1 rating is missing. Everybody who may rate" in english.text
    person = db.session.scalars(select(Person).filter_by(learner_id=learner.learner_id)).one()
    assert all(person.display_name not in each.text for each in told)
    tell(workshop, "2027-05-04")
    assert len(jobs("mail.send")) == len(found) + 2


def test_one_job_a_day_tells_an_institution(app: Flask) -> None:
    with app.app_context():
        workshop = build_workshop(assessors=0)
        build_performance(workshop.task, build_learner()[1])
        db.session.execute(update(Assignment).values(waiting_since=clock.now() - stuck.GRACE))
        db.session.commit()
        duties.watch_stuck()
        duties.watch_stuck()
        (payload,) = (dict(each.payload) for each in jobs(NOBODY_MAY))
        transactions.rollback()
        duties.tell_institution(payload)
        assert set(db.session.scalars(select(StuckPlace.told_at))) == {None}  # nobody to tell
        build_staff(Role.REGISTRAR, workshop.institution)
        db.session.commit()
        transactions.rollback()
        duties.tell_institution(payload)
        assert None not in set(db.session.scalars(select(StuckPlace.told_at)))


def test_its_learner_reads_it_once_the_institution_knows(
    learner: Actor, time: StoppedClock
) -> None:
    workshop = build_workshop(assessors=2)
    build_staff(Role.REGISTRAR, workshop.institution)
    made = differ(workshop, learner)
    time.move(hours=1)
    watch()
    assert "Expected by" in said(made)
    assert "The institution was told" not in said(made)
    tell(workshop, "2027-05-03")
    assert "The institution was told and has to find somebody." in said(made)
    assert "Expected by" not in said(made)
    build_staff(Role.ASSESSOR, workshop.institution)
    assert "Expected by" in said(made)
