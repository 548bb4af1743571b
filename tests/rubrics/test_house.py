"""A house that opens the places that `resolve` asks for always comes to an end, whatever is said.

Raters are drawn: each marks what they are asked about, or does not observe it. An observer may have
seen nothing, be in conflict or be capped; a rating may be voided; evidence may be added.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from rubrics import (
    MoreEvidence,
    NeedsAdjudication,
    Policy,
    Rating,
    Resolution,
    Resolved,
    Role,
    resolve,
)
from tests.rubrics.examples import SCALE, any_mark, any_rank, policies

MOST_ROUNDS = 3


@dataclass(frozen=True)
class Place:
    """A place for one person: as what they rate, and which criteria."""

    role: Role
    criteria: tuple[str, ...]


@dataclass
class House:
    """One performance, whoever is asked about it, and all that they have said."""

    policy: Policy
    data: st.DataObject
    wasted: int = 2
    """How many observers may turn out not to count."""
    voids: int = 0
    """How many ratings may be voided."""
    is_voided: bool = False
    round: int = 1
    ratings: list[Rating] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    opened: Counter[tuple[int, Role, str]] = field(default_factory=Counter)
    """How often each criterion was asked about, by round and role, by no more than was needed."""
    asked: dict[str, int] = field(default_factory=dict)
    """The last round in which assessors were asked about each criterion."""
    given: int = 0

    def run(self) -> Resolution:
        """Return how it ends, once nobody is to be asked any more."""
        self.open_round(self.policy.criteria)
        while True:
            while self.places:
                self.fill()
                self.settle()
            found = self.resolve()
            assert isinstance(found, Resolved | MoreEvidence), found
            if isinstance(found, Resolved) or self.round == MOST_ROUNDS:
                return found
            self.bring_more(found)

    def bring_more(self, found: MoreEvidence) -> None:
        """Begin the next round with what is asked for, and nothing else."""
        self.round += 1
        if found.criteria:
            self.open_round(found.criteria)
        else:
            assert found.needs_occasions
            self.places = [Place(Role.OBSERVER, self.observable)]

    def resolve(self) -> Resolution:
        return resolve(self.ratings, self.policy, self.asked)

    def open_round(self, criteria: tuple[str, ...]) -> None:
        for _ in range(self.policy.raters):
            self.open(Role.ASSESSOR, criteria)
        for _ in range(self.resolve().needs_observers):
            self.open(Role.OBSERVER, self.observable)

    def open(self, role: Role, criteria: tuple[str, ...]) -> None:
        assert criteria
        assert set(criteria) <= set(self.policy.criteria)
        self.places.append(Place(role, criteria))
        if role is Role.ASSESSOR:
            self.asked |= dict.fromkeys(criteria, self.round)
        self.opened.update((self.round, role, key) for key in criteria)

    def settle(self) -> None:
        """Open what is asked for beyond what is open; what nobody is asked for any more closes."""
        found = self.resolve()
        if isinstance(found, Resolved | MoreEvidence):
            outstanding = [each for each in self.places if each.role is Role.ASSESSOR]
            assert self.is_voided or not outstanding, f"{found} waits for nobody"
            self.places = []
            return
        needed = {
            Role.ASSESSOR: found.needs_assessors,
            Role.OBSERVER: found.needs_observers,
            Role.ADJUDICATOR: int(isinstance(found, NeedsAdjudication)),
        }
        for role, number in needed.items():
            is_watching = role is Role.OBSERVER
            for _ in range(number - sum(each.role is role for each in self.places)):
                self.open(role, self.observable if is_watching else found.criteria)
        assert self.places, f"{found} asks for what is already there"

    def fill(self) -> None:
        """Let somebody take one of the places and rate."""
        place = self.places.pop(self.data.draw(st.integers(0, len(self.places) - 1)))
        self.given += 1
        given = self.observed() if place.role is Role.OBSERVER else self.marked(place)
        self.ratings.append(given)
        if self.voids and self.data.draw(st.booleans()):
            self.voids -= 1
            self.is_voided = True
            self.ratings.remove(self.data.draw(st.sampled_from(self.ratings)))

    def marked(self, place: Place) -> Rating:
        marks = {key: self.mark(self.data.draw(any_mark)) for key in place.criteria}
        return Rating(rater=f"rater {self.given}", role=place.role, marks=marks, round=self.round)

    def observed(self) -> Rating:
        """Return what an observer saw, on a day of their own; a few saw less, or do not count."""
        is_wasted = self.wasted > 0 and self.data.draw(st.booleans())
        self.wasted -= is_wasted
        drawn = any_mark if is_wasted else any_rank
        return Rating(
            rater=f"observer {self.given}",
            role=Role.OBSERVER,
            marks={key: self.mark(self.data.draw(drawn)) for key in self.observable},
            occasions=(f"day {self.given}",),
            in_conflict=is_wasted and self.data.draw(st.booleans()),
            is_capped=is_wasted and self.data.draw(st.booleans()),
        )

    @staticmethod
    def mark(rank: int | None) -> str | None:
        return None if rank is None else SCALE[rank]

    @property
    def observable(self) -> tuple[str, ...]:
        return tuple(each.key for each in self.policy.observable)

    @property
    def most(self) -> int:
        """How many ratings there can be: each of those who may be asked, each time once.

        In a round: those who rate at first, one further rater, an adjudicator for each criterion.
        Over all rounds: the observers who are needed, those of further occasions, those who did not
        count; and for each rating that is voided, a round of its own.
        """
        in_round = self.policy.raters + 1 + len(self.policy.criteria)
        observers = self.policy.observers_needed + self.policy.occasions + 2
        return MOST_ROUNDS * in_round + observers


@settings(max_examples=150)
@given(policies(), st.data())
def test_whatever_is_said_it_ends_and_nobody_is_asked_more_often_than_can_help(
    rules: Policy, data: st.DataObject
) -> None:
    house = House(rules, data)
    found = house.run()
    assert house.given <= house.most
    if isinstance(found, Resolved):
        assert found.raters >= rules.raters
    for (_, role, _), number in house.opened.items():
        if role is Role.ASSESSOR:
            assert number <= rules.raters + rules.third_rater
        elif role is Role.ADJUDICATOR:
            assert number == 1


@settings(max_examples=100)
@given(policies(), st.data())
def test_it_ends_though_ratings_are_voided_on_the_way(rules: Policy, data: st.DataObject) -> None:
    house = House(rules, data, voids=3)
    house.run()
    assert house.given <= 4 * house.most


def test_the_house_comes_by_every_way_to_every_end() -> None:
    """That it always ends would say little, had it not been where it could have stuck."""
    ends: Counter[type[Resolution]] = Counter()
    asked: Counter[Role] = Counter()
    later: set[Role] = set()

    @settings(max_examples=100, database=None, derandomize=True)
    @given(policies(observers=1), st.data())
    def draw(rules: Policy, data: st.DataObject) -> None:
        house = House(rules, data)
        ends[type(house.run())] += 1
        asked.update({each.role for each in house.ratings})
        later.update(each.role for each in house.ratings if each.round > 1)

    draw()
    assert min(ends[Resolved], ends[MoreEvidence]) >= 5
    assert min(asked[role] for role in (Role.ASSESSOR, Role.OBSERVER, Role.ADJUDICATOR)) >= 5
    assert later >= {Role.ASSESSOR, Role.ADJUDICATOR}
