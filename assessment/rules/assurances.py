"""How sure a sitting makes us that ability is above a test's mark."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.rules.facts import AbilityFact, Basis, TestFact


@dataclass(frozen=True)
class Assurance:
    """The probability that ability is above a test's mark, and what it rests on.

    `lowest` and `highest` are what it would be, had less or more been expected beforehand; None
    where nothing was expected. `questions` is the size of a sample, `ability` what calibrated
    questions measured.
    """

    probability: float
    basis: Basis
    lowest: float | None = None
    highest: float | None = None
    questions: int | None = None
    ability: AbilityFact | None = None


def assurance_of(fact: TestFact) -> Assurance | None:
    """Return how sure a sitting makes us; None where it does not say what that rests on."""
    if fact.mastery is None or fact.basis is None:
        return None
    return Assurance(
        probability=float(fact.mastery),
        basis=fact.basis,
        lowest=fact.mastery_lowest,
        highest=fact.mastery_highest,
        questions=int(fact.possible) if fact.basis is Basis.SAMPLED else None,
        ability=fact.ability,
    )
