"""What sittings say of the leaves that name a test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from assessment.rules.assurances import assurance_of
from assessment.rules.facts import AreaFact, Facts, Identity, Source, Supervision, TestFact
from assessment.rules.findings import NOTHING, Finding, Graded, graded, verdict
from assessment.rules.language import AreaScore, Conditions, Mastery, Score, TestLeaf
from assessment.rules.mastered import mastery_grades, mastery_verdict
from assessment.rules.outcomes import Figure, Quantity, Used, Verdict

_NO_AREA = AreaFact(points=0, possible=0, answered=0)


def tested(leaf: TestLeaf, facts: Facts) -> Finding:
    """Return what the best sitting says of a leaf that names a test."""
    sat = [_sat(leaf, fact) for fact in facts.tests if fact.test == leaf.test]
    return _best(leaf, sat) if sat else _untested(leaf)


@dataclass(frozen=True)
class _Sat:
    """One sitting measured against a leaf."""

    fact: TestFact
    grades: tuple[Graded, ...]
    conditions: tuple[Figure, ...]

    @property
    def kept(self) -> bool:
        return all(figure.met for figure in self.conditions)

    @property
    def progress(self) -> Fraction:
        """The share of the figure furthest from what is needed; none where a condition failed."""
        return min(grade.share for grade in self.grades) if self.kept else NOTHING

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (*(grade.figure for grade in self.grades), *self.conditions)

    @property
    def place(self) -> tuple[object, ...]:
        """The place among sittings, the best first."""
        fact = self.fact
        heights = [-grade.height for grade in self.grades]
        strength = (-fact.supervision.rank, -fact.identity.rank)
        row = (fact.evidence_id, fact.test_version)
        return (-self.progress, not self.kept, heights, *strength, fact.occurred_on, *row)


def _best(leaf: TestLeaf, sat: Iterable[_Sat]) -> Finding:
    best = min(sat, key=lambda each: each.place)
    return Finding(
        best.progress,
        verdict(best.progress == 1, unclear=best.kept and _unclear(leaf, best)),
        best.figures,
        (_used(leaf, best.fact),),
        _certainty(leaf, best.fact),
    )


def _certainty(leaf: TestLeaf, fact: TestFact) -> float | None:
    """Return how sure it is that ability is above the cut; a plain score does not say."""
    return None if fact.mastery is None or not isinstance(leaf, Mastery) else float(fact.mastery)


def _untested(leaf: TestLeaf) -> Finding:
    grades = tuple(grade.figure for grade in _grades(leaf, None))
    return Finding(NOTHING, Verdict.NOT_YET, (*grades, *_conditions(leaf.conditions, None)))


def _sat(leaf: TestLeaf, fact: TestFact) -> _Sat:
    return _Sat(fact, _grades(leaf, fact), _conditions(leaf.conditions, fact))


def _grades(leaf: TestLeaf, fact: TestFact | None) -> tuple[Graded, ...]:
    match leaf:
        case Score():
            found = None if fact is None else _percent(fact)
            return (graded(Quantity.SCORE, found, leaf.percent),)
        case AreaScore():
            return _area(leaf, None if fact is None else fact.areas.get(leaf.area, _NO_AREA))
        case Mastery():
            return mastery_grades(fact, leaf.probability)


def _area(leaf: AreaScore, area: AreaFact | None) -> tuple[Graded, ...]:
    return (
        graded(Quantity.SCORE, None if area is None else _percent(area), leaf.percent),
        graded(
            Quantity.ANSWERED,
            None if area is None else Fraction(area.answered),
            Fraction(leaf.items),
        ),
    )


def _percent(score: TestFact | AreaFact) -> Fraction:
    """Return the exact per cent, so that 70 of 100 is 70 and no less; 0 where nothing counted."""
    possible = Fraction(score.possible)
    return Fraction(score.points) * 100 / possible if possible else NOTHING


def _conditions(needed: Conditions, fact: TestFact | None) -> tuple[Figure, ...]:
    """Return what is asked beyond the weakest that there is."""
    supervision = None if fact is None else fact.supervision
    identity = None if fact is None else fact.identity
    asked = (
        (Quantity.SUPERVISION, needed.supervision, supervision),
        (Quantity.IDENTITY, needed.identity, identity),
    )
    return tuple(_condition(*each) for each in asked if each[1].rank)


def _condition(
    quantity: Quantity,
    needed: Supervision | Identity,
    found: Supervision | Identity | None,
) -> Figure:
    met = found is not None and found.rank >= needed.rank
    return Figure(quantity, needed.value, None if found is None else found.value, met)


def _unclear(leaf: TestLeaf, sat: _Sat) -> bool:
    """Return whether too little was seen to say: too few questions, or no sure probability."""
    if isinstance(leaf, Mastery):
        return mastery_verdict(sat.fact, leaf.probability) is Verdict.NOT_ENOUGH
    return any(figure.quantity is Quantity.ANSWERED and not figure.met for figure in sat.figures)


def _used(leaf: TestLeaf, fact: TestFact) -> Used:
    """Return the sitting as used; of mastery it says nothing to a leaf about one area."""
    return Used(
        Source.TEST,
        fact.evidence_id,
        fact.occurred_on,
        fact.test_version,
        fact.supervision,
        fact.identity,
        None if isinstance(leaf, AreaScore) else assurance_of(fact),
    )
