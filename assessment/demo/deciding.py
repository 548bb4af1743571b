"""Where the demo's assessors differ: who decides, who leaves it, who asks another to look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor, ActorKind
from assessment.demo import handing_in, seeing
from assessment.demo.past import WORKPLACES, task_of
from assessment.demo.works import isolated, written
from assessment.demo.works.isolated import isolation
from assessment.demo.works.pieces import levels, ranks
from assessment.extensions import db
from assessment.people import service as people
from assessment.people.models import Person
from assessment.people.service import actor_of
from assessment.performances import service as performances
from assessment.performances.appeal_models import Appeal
from assessment.performances.models import (
    Assignment,
    AssignmentState,
    Performance,
    RatingRow,
)
from assessment.performances.publishing import rubric_of
from assessment.performances.skipping import ask_second_look, skip
from assessment.performances.skips import SkipReason

SHOWN = 97
"""The number of a work that nobody else has."""
SEEN = "22222"
RATED = ("23222", "21222", "22222")
"""Of its equipment, on which safety hangs, one assessor saw too little, and two saw enough."""
DOUBT = "The line on charge that is left in the parts reads as if it were copied from another job."
FOUND = "12222"
"""What whoever looked as well saw: of the hazards, less than the result says."""


def tell(people_of_demo: Mapping[str, Person], today: datetime) -> int:
    """Return how many works are to be decided: one, by whoever a partner lends."""
    own = [actor_of(people_of_demo[key]) for key in ("assessor-1", "assessor-2", "assessor-4")]
    partner = actor_of(people_of_demo["assessor-5"])
    moments = _every_half_hour(today - timedelta(hours=10))
    performance = _hand_in(next(moments))
    for actor, profile in zip(own, RATED, strict=True):
        _rate(_place_at(performance), actor, profile, next(moments))
    with clock.telling(next(moments)):
        _leave_appeals(partner)
    doubted = _work_of(people_of_demo["learner-argues"], written.RUBRIC)
    with clock.telling(next(moments)):
        _doubt(doubted, own)
    _rate(_place_at(doubted), partner, FOUND, next(moments))
    return 1


def _every_half_hour(moment: datetime) -> Iterator[datetime]:
    while True:
        yield moment
        moment += timedelta(minutes=30)


def _hand_in(moment: datetime) -> Performance:
    """Return the isolation of nobody in particular, handed in and seen at work."""
    with clock.telling(moment):
        learner = Actor(ActorKind.PERSON, "learner", learner_id=people.new_learner().id)
        work = isolation(SHOWN, ranks(SEEN), "divided")
        performance = handing_in.hand_in(task_of(isolated.RUBRIC), work, learner)
        seeing.observe(seeing.name(performance, WORKPLACES[0], learner), performance, work.levels)
    return performance


def _place_at(performance: Performance) -> Assignment:
    """Return the place at a work that waits for somebody."""
    rows = select(Assignment).filter_by(
        performance_id=performance.id, state=AssignmentState.OPEN, person_id=None
    )
    return db.session.scalars(rows.order_by(Assignment.slot).limit(1)).one()


def _rate(place: Assignment, actor: Actor, profile: str, moment: datetime) -> None:
    with clock.telling(moment):
        held = _take(place, actor)
        rubric = rubric_of(held.performance.task.rubric)
        marks = levels([each.key for each in rubric.criteria], ranks(profile))
        given = performances.Given({key: marks[key] for key in held.criteria}, {})
        performances.release(held.id, given, actor)


def _take(place: Assignment, actor: Actor) -> Assignment:
    found = performances.claim_next(actor, instead=lambda _first: place)
    if found is None:
        raise LookupError("Nobody has anything to rate.")
    return found


def _leave_appeals(partner: Actor) -> None:
    """Let a partner's assessor leave what a learner appeals whom they know: nobody else is left."""
    rows = select(Assignment).join(Appeal, Appeal.assignment_id == Assignment.id)
    for place in db.session.scalars(rows.where(Assignment.state == AssignmentState.OPEN)).all():
        skip(_take(place, partner).id, SkipReason.CONFLICT, "", partner)


def _work_of(person: Person, rubric: str) -> Performance:
    rows = select(Performance).filter_by(learner_id=person.learner_id, task_key=task_of(rubric).key)
    return db.session.scalars(rows).one()


def _doubt(performance: Performance, assessors: Sequence[Actor]) -> None:
    """Let the first who rated a work ask that somebody else looks as well."""
    rows = select(RatingRow).filter_by(performance_id=performance.id)
    first = db.session.scalars(rows.order_by(RatingRow.released_at).limit(1)).one()
    actor = next(each for each in assessors if each.person_id == first.person_id)
    ask_second_look(first.assignment_id, DOUBT, actor)
