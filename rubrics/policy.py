"""Policies: what it takes until the ratings of a performance say something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from itembank.faults import fault
from itembank.wording import no_wording
from rubrics.rubric import (
    Criterion,
    Rubric,
    checked_distinct,
    checked_truth,
    checked_whole,
    checked_word,
)

MOST_RATERS = 20


class Closeness(StrEnum):
    """How close raters must be to agree."""

    EXACT = "exact"
    ADJACENT = "adjacent"

    @property
    def steps(self) -> int:
        """How many steps of the scale may lie between those who agree."""
        return 0 if self is Closeness.EXACT else 1


class Tie(StrEnum):
    """Which of the two middle marks is the median of an even number of them."""

    LOWER = "lower"
    HIGHER = "higher"


class Decision(StrEnum):
    """How the levels of the criteria make one."""

    CONJUNCTIVE = "conjunctive"
    """Every criterion at its level."""
    COMPENSATORY = "compensatory"
    """Weighted points, with each criterion at its minimum."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What it takes to resolve ratings on one version of a rubric; checked when made.

    `required` is the level that the performance is to reach. `criteria` are those that the task can
    show, all of the rubric's where none is named. `minima` are the levels that single criteria must
    reach; under a conjunctive decision every other criterion must reach `required`.

    `raters` is how many assessors must have rated each criterion, each without knowing of the
    other. They agree when all are within `closeness` of each other (by criterion, `closeness_by`);
    beyond that a third rater is called, or, where `third_rater` is false, the adjudicator.
    `observers` is how many observers must have seen each criterion that they may rate,
    `safety_observers` how many where the task can show a safety-critical criterion. `occasions` is
    on how many occasions the work must have been seen.
    """

    rubric: Rubric
    required: str
    criteria: tuple[str, ...] = ()
    decision: Decision = Decision.CONJUNCTIVE
    minima: Mapping[str, str] = field(default_factory=no_wording)
    raters: int = 2
    closeness: Closeness = Closeness.ADJACENT
    closeness_by: Mapping[str, Closeness] = field(default_factory=no_wording)
    tie: Tie = Tie.LOWER
    third_rater: bool = True
    observers: int = 0
    safety_observers: int = 0
    occasions: int = 1

    def __post_init__(self) -> None:
        if self.required not in self.rubric.scale[1:]:
            allowed = f"one of {', '.join(self.rubric.scale[1:])}"
            raise fault("required", allowed, self.required, self.rubric.key)
        self._settle("criteria", _criteria(self.criteria, self.rubric))
        self._settle("minima", self._by_criterion("minima"))
        self._settle("closeness_by", self._by_criterion("closeness_by"))
        self._settle_words()
        checked_truth(self.third_rater, "third_rater", self.rubric.key)
        self._check_numbers()
        for key, level in self.minima.items():
            self.rubric.rank(level, f"minima.{key}")

    def _settle_words(self) -> None:
        self._settle("decision", checked_word(Decision, self.decision, "decision"))
        self._settle("closeness", checked_word(Closeness, self.closeness, "closeness"))
        self._settle("tie", checked_word(Tie, self.tie, "tie"))
        words = {
            key: checked_word(Closeness, value, f"closeness_by.{key}")
            for key, value in self.closeness_by.items()
        }
        self._settle("closeness_by", MappingProxyType(words))

    def _check_numbers(self) -> None:
        for name, least in (
            ("raters", 1),
            ("observers", 0),
            ("safety_observers", 0),
            ("occasions", 1),
        ):
            checked_whole(getattr(self, name), name, least, MOST_RATERS, self.rubric.key)
        if self.observers_needed and not self.observable:
            name = "observers" if self.observers else "safety_observers"
            allowed = "0 where observers may rate nothing that the task can show"
            raise fault(name, allowed, getattr(self, name), self.rubric.key)

    def _by_criterion(self, name: str) -> Mapping[str, str]:
        given = getattr(self, name)
        if not isinstance(given, Mapping):
            raise fault(name, "a mapping by criterion", given, self.rubric.key)
        for key in given:
            if key not in self.criteria:
                allowed = f"keyed by {', '.join(self.criteria)}"
                raise fault(name, allowed, key, self.rubric.key)
        return MappingProxyType(dict(given))

    def _settle(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def shown(self) -> tuple[Criterion, ...]:
        """The criteria that the task can show, in the rubric's order."""
        return tuple(each for each in self.rubric.criteria if each.key in self.criteria)

    @property
    def observable(self) -> tuple[Criterion, ...]:
        """The criteria that observers are asked about, in the rubric's order."""
        return tuple(each for each in self.shown if each.observers_may_rate)

    @property
    def observers_needed(self) -> int:
        """How many observers must have seen each criterion that they are asked about."""
        is_critical = any(each.is_safety_critical for each in self.shown)
        return max(self.observers, self.safety_observers if is_critical else 0)

    def steps_allowed(self, criterion: str) -> int:
        """Return how many steps may lie between raters who agree on a criterion."""
        return self.closeness_by.get(criterion, self.closeness).steps

    def minimum(self, criterion: str) -> int:
        """Return the rank that a criterion must reach; 0 where any level will do."""
        by_default = (
            self.required if self.decision is Decision.CONJUNCTIVE else self.rubric.scale[0]
        )
        return self.rubric.rank(self.minima.get(criterion, by_default))


def _criteria(given: Iterable[str], rubric: Rubric) -> tuple[str, ...]:
    known = tuple(each.key for each in rubric.criteria)
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise fault("criteria", "a list of criteria", given, rubric.key)
    keys = tuple(given) or known
    checked_distinct(keys, "criteria", rubric.key)
    for key in keys:
        rubric.criterion(key, "criteria")
    return tuple(key for key in known if key in keys)
