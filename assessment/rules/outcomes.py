"""What came of a rule: a tree of outcomes, and what is still missing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from assessment.rules.assurances import Assurance
from assessment.rules.facts import Identity, Source, Supervision
from assessment.rules.language import (
    AllOf,
    AnyOf,
    AtLeast,
    Kind,
    Leaf,
    NoneOf,
    Rule,
    Weighted,
)


class Verdict(Enum):
    """What can be said of a requirement."""

    MET = "met"
    NOT_YET = "not yet"
    NOT_ENOUGH = "not enough evidence"


class Quantity(Enum):
    """What a figure counts."""

    SCORE = "score"
    ANSWERED = "answered"
    MASTERY = "mastery"
    LOWEST = "lowest"
    SUPERVISION = "supervision"
    IDENTITY = "identity"
    LEVEL = "level"
    RATERS = "raters"
    ROLE = "role"
    OCCASIONS = "occasions"
    MONTHS = "months"
    CREDITS = "credits"
    PARTS = "parts"
    TOTAL = "total"


STEPS = 10**6
"""Numbers in an outcome are cut at the sixth decimal."""


def cut(exact: Fraction) -> int | float:
    """Return a number cut below at the sixth decimal; a whole one as an int.

    Never rounded up: 79.9999999 is not 80, and what is not met never shows a progress of 1.
    """
    steps = math.floor(exact * STEPS)
    return steps // STEPS if steps % STEPS == 0 else steps / STEPS


def uncut(number: float) -> Fraction:
    """Return the exact decimal that a number given by `cut` stands for."""
    return Fraction(round(number * STEPS), STEPS)


Figured: TypeAlias = int | float | str | None
"""A number, a word (a level, a supervision), or nothing found."""


@dataclass(frozen=True)
class Figure:
    """What was needed and what was found of one quantity; `met` was decided on exact numbers.

    Numbers found are cut, never rounded up, at the sixth decimal. `role` is the raters' role that a
    ROLE figure counts.
    """

    quantity: Quantity
    needed: Figured
    found: Figured
    met: bool
    role: str | None = None


@dataclass(frozen=True)
class Used:
    """A fact that an outcome rests on; of a sitting, also how sure it makes us of mastery."""

    source: Source
    evidence_id: str
    when: date
    version: int | None = None
    supervision: Supervision | None = None
    identity: Identity | None = None
    assurance: Assurance | None = None


@dataclass(frozen=True)
class Missing:
    """One leaf that stands in the way.

    Where `veto` is False, a new fact that meets `rule` clears it; `lacking` says by which figures
    the best fact so far falls short, and is empty where a fact of that kind either is there or not.
    Where `veto` is True, the leaf is met inside a ``none``, and clears when the facts `standing`
    stand no more.
    """

    path: str
    rule: Leaf
    lacking: tuple[Figure, ...] = ()
    standing: tuple[Used, ...] = ()
    veto: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of one node of a rule.

    `progress` goes from 0 to 1, is 1 exactly when the node is met, and is cut, never rounded up, at
    the sixth decimal. `certainty` is the probability that what a leaf asks is truly so, where its
    evidence gives one.
    """

    rule: Rule
    path: str
    verdict: Verdict
    progress: float
    figures: tuple[Figure, ...] = ()
    facts: tuple[Used, ...] = ()
    certainty: float | None = None
    children: tuple[Outcome, ...] = ()

    @property
    def kind(self) -> Kind:
        """The construct that this node is."""
        return self.rule.kind

    @property
    def met(self) -> bool:
        """Whether the requirement is met."""
        return self.verdict is Verdict.MET

    @property
    def evidence_ids(self) -> tuple[str, ...]:
        """The rows of evidence that this node and its parts rest on, sorted, each once."""
        below = (each for child in self.children for each in child.evidence_ids)
        return tuple(sorted({*(fact.evidence_id for fact in self.facts), *below}))

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The nearest set of leaves which, supplied (vetoes: lifted), would meet this node.

        Where there is a choice, the parts with no veto come first, then those with the most
        progress, then those named first; a ``weighted`` takes the parts that add the most.
        """
        return () if self.met else _missing(self)


def _missing(outcome: Outcome) -> tuple[Missing, ...]:
    match outcome.rule:
        case AllOf():
            ways = [child.missing for child in outcome.children]
        case AnyOf():
            ways = _nearest(outcome)[:1]
        case AtLeast(number=number):
            ways = _nearest(outcome)[: number - sum(child.met for child in outcome.children)]
        case Weighted() as rule:
            ways = [child.missing for child in _weightiest(outcome, rule)]
        case NoneOf():
            ways = [_vetoes(child) for child in outcome.children if child.met]
        case leaf:
            ways = [(_lack(outcome, leaf),)]
    return tuple(each for way in ways for each in way)


def _lack(outcome: Outcome, leaf: Leaf) -> Missing:
    lacking = tuple(figure for figure in outcome.figures if not figure.met)
    return Missing(outcome.path, leaf, lacking)


def _nearest(outcome: Outcome) -> list[tuple[Missing, ...]]:
    """Return what the unmet parts miss, the nearest part first."""
    unmet = [(child.progress, child.missing) for child in outcome.children if not child.met]
    unmet.sort(key=lambda part: (any(each.veto for each in part[1]), -part[0]))
    return [missing for _, missing in unmet]


def _weightiest(outcome: Outcome, rule: Weighted) -> list[Outcome]:
    """Return the unmet parts that would add the most, until the total is reached.

    The others count with the progress they have, which was cut and so is no more than the true one:
    the total is reached for certain.
    """
    needed = rule.percent * sum(rule.weights) / 100
    gains = [
        (weight * (1 - uncut(child.progress)), child)
        for weight, child in zip(rule.weights, outcome.children, strict=True)
    ]
    total = sum(rule.weights) - sum(gain for gain, _ in gains)
    chosen: list[Outcome] = []
    for gain, child in sorted(gains, key=lambda each: -each[0]):
        if total < needed and not child.met:
            chosen.append(child)
            total += gain
    return chosen


def _vetoes(outcome: Outcome) -> tuple[Missing, ...]:
    """Return the leaves that a veto rests on: all those with any progress."""
    match outcome.rule:
        case AllOf() | AnyOf() | AtLeast() | Weighted() | NoneOf():
            return tuple(each for child in outcome.children for each in _vetoes(child))
        case leaf if outcome.progress:
            return (Missing(outcome.path, leaf, standing=outcome.facts, veto=True),)
    return ()


def gaps(outcome: Outcome) -> tuple[Missing, ...]:
    """Return every leaf that is not met, alternatives included, vetoes as in `Outcome.missing`."""
    if outcome.met or not outcome.children or isinstance(outcome.rule, NoneOf):
        return outcome.missing
    return tuple(each for child in outcome.children for each in gaps(child))
