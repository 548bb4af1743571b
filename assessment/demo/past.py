"""The demo's past: work that was handed in and rated before anybody looks, through the services.

Most of it is of nobody in particular. Each thing happens at the moment that the demo tells of, in
the order of time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assessment import clock
from assessment.access import Actor, ActorKind
from assessment.demo import appeals, seeing
from assessment.demo.handing_in import hand_in
from assessment.demo.marks import Marks, Rater
from assessment.demo.works import isolated, plan, written
from assessment.demo.works.pieces import Ranks, Work, content, ranks
from assessment.languages import Language
from assessment.observations.service import Named
from assessment.people import service as people
from assessment.people.models import Person
from assessment.people.service import actor_of
from assessment.performances import service as performances
from assessment.performances.models import Assignment, Performance, PerformanceState, Task

BEGAN = timedelta(days=100)
"""How long ago the first work was handed in."""
RECENT = timedelta(days=8)
"""Work that was handed in within these days waits."""
RATED, WAITING = 30, 32
EVERY, EVERY_WAITING = (BEGAN - RECENT) / (RATED + 2), RECENT / (WAITING + 1)
FIRST_NUMBER = 100
"""Exemplars, and the works of those who are known, have the numbers below."""
KINDNESS = (0.18, -0.22, 0.0)
"""Of the assessors, in their order."""
PARTNERS_KINDNESS = 0.1
OBSERVED_KINDNESS = 0.3
MOST_TURNS = 12
TO_RATE = (PerformanceState.SUBMITTED, PerformanceState.IN_MARKING)
PROFILES = (
    *("22222", "22322", "21222", "32232", "22212", "33223", "12122", "22222"),
    *("23222", "11221", "22232", "32322", "22122", "22223", "21112", "33322"),
)
TASKS = {isolated.RUBRIC: "isolate-hv-battery", written.RUBRIC: "risk-assessment-hv"}
WORKPLACES = (
    Named(
        name="Harjit Sandhu",
        email="harjit.sandhu@example.org",
        employer="Birchmark Fleet Service",
    ),
    Named(
        name="Lise Arsenault",
        email="lise@garage-anse.example",
        employer="Garage de l’Anse",
        language="fr",
    ),
    Named(name="Doug Penner", email="doug@prairie-transit.example", employer="Prairie Transit"),
)


@dataclass(frozen=True)
class Told:
    """A work that is told of: what it is, whose, when it was handed in, and what is seen of it.

    `is_waiting` is for what nobody has finished rating by now. A criterion of which nothing is seen
    is None in `levels`.
    """

    work: Work
    learner: Actor
    moment: datetime
    levels: Marks
    number: int
    is_waiting: bool = False
    appeals: str = ""
    """The criterion on which its learner appeals, and is right."""


class Past:
    """What happened up to `today`: what these assessors rated, and what waits for them.

    The partner's assessor looks at what nobody else may.
    """

    def __init__(self, assessors: Sequence[Person], partner: Person, today: datetime) -> None:
        self.today = today
        self.partner = actor_of(partner)
        self.raters = [
            (actor_of(person), Rater(kindness))
            for person, kindness in zip(assessors, KINDNESS, strict=True)
        ]
        self.observer = Rater(OBSERVED_KINDNESS)
        self.told: dict[str, Told] = {}

    def tell(self, people_of_demo: Mapping[str, Person]) -> int:
        """Return how many works were handed in."""
        for told in self._works(people_of_demo):
            performance = self._hand_in(told)
            if not told.is_waiting:
                self._rate_whole(told, performance)
                self._appeal(told, performance)
            elif told.number % 4 == 0:
                self._rate(performance, told.number, told.moment + timedelta(hours=2), most=1)
        return len(self.told)

    def _works(self, people_of_demo: Mapping[str, Person]) -> Iterator[Told]:
        for number in range(RATED):
            yield self._of_nobody(number, self.today - BEGAN + EVERY * number)
        self._look_behind()
        yield from self._of_known(people_of_demo)
        self._finish(Language.FRENCH)
        for number in range(RATED, RATED + WAITING):
            moment = self.today - RECENT + EVERY_WAITING * (number - RATED)
            yield self._of_nobody(number, moment, is_waiting=True)

    def _of_nobody(self, number: int, moment: datetime, *, is_waiting: bool = False) -> Told:
        rubric = isolated.RUBRIC if number % 3 == 2 else written.RUBRIC
        profile = ranks(PROFILES[number % len(PROFILES)])
        work = self._work(rubric, number, profile, is_waiting=is_waiting)
        learner = Actor(ActorKind.PERSON, "learner", learner_id=people.new_learner().id)
        return Told(work, learner, moment, work.levels, number, is_waiting)

    @staticmethod
    def _work(rubric: str, number: int, at: Ranks, *, is_waiting: bool) -> Work:
        """Return a work that no other has the number of; what waits is in English."""
        make, key = plan.MAKERS[rubric], f"past-{number}"
        counted = FIRST_NUMBER + 6 * number
        found = make(counted, at, key)
        while is_waiting and found.language != Language.ENGLISH:
            counted += 1
            found = make(counted, at, key)
        return found

    def _of_known(self, people_of_demo: Mapping[str, Person]) -> Iterator[Told]:
        """Yield what three learners wrote: one got there, one did not, of one more is asked for."""
        moment = self.today - RECENT - EVERY
        amina = plan.MAKERS[written.RUBRIC](91, ranks("22322"), "amina")
        learner = actor_of(people_of_demo["learner-access"])
        yield Told(amina, learner, moment, amina.levels, RATED)
        maxime = plan.MAKERS[written.RUBRIC](90, ranks("22220"), "maxime")
        learner = actor_of(people_of_demo["learner-fr"])
        yield Told(maxime, learner, moment + EVERY / 2, {**maxime.levels, "limits": None}, RATED)
        nadia = plan.MAKERS[written.RUBRIC](95, ranks("12222"), "nadia-1")
        learner = actor_of(people_of_demo["learner-argues"])
        yield Told(nadia, learner, moment + EVERY * 0.6, nadia.levels, RATED + 2, appeals="hazards")

    def _hand_in(self, told: Told) -> Performance:
        with clock.telling(told.moment):
            performance = hand_in(task_of(told.work.rubric), told.work, told.learner)
            self.told[performance.id] = told
            if told.work.rubric == isolated.RUBRIC:
                self._see(told, performance)
        return performance

    def _see(self, told: Told, performance: Performance) -> None:
        named = WORKPLACES[told.number // 3 % len(WORKPLACES)]
        nomination = seeing.name(performance, named, told.learner)
        if not told.is_waiting or told.number % 2:
            seeing.observe(nomination, performance, self.observer.marks(told.work.key, told.levels))

    def _rate_whole(self, told: Told, performance: Performance) -> None:
        """Let assessors rate until this work is done with, one after the other."""
        for turn in range(MOST_TURNS):
            if performance.state in TO_RATE:
                moment = told.moment + timedelta(hours=3 * turn + 3)
                self._rate(performance, told.number + turn, moment)

    def _appeal(self, told: Told, performance: Performance) -> None:
        if told.appeals:
            with clock.telling(told.moment + timedelta(days=1)):
                reason = "The line on the job names each hazard and where it is."
                made = appeals.appeal(performance, told.appeals, reason, told.learner)
                appeals.decide(made, [actor for actor, _rater in self.raters])

    def _look_behind(self) -> None:
        """Let a partner's assessor look at what everybody at the institution has rated."""
        with clock.telling(self.today - RECENT - EVERY * 1.5):
            while place := performances.claim_next(self.partner):
                self._release(place, Rater(PARTNERS_KINDNESS), self.partner)

    def _finish(self, language: str) -> None:
        """Let nothing wait that is in a language, not even for another look."""
        with clock.telling(self.today - RECENT):
            for actor, rater in self.raters:
                while place := performances.claim_next(
                    actor, performances.Choice(language=language)
                ):
                    self._release(place, rater, actor)

    def _rate(
        self, performance: Performance, turn: int, moment: datetime, most: int = MOST_TURNS
    ) -> None:
        """Let an assessor take what is first in the queue, until they have rated this."""
        actor, rater = self.raters[turn % len(self.raters)]
        for minutes in range(0, 10 * most, 10):
            with clock.telling(moment + timedelta(minutes=minutes)):
                place = performances.claim_next(actor)
            if place is None:
                return
            with clock.telling(moment + timedelta(minutes=minutes + 5 + turn % 5)):
                self._release(place, rater, actor)
            if place.performance_id == performance.id:
                return

    def _release(self, place: Assignment, rater: Rater, actor: Actor) -> None:
        told = self.told[place.performance_id]
        marks = rater.marks(told.work.key, told.levels)
        missing = content("works")["missing"][told.work.language]
        given = performances.Given(
            marks={key: marks[key] for key in place.criteria},
            comments={key: missing for key in place.criteria if marks[key] is None},
        )
        performances.release(place.id, given, actor)


def task_of(rubric: str) -> Task:
    """Return the demo's task that is rated on a rubric; LookupError where there is none."""
    found = performances.current_task(TASKS[rubric])
    if found is None:
        raise LookupError(rubric)
    return found
