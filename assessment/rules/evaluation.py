"""A rule applied to facts.

What is known of the parts of a joint is "met", "not yet" or "not enough evidence", and a joint is
decided as far as its parts decide it: an ``all`` with one part not yet met is not yet met, whatever
the others; one that only lacks parts with too little evidence has not enough evidence itself.

| joint | met when | progress |
|---|---|---|
| all | every part is met | mean of the parts (a ``none`` counts only while it vetoes) |
| any | one part is met | that of the best part |
| at_least n | n parts are met | mean of the n best parts |
| weighted | the weighted mean of the parts' progress is the percent or more | the share reached |
| none | no part is met: a doubt is no veto | 1, or 0 under a veto |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from assessment.rules.awarded import awarded
from assessment.rules.facts import Facts
from assessment.rules.findings import NOTHING, WHOLE, Finding, graded, verdict
from assessment.rules.language import (
    AllOf,
    AnyOf,
    AreaScore,
    AtLeast,
    Joint,
    Leaf,
    Located,
    Mastery,
    NoneOf,
    RubricLevel,
    RubricShortfall,
    Rule,
    Score,
    Weighted,
    parts,
)
from assessment.rules.outcomes import Figure, Outcome, Quantity, Verdict, cut
from assessment.rules.rated import reached, short
from assessment.rules.tested import tested


def evaluate(rule: Rule, facts: Facts, on: date) -> Outcome:
    """Return what comes of `rule` on the day `on`, a date in the institution's zone."""
    if isinstance(on, datetime) or not isinstance(on, date):
        raise ValueError(f"`on` must be a date without a time; got {on!r} at evaluate.")
    return _judge(Located("", rule), facts, on).outcome


@dataclass(frozen=True)
class _Judged:
    """An outcome with its exact progress, which joints reckon with."""

    outcome: Outcome
    progress: Fraction


def _judge(node: Located, facts: Facts, on: date) -> _Judged:
    match node.rule:
        case AllOf() | AnyOf() | AtLeast() | Weighted() | NoneOf() as joint:
            judged = [_judge(part, facts, on) for part in parts(node)]
            return _judged(node, _join(joint, judged), tuple(each.outcome for each in judged))
        case leaf:
            return _judged(node, find(leaf, facts, on), ())


def find(leaf: Leaf, facts: Facts, on: date) -> Finding:
    """Return what the facts say of a leaf on a day."""
    match leaf:
        case Score() | AreaScore() | Mastery():
            return tested(leaf, facts)
        case RubricLevel():
            return reached(leaf, facts)
        case RubricShortfall():
            return short(leaf, facts)
        case _:
            return awarded(leaf, facts, on)


def _judged(node: Located, found: Finding, children: tuple[Outcome, ...]) -> _Judged:
    outcome = Outcome(
        rule=node.rule,
        path=node.path,
        verdict=found.verdict,
        progress=cut(found.progress),
        figures=found.figures,
        facts=found.facts,
        certainty=found.certainty,
        children=children,
    )
    return _Judged(outcome, found.progress)


def _join(joint: Joint, judged: Sequence[_Judged]) -> Finding:
    match joint:
        case AllOf():
            return _all(judged)
        case AnyOf():
            return _some(1, judged)
        case AtLeast():
            return _some(joint.number, judged)
        case Weighted():
            return _weighted(joint, judged)
        case NoneOf():
            return _none(judged)


def _number(judged: Sequence[_Judged], among: Verdict) -> int:
    return sum(each.outcome.verdict is among for each in judged)


def _mean(shares: Sequence[Fraction]) -> Fraction:
    return sum(shares, NOTHING) / len(shares) if shares else WHOLE


def _all(judged: Sequence[_Judged]) -> Finding:
    counted = [
        each.progress
        for each in judged
        if not (isinstance(each.outcome.rule, NoneOf) and each.outcome.met)
    ]
    met = _number(judged, Verdict.MET) == len(judged)
    return Finding(_mean(counted), verdict(met, unclear=not _number(judged, Verdict.NOT_YET)))


def _some(number: int, judged: Sequence[_Judged]) -> Finding:
    best = sorted((each.progress for each in judged), reverse=True)[:number]
    met = _number(judged, Verdict.MET)
    unclear = met + _number(judged, Verdict.NOT_ENOUGH) >= number
    figure = Figure(Quantity.PARTS, number, met, met >= number)
    return Finding(_mean(best), verdict(figure.met, unclear), (figure,))


def _weighted(joint: Weighted, judged: Sequence[_Judged]) -> Finding:
    total = _total(joint, [each.progress for each in judged])
    hopeful = _total(joint, [_at_best(each) for each in judged])
    grade = graded(Quantity.TOTAL, total, joint.percent)
    met = grade.figure.met
    return Finding(grade.share, verdict(met, hopeful >= joint.percent), (grade.figure,))


def _total(joint: Weighted, shares: Sequence[Fraction]) -> Fraction:
    """Return the weighted mean of the parts' shares, in per cent."""
    weighed = (weight * share for weight, share in zip(joint.weights, shares, strict=True))
    return sum(weighed, NOTHING) * 100 / sum(joint.weights)


def _at_best(judged: _Judged) -> Fraction:
    return WHOLE if judged.outcome.verdict is Verdict.NOT_ENOUGH else judged.progress


def _none(judged: Sequence[_Judged]) -> Finding:
    met = not _number(judged, Verdict.MET)
    return Finding(Fraction(met), verdict(met))
