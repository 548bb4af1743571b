"""What is known of one learner, as frozen dataclasses: the only thing a rule looks at.

The caller reads the ledger and hands over the facts that stand on the day: no withdrawn or voided
evidence, no lifted hold, no award that is revoked, expired, or offered and not yet accepted.
Numbers that decide are exact (whole numbers, Decimal or Fraction); `evidence_id` is the row that a
fact comes from, and is what a decision records. The order of facts never matters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import total_ordering
from typing import TypeAlias

Exact: TypeAlias = int | Decimal | Fraction
"""A number without rounding."""


@total_ordering
class _Ordered(Enum):
    """Words in rising order: the order of their definition."""

    @property
    def rank(self) -> int:
        """The place in the order, from 0."""
        return list(type(self)).index(self)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, _Ordered) or type(other) is not type(self):
            return NotImplemented
        return self.rank < other.rank


class Supervision(_Ordered):
    """How a sitting was supervised, from the weakest to the strongest."""

    NONE = "none"
    REMOTE = "remote"
    INVIGILATED = "invigilated"


class Identity(_Ordered):
    """How the learner's identity was checked, from the weakest to the strongest."""

    SELF = "self"
    SIGN_IN = "sign-in"
    DOCUMENT = "document"


class Source(Enum):
    """What kind of evidence a fact is."""

    TEST = "test"
    RUBRIC = "rubric"
    ACHIEVEMENT = "achievement"
    RECOGNITION = "recognition"
    HOLD = "hold"


class Basis(Enum):
    """What a probability of mastery is reckoned from."""

    ITEM_RESPONSE = "item response theory"
    """The ability that calibrated questions measure."""
    SAMPLED = "sampled items"
    """The share right of questions that are a sample of their domain."""


@dataclass(frozen=True)
class AbilityFact:
    """The ability that a sitting measured, with the test's mark beside it; all in logits.

    `scale` is the number of the set of item parameters, and `simulated` says that this set was made
    from simulated responses; `judged`, that no response stands behind it yet: a panel placed the
    questions and the mark.
    """

    theta: float
    se: float
    mark: float
    mark_se: float
    scale: int
    simulated: bool = False
    judged: bool = False

    def __post_init__(self) -> None:
        for name in ("theta", "se", "mark", "mark_se"):
            _require_finite(name, getattr(self, name))
        _require_whole("scale", self.scale, "an ability")


@dataclass(frozen=True)
class AreaFact:
    """The score in one area of a test, and how many of its questions were answered."""

    points: Exact
    possible: Exact
    answered: int

    def __post_init__(self) -> None:
        _require_score(self.points, self.possible, "an area")
        _require_whole("answered", self.answered, "an area")


@dataclass(frozen=True)
class TestFact:
    """One scored sitting.

    `mastery` is the probability that ability is above the test's mark, None where the evidence does
    not support one. `mastery_lowest` and `mastery_highest` are what it would be, had less or more
    been expected beforehand: with the prior's mean a logit lower or higher.
    """

    __test__ = False  # the name begins with "Test", and pytest would collect it as a suite

    evidence_id: str
    test: str
    test_version: int
    points: Exact
    possible: Exact
    occurred_on: datetime
    areas: Mapping[str, AreaFact] = field(default_factory=dict)
    mastery: float | None = None
    supervision: Supervision = Supervision.NONE
    identity: Identity = Identity.SELF
    mastery_lowest: float | None = None
    mastery_highest: float | None = None
    basis: Basis | None = None
    ability: AbilityFact | None = None

    def __post_init__(self) -> None:
        _require_score(self.points, self.possible, self.evidence_id)
        _require_aware("occurred_on", self.occurred_on, self.evidence_id)
        for name in ("mastery", "mastery_lowest", "mastery_highest"):
            _require_probability(name, getattr(self, name), self.evidence_id)


@dataclass(frozen=True)
class CriterionFact:
    """The level reached in one criterion, on its scale of level keys from lowest to highest."""

    level: str
    levels: tuple[str, ...]

    def __post_init__(self) -> None:
        _require_level(self.level, self.levels, "a criterion")


@dataclass(frozen=True)
class RubricFact:
    """The resolved ratings of one performance.

    `levels` is the rubric's scale at that version, lowest first. `criteria` holds those observed:
    "not observed" is absent, never a lowest level. `raters` counts those whose ratings count, and
    `by_role` says how many of them held each role. `occasions` tells occasions apart, each by a
    word of the caller's (a day, as a rule); the same word in two facts is one occasion, and an
    empty tuple is one occasion of the fact's own.
    """

    evidence_id: str
    rubric: str
    version: int
    level: str
    levels: tuple[str, ...]
    raters: int
    occurred_on: datetime
    by_role: Mapping[str, int] = field(default_factory=dict)
    occasions: tuple[str, ...] = ()
    criteria: Mapping[str, CriterionFact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require_level(self.level, self.levels, self.evidence_id)
        _require_whole("raters", self.raters, self.evidence_id)
        _require_aware("occurred_on", self.occurred_on, self.evidence_id)
        for number in self.by_role.values():
            _require_whole("by_role", number, self.evidence_id)


@dataclass(frozen=True)
class AchievementFact:
    """An award that stands; `awarded_on` is a day in the awarding institution's zone."""

    evidence_id: str
    key: str
    awarded_on: date
    credit_hours: Exact = 0

    def __post_init__(self) -> None:
        _require_day("awarded_on", self.awarded_on, self.evidence_id)
        _require_exact("credit_hours", self.credit_hours, self.evidence_id)


@dataclass(frozen=True)
class RecognitionFact:
    """An outside credential that the registrar recognised."""

    evidence_id: str
    key: str
    recognised_on: date

    def __post_init__(self) -> None:
        _require_day("recognised_on", self.recognised_on, self.evidence_id)


@dataclass(frozen=True)
class HoldFact:
    """A hold that stands on the learner's record, such as ``integrity``."""

    evidence_id: str
    kind: str
    placed_on: date

    def __post_init__(self) -> None:
        _require_day("placed_on", self.placed_on, self.evidence_id)


@dataclass(frozen=True)
class Facts:
    """Everything known of one learner that a rule may look at."""

    tests: tuple[TestFact, ...] = ()
    rubrics: tuple[RubricFact, ...] = ()
    achievements: tuple[AchievementFact, ...] = ()
    recognitions: tuple[RecognitionFact, ...] = ()
    holds: tuple[HoldFact, ...] = ()

    def with_achievement(self, fact: AchievementFact) -> Facts:
        """Return these facts and a new award: what a cascade looks at next."""
        return replace(self, achievements=(*self.achievements, fact))


def _require(holds: bool, name: str, allowed: str, value: object, where: str) -> None:
    if not holds:
        raise ValueError(f"`{name}` must be {allowed}; got {value!r} at {where}.")


def _require_exact(name: str, value: object, where: str) -> None:
    exact = isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool)
    finite = exact and not (isinstance(value, Decimal) and not value.is_finite())
    _require(finite, name, "a whole number, Decimal or Fraction", value, where)
    _require(name == "points" or value >= 0, name, "0 or more", value, where)  # type: ignore[operator]  # known to be a number by the line above


def _require_score(points: object, possible: object, where: str) -> None:
    _require_exact("points", points, where)
    _require_exact("possible", possible, where)


def _require_whole(name: str, value: object, where: str) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    _require(whole, name, "a whole number of 0 or more", value, where)


def _require_aware(name: str, value: object, where: str) -> None:
    aware = isinstance(value, datetime) and value.utcoffset() is not None
    _require(aware, name, "a time with its zone", value, where)


def _require_day(name: str, value: object, where: str) -> None:
    day = isinstance(value, date) and not isinstance(value, datetime)
    _require(day, name, "a date without a time", value, where)


def _require_probability(name: str, value: object, where: str) -> None:
    sound = value is None or (isinstance(value, int | float) and 0 <= value <= 1)
    _require(sound, name, "a probability from 0 to 1, or None", value, where)


def _require_finite(name: str, value: object) -> None:
    sound = isinstance(value, int | float) and math.isfinite(value)
    _require(sound, name, "a finite number of logits", value, "an ability")


def _require_level(level: str, levels: tuple[str, ...], where: str) -> None:
    _require(level in levels, "level", f"one of {', '.join(levels)}", level, where)
