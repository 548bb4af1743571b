"""What awards, recognitions and holds say of the leaves that name one."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from assessment.rules.facts import AchievementFact, Exact, Facts, Source
from assessment.rules.findings import NOTHING, Finding, graded, verdict, yes_or_no
from assessment.rules.language import Achieved, Credits, Held, Recognised
from assessment.rules.months import months_between
from assessment.rules.outcomes import Figure, Quantity, Used


def awarded(leaf: Achieved | Credits | Recognised | Held, facts: Facts, on: date) -> Finding:
    """Return what the learner's record says of a leaf on a day."""
    match leaf:
        case Achieved():
            return _achieved(leaf, facts, on)
        case Credits():
            return _credits(leaf, facts)
        case Recognised():
            return _recognised(leaf, facts)
        case Held():
            return _held(leaf, facts)


def _achieved(leaf: Achieved, facts: Facts, on: date) -> Finding:
    """Return whether the latest award of the achievement is recent enough.

    The age limit runs to the same day of the month, that day included.
    """
    held = [fact for fact in facts.achievements if fact.key == leaf.achievement]
    latest = min(
        held, key=lambda fact: (-fact.awarded_on.toordinal(), fact.evidence_id), default=None
    )
    figures = _age(leaf, None if latest is None else months_between(latest.awarded_on, on))
    if latest is None:
        return Finding(NOTHING, verdict(met=False), figures)
    met = all(figure.met for figure in figures)
    return Finding(Fraction(met), verdict(met), figures, (_used(latest),))


def _age(leaf: Achieved, months: int | None) -> tuple[Figure, ...]:
    if leaf.within_months is None:
        return ()
    met = months is not None and months <= leaf.within_months
    return (Figure(Quantity.MONTHS, leaf.within_months, months, met),)


def _used(fact: AchievementFact) -> Used:
    return Used(Source.ACHIEVEMENT, fact.evidence_id, fact.awarded_on)


def _credits(leaf: Credits, facts: Facts) -> Finding:
    """Return the credit-hours; of several awards of one achievement, the one worth the most."""
    best: dict[str, AchievementFact] = {}
    for fact in facts.achievements:
        if fact.key in leaf.among and fact.credit_hours:
            best[fact.key] = min(fact, best.get(fact.key, fact), key=_worth)
    counted = [best[key] for key in sorted(best)]
    total = sum((Fraction(fact.credit_hours) for fact in counted), NOTHING)
    grade = graded(Quantity.CREDITS, total, leaf.credits)
    used = tuple(_used(fact) for fact in counted)
    return Finding(grade.share, verdict(grade.figure.met), (grade.figure,), used)


def _worth(fact: AchievementFact) -> tuple[Exact, date, str]:
    return (-fact.credit_hours, fact.awarded_on, fact.evidence_id)


def _recognised(leaf: Recognised, facts: Facts) -> Finding:
    used = [
        Used(Source.RECOGNITION, fact.evidence_id, fact.recognised_on)
        for fact in facts.recognitions
        if fact.key == leaf.recognition
    ]
    return yes_or_no(tuple(sorted(used, key=_earliest)[:1]))


def _held(leaf: Held, facts: Facts) -> Finding:
    """Return whether a hold stands; all of them are named, for each must be lifted."""
    used = {
        Used(Source.HOLD, fact.evidence_id, fact.placed_on)
        for fact in facts.holds
        if fact.kind == leaf.hold
    }
    return yes_or_no(tuple(sorted(used, key=_earliest)))


def _earliest(used: Used) -> tuple[date, str]:
    return (used.when, used.evidence_id)
