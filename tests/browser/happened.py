"""What happened at the demo's college before anybody looks: one row or more for every page."""

from __future__ import annotations

from sqlalchemy import select

from assessment.access import Actor, Role
from assessment.demo.builders.examinations import build_achievement
from assessment.demo.builders.exemplars import build_exemplars, build_gate, train
from assessment.demo.builders.observations import build_nomination
from assessment.demo.builders.people import build_staff
from assessment.demo.builders.performances import (
    BUILDER,
    CRITERIA,
    a_rubric,
    build_performance,
    build_task,
    given,
)
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.people.models import Institution, Person
from assessment.people.service import actor_of
from assessment.performances import appealing, complaining, service, threads
from assessment.performances.handling import Handling, Observing
from assessment.performances.models import Assignment, Performance, Task
from assessment.registry import voiding

RUBRIC = "every-page"
GUARDED = "every-gate"
GOOD = ("proficient",) * len(CRITERIA)


def happen(college: Institution, learner: Person, assessor: Person, registrar: Person) -> None:
    """Let two works be rated: one set aside later, one appealed, written and complained about."""
    _train(college, actor_of(assessor))
    task, owner = _task(college), actor_of(learner)
    raters = [build_staff(Role.ASSESSOR, college) for _ in range(2)]
    _rated(task, owner, raters, *GOOD)
    second = _rated(task, owner, raters, "expert", "expert", "developing")
    _argue(task, second, owner, actor_of(assessor))
    _set_aside(learner, actor_of(registrar))
    build_nomination(build_performance(task, owner), owner, "rosa@lantern-motors.example")


def _train(college: Institution, assessor: Actor) -> None:
    """Let there be a rubric with a gate, on which the assessor has trained."""
    service.publish_rubric(a_rubric(GUARDED), college.key, BUILDER)
    task = build_task(college, GUARDED, rubric=GUARDED)
    build_exemplars(task, training=1)
    build_gate(task)
    train(assessor, *GOOD, rubric_key=GUARDED)


def _task(college: Institution) -> Task:
    """Return a task that asks for observers where there are any, and earns an achievement."""
    service.publish_rubric(a_rubric(RUBRIC), college.key, BUILDER)
    handling = Handling(observers=Observing(invited=True))
    task = build_task(college, RUBRIC, rubric=RUBRIC, handling=handling)
    build_achievement(college, RUBRIC, {"rubric": RUBRIC, "level": "proficient"})
    return task


def _rated(task: Task, learner: Actor, raters: list[Person], *levels: str) -> Performance:
    """Return work that the raters have rated."""
    work = build_performance(task, learner)
    for each in raters:
        rater = actor_of(each)
        service.release(_taken(task, rater).id, given(*levels), rater)
    return work


def _taken(task: Task, assessor: Actor) -> Assignment:
    """Return the place that the assessor took of a task's."""
    place = service.claim_next(assessor, service.Choice(task_key=task.key))
    if place is None:
        raise LookupError("Nothing waits for this assessor.")
    return place


def _argue(task: Task, work: Performance, learner: Actor, reviewer: Actor) -> None:
    """Let there be an appeal, a question and its answer, and a complaint."""
    appealing.appeal(work.id, {"tidies": "The bench is clean at 1:30."}, learner)
    threads.write_as_assessor(_taken(task, reviewer).id, "Which bench is it?", reviewer)
    threads.write_as_learner(work.id, "The one on the left.", learner, 1)
    complaining.complain(work.id, "delay", "It took three weeks.", learner)


def _set_aside(learner: Person, registrar: Actor) -> None:
    """Let the first of what the learner's rated work showed be void, and the award in doubt."""
    rows = select(Evidence).filter_by(learner_id=learner.learner_id, measure_key=RUBRIC)
    first = db.session.scalars(rows.order_by(Evidence.recorded_at)).first()
    if first is None:
        raise LookupError("The rated work made no evidence.")
    seen = voiding.evidence_page(first.id, registrar).seen
    voiding.set_aside(first.id, "It is somebody else's.", seen, registrar)
