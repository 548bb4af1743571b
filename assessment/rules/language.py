"""The nodes of a rule, as frozen dataclasses, and the ways to look through them.

A rule is a tree. Its leaves each name one thing that a learner can show; its joints say how many
of their parts are needed. `parsing` reads a rule from JSON data and writes it back, and a *path* is
the JSON pointer of a node in that data: ``/all/1`` is the second part of an ``all`` at the top, and
the empty path is the rule itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import ClassVar, TypeAlias

from assessment.rules.facts import Identity, Supervision


class RuleError(ValueError):
    """A fault in a rule: where it is (a JSON pointer) and what would be right (a sentence)."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path
        self.sentence = sentence


class Kind(Enum):
    """The constructs of the language."""

    ALL = "all"
    ANY = "any"
    AT_LEAST = "at_least"
    WEIGHTED = "weighted"
    NONE = "none"
    SCORE = "score"
    AREA = "area"
    MASTERY = "mastery"
    RUBRIC = "rubric"
    SHORTFALL = "shortfall"
    ACHIEVEMENT = "achievement"
    CREDITS = "credits"
    RECOGNITION = "recognition"
    HOLD = "hold"


@dataclass(frozen=True)
class Conditions:
    """How a sitting must at least have been supervised, and the learner's identity checked."""

    supervision: Supervision = Supervision.NONE
    identity: Identity = Identity.SELF


@dataclass(frozen=True)
class RoleCount:
    """How many of the raters must hold a role."""

    role: str
    number: int


@dataclass(frozen=True)
class Score:
    """``{"test": key, "percent": 70}``: a score on the test's own form."""

    kind: ClassVar[Kind] = Kind.SCORE
    test: str
    percent: Fraction
    conditions: Conditions = Conditions()


@dataclass(frozen=True)
class AreaScore:
    """``{"test": key, "area": area, "percent": 80, "items": 5}``: a score in one area of a test."""

    kind: ClassVar[Kind] = Kind.AREA
    test: str
    area: str
    percent: Fraction
    items: int = 1
    conditions: Conditions = Conditions()


@dataclass(frozen=True)
class Mastery:
    """``{"test": key, "mastery": 0.9}``: the probability that ability is above the test's cut."""

    kind: ClassVar[Kind] = Kind.MASTERY
    test: str
    probability: Fraction
    conditions: Conditions = Conditions()


@dataclass(frozen=True)
class RubricLevel:
    """``{"rubric": key, "level": level, ...}``: a level, seen by enough raters often enough."""

    kind: ClassVar[Kind] = Kind.RUBRIC
    rubric: str
    level: str
    criterion: str | None = None
    raters: int = 1
    including: tuple[RoleCount, ...] = ()
    occasions: int = 1


@dataclass(frozen=True)
class RubricShortfall:
    """``{"rubric": key, "criterion": c, "below": level}``: a criterion last rated below a level."""

    kind: ClassVar[Kind] = Kind.SHORTFALL
    rubric: str
    criterion: str
    below: str


@dataclass(frozen=True)
class Achieved:
    """``{"achievement": key, "within_months": 24}``: another award, of any age when None."""

    kind: ClassVar[Kind] = Kind.ACHIEVEMENT
    achievement: str
    within_months: int | None = None


@dataclass(frozen=True)
class Credits:
    """``{"credits": 9, "from": [key, ...]}``: credit-hours, each achievement once."""

    kind: ClassVar[Kind] = Kind.CREDITS
    credits: Fraction
    among: tuple[str, ...]


@dataclass(frozen=True)
class Recognised:
    """``{"recognition": key}``: an outside credential that the registrar recognised."""

    kind: ClassVar[Kind] = Kind.RECOGNITION
    recognition: str


@dataclass(frozen=True)
class Held:
    """``{"hold": kind}``: a hold on the learner's record; it stands inside a ``none`` only."""

    kind: ClassVar[Kind] = Kind.HOLD
    hold: str


@dataclass(frozen=True)
class AllOf:
    """``{"all": [R, ...]}``: every part."""

    kind: ClassVar[Kind] = Kind.ALL
    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class AnyOf:
    """``{"any": [R, ...]}``: one part or more."""

    kind: ClassVar[Kind] = Kind.ANY
    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class AtLeast:
    """``{"at_least": 2, "of": [R, ...]}``: a number of the parts."""

    kind: ClassVar[Kind] = Kind.AT_LEAST
    number: int
    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Weighted:
    """``{"weighted": [[R, weight], ...], "percent": 70}``: parts that make up for one another."""

    kind: ClassVar[Kind] = Kind.WEIGHTED
    parts: tuple[Rule, ...]
    weights: tuple[Fraction, ...]
    percent: Fraction


@dataclass(frozen=True)
class NoneOf:
    """``{"none": [R, ...]}``: a veto; no part may be met."""

    kind: ClassVar[Kind] = Kind.NONE
    parts: tuple[Rule, ...]


TestLeaf: TypeAlias = Score | AreaScore | Mastery
Leaf: TypeAlias = TestLeaf | RubricLevel | RubricShortfall | Achieved | Credits | Recognised | Held
Joint: TypeAlias = AllOf | AnyOf | AtLeast | Weighted | NoneOf
Rule: TypeAlias = Leaf | Joint


@dataclass(frozen=True)
class Located:
    """A node of a rule and its path."""

    path: str
    rule: Rule


def pointer(path: str, *steps: str | int) -> str:
    """Return the JSON pointer that leads from `path` through `steps`."""
    escaped = (str(step).replace("~", "~0").replace("/", "~1") for step in steps)
    return path + "".join("/" + step for step in escaped)


def parts(node: Located) -> tuple[Located, ...]:
    """Return the parts of a joint with their paths, in order; nothing for a leaf."""
    rule = node.rule
    match rule:
        case AtLeast():
            steps = [("of", index) for index in range(len(rule.parts))]
        case Weighted():
            return tuple(
                Located(pointer(node.path, "weighted", index, 0), part)
                for index, part in enumerate(rule.parts)
            )
        case AllOf() | AnyOf() | NoneOf():
            steps = [(rule.kind.value, index) for index in range(len(rule.parts))]
        case _:
            return ()
    return tuple(
        Located(pointer(node.path, *step), part)
        for step, part in zip(steps, rule.parts, strict=True)
    )


def walk(rule: Rule, path: str = "") -> Iterator[Located]:
    """Yield every node of a rule with its path, each before its parts."""
    node = Located(path, rule)
    yield node
    for part in parts(node):
        yield from walk(part.rule, part.path)
