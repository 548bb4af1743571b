"""What one sitting says of mastery: that ability is above the test's mark."""

from __future__ import annotations

from fractions import Fraction

from assessment.rules.facts import TestFact
from assessment.rules.findings import Graded, graded, verdict
from assessment.rules.outcomes import Quantity, Verdict


def mastery_verdict(fact: TestFact, needed: Fraction) -> Verdict:
    """Return whether a sitting shows mastery with the probability that is needed.

    Where what was expected beforehand would decide it, there is not enough evidence: it is met only
    if it would be met, had less been expected, and not yet only if not, had more been expected.
    """
    likely = _reaches(fact.mastery, needed)
    least = _reaches(fact.mastery_lowest, needed, unknown=likely)
    most = _reaches(fact.mastery_highest, needed, unknown=likely)
    return verdict(likely and least, unclear=fact.mastery is None or likely or most)


def verdict_either_way(fact: TestFact, certainty: Fraction) -> Verdict:
    """Return whether a sitting is sure that ability is above the mark, or sure that it is not.

    That is what an adaptive test stops for; between the two there is not enough evidence, also
    where a rule that asks this certainty is not yet met.
    """
    if mastery_verdict(fact, certainty) is Verdict.MET:
        return Verdict.MET
    most = [recorded(each) for each in (fact.mastery, fact.mastery_highest)]
    known = [each for each in most if each is not None]
    surely_not = bool(known) and max(known) <= 1 - certainty
    return verdict(met=False, unclear=not surely_not)


def mastery_grades(fact: TestFact | None, needed: Fraction) -> tuple[Graded, ...]:
    """Return the probability of mastery found, and the least it could be where that is known."""
    found = None if fact is None else recorded(fact.mastery)
    lowest = None if fact is None else recorded(fact.mastery_lowest)
    grade = graded(Quantity.MASTERY, found, needed)
    return (grade,) if lowest is None else (grade, graded(Quantity.LOWEST, lowest, needed))


def recorded(number: float | None) -> Fraction | None:
    """Return the decimal that a float was rounded to when it was recorded: 0.9 is nine tenths."""
    return None if number is None else Fraction(repr(float(number)))


def _reaches(number: float | None, needed: Fraction, *, unknown: bool = False) -> bool:
    found = recorded(number)
    return unknown if found is None else found >= needed
