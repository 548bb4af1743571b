"""What the facts say of one leaf, and the shares that it is reckoned from.

For each leaf the best fact wins, and which one it was is recorded. Best is, in this order: the most
progress; the conditions kept; the higher figures; the stronger supervision and identity check; the
earlier; the smaller `evidence_id`. So the order in which facts are given never matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assessment.rules.outcomes import Figure, Quantity, Used, Verdict, cut

NOTHING, WHOLE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Finding:
    """What the facts say of a leaf, or the parts of a joint; `progress` is exact."""

    progress: Fraction
    verdict: Verdict
    figures: tuple[Figure, ...] = ()
    facts: tuple[Used, ...] = ()
    certainty: float | None = None


@dataclass(frozen=True)
class Graded:
    """A figure with the exact share of what is needed: 1 exactly when the figure is met."""

    figure: Figure
    share: Fraction

    @property
    def height(self) -> float:
        """The number found; -1 where nothing was."""
        found = self.figure.found
        return found if isinstance(found, int | float) else -1


def graded(
    quantity: Quantity, found: Fraction | None, needed: Fraction, role: str | None = None
) -> Graded:
    """Return a number found beside the number needed, compared exactly."""
    share = max(NOTHING, min(WHOLE, (found or NOTHING) / needed))
    shown = None if found is None else cut(found)
    return Graded(Figure(quantity, as_written(needed), shown, share == 1, role), share)


def as_written(number: Fraction) -> int | float:
    """Return a rule's number as its author wrote it."""
    return int(number) if number.denominator == 1 else float(number)


def verdict(met: bool, unclear: bool = False) -> Verdict:
    """Return the verdict on what is met or not, where `unclear` says that too little was seen."""
    if met:
        return Verdict.MET
    return Verdict.NOT_ENOUGH if unclear else Verdict.NOT_YET


def yes_or_no(used: tuple[Used, ...]) -> Finding:
    """Return the finding of a leaf that is met as soon as there is a fact."""
    return Finding(Fraction(bool(used)), verdict(bool(used)), facts=used)
