"""What is argued about in the demo, so that each of the registrar's desks has something on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.demo import appeals, handing_in, life, seeing
from assessment.demo.past import task_of
from assessment.demo.works import isolated, written
from assessment.demo.works.isolated import isolation
from assessment.demo.works.pieces import ranks
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.observations.models import CallBack, Interest, Observation
from assessment.observations.receiving import CALL_WITHIN
from assessment.observations.service import Named
from assessment.people.models import Person
from assessment.people.service import actor_of
from assessment.performances import complaining
from assessment.performances.appeal_models import Matter
from assessment.performances.models import Performance
from assessment.registry import voiding

HANK = Named(name="Hank Ostrowski", email="hank.ostrowski.ev@hotmail.ca", employer="Ostrowski EV")
IRENA = Named(name="Irena Kowalchuk", email="irena@k-garage.example", employer="Kowalchuk Garage")
EMPTY_PAGE = "The page with my result was empty in my screen reader until I loaded it again."
SHOWN = 94
"""The number of a work that nobody else has."""
EXCEPT_HAZARDS = dict.fromkeys(
    ("bev-protection", "bev-deenergizing", "bev-emergency", "bev-return-to-service"), 3
)


def tell(people: Mapping[str, Person], today: datetime) -> int:
    """Return how many works Nadia has under way; what she and Amina complained of is told."""
    nadia, amina = (actor_of(people[each]) for each in ("learner-argues", "learner-access"))
    won, other = (_assessed(each) for each in (nadia, amina))
    with clock.telling(today - timedelta(days=7)):
        complaining.complain(won.id, Matter.DELAY, "I waited a week for this.", nadia)
    with clock.telling(today - timedelta(days=6)):
        _answer(won, people["registrar"])
    with clock.telling(today - timedelta(days=2)):
        _seen(nadia)
        appeals.appeal(other, "limits", "It says when I stop, and whom I call.", amina)
    with clock.telling(today - timedelta(days=1)):
        complaining.complain(other.id, Matter.ACCESS, EMPTY_PAGE, amina)
    return 1


def _assessed(learner: Actor) -> Performance:
    """Return the risk assessment of a learner."""
    task = task_of(written.RUBRIC)
    rows = select(Performance).filter_by(learner_id=learner.learner_id, task_key=task.key)
    return db.session.scalars(rows).one()


def _answer(performance: Performance, registrar: Person) -> None:
    (waiting,) = complaining.complaints_of(performance)
    text = "You are right: two assessors were away. A third one rates from this week on."
    complaining.answer(waiting.id, text, actor_of(registrar))


def _seen(owner: Actor) -> None:
    """Let two observers see a work: one is to be called, and one is of the family."""
    work = isolation(SHOWN, ranks("22222"), "nadia")
    performance = handing_in.hand_in(task_of(isolated.RUBRIC), work, owner)
    asked = [seeing.name(performance, each, owner) for each in (HANK, IRENA)]
    _draw_call(seeing.observe(asked[0], performance, work.levels))
    seeing.observe(asked[1], performance, work.levels, Interest.FAMILY)


def _draw_call(observation: Observation) -> None:
    """Let it be the one of ten whose workplace is called: elsewhere, chance decides."""
    if observations.call_waiting(observation.learner_id, observation.id) is not None:
        return
    call = CallBack(
        learner_id=observation.learner_id,
        observation_id=observation.id,
        institution_id=observation.institution_id,
        due_at=observation.received_at + CALL_WITHIN,
        tries=0,
    )
    db.session.add(call)
    db.session.flush()


def doubt(people: Mapping[str, Person]) -> int:
    """Return how many awards Nadia has: one, from a test that no longer counts."""
    nadia, registrar = actor_of(people["learner-argues"]), actor_of(people["registrar"])
    life.take_test(life.PRE_TEST, nadia, {})
    ended = life.take_test(life.POST_TEST, nadia, EXCEPT_HAZARDS)
    rows = select(Evidence).filter_by(learner_id=nadia.learner_id, measure_key=life.POST_TEST)
    evidence = db.session.scalars(rows).one()
    seen = voiding.evidence_page(evidence.id, registrar).seen
    voiding.set_aside(evidence.id, "Two people sat this test at one screen.", seen, registrar)
    return len(ended.awards)
