"""Deciding: how the levels of the criteria make one, and what they are short of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from rubrics.policy import Decision, Policy
from rubrics.reasons import Cause, Reason


def level_of(ranks: Mapping[str, int], policy: Policy) -> int:
    """Return the rank of the whole."""
    causes = {each.cause for each in shortfalls(ranks, policy)}
    if Cause.SAFETY_LEVEL in causes:
        return 0
    required = policy.rubric.rank(policy.required)
    is_conjunctive = policy.decision is Decision.CONJUNCTIVE
    level = min(ranks.values()) if is_conjunctive else _by_points(ranks, policy)
    if Cause.MINIMUM in causes:
        return min(level, required - 1)
    return max(level, required) if is_conjunctive else level


def _by_points(ranks: Mapping[str, int], policy: Policy) -> int:
    mean = Fraction(_points(ranks, policy), _weights(policy))
    return sum(level.points <= mean for level in policy.rubric.levels) - 1


def _points(ranks: Mapping[str, int], policy: Policy) -> int:
    levels = policy.rubric.levels
    return sum(each.weight * levels[ranks[each.key]].points for each in policy.shown)


def _weights(policy: Policy) -> int:
    return sum(each.weight for each in policy.shown)


def shortfalls(ranks: Mapping[str, int], policy: Policy) -> Iterator[Reason]:
    """Return what keeps the whole below the required level."""
    rubric = policy.rubric
    for each in policy.shown:
        rank, minimum = ranks[each.key], policy.minimum(each.key)
        if each.is_safety_critical and rank < (safe := rubric.rank(each.safety_level)):
            yield Reason(Cause.SAFETY_LEVEL, each.key, safe, rank)
        if rank < minimum:
            yield Reason(Cause.MINIMUM, each.key, minimum, rank)
    if policy.decision is Decision.COMPENSATORY:
        needed = rubric.levels[rubric.rank(policy.required)].points * _weights(policy)
        if (found := _points(ranks, policy)) < needed:
            yield Reason(Cause.POINTS, needed=needed, found=found)
