"""Settling one criterion: what the marks of assessors, observers and adjudicator make together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rubrics.policy import Policy, Tie
from rubrics.ratings import Rating, Role
from rubrics.reasons import Cause, Reason
from rubrics.rubric import Criterion
from rubrics.standing import Standing


@dataclass(frozen=True)
class Settled:
    """The rank that a criterion has reached, and who or what decided, where that is notable."""

    rank: int
    notes: tuple[Reason, ...] = ()


def settle(criterion: Criterion, standing: Standing, policy: Policy) -> Settled | Reason:
    """Return the rank that a criterion has reached, or the reason why there is none yet."""
    marks = _Marks.of(criterion, standing, policy)
    if standing.asked < policy.raters:
        return marks.reason(Cause.ASSESSORS, policy.raters, standing.asked)
    unseen = _unseen(marks)
    if unseen is not None:  # and nobody decides what too few assessors observed
        return unseen
    if standing.final is not None:
        return _decided(marks, standing.final)
    found = _disagreement(marks) or _danger(marks)
    if found is None:
        return Settled(_rank(marks))
    if standing.is_returned:  # the adjudicator looked, and there is nothing to see
        return marks.reason(Cause.NOT_OBSERVED, policy.raters, len(marks.ranks))
    return found


@dataclass(frozen=True)
class _Marks:
    """The marks on one criterion, as sorted ranks, and the policy that they fall under."""

    criterion: Criterion
    policy: Policy
    standing: Standing
    ranks: tuple[int, ...]
    observers: tuple[int, ...]

    @classmethod
    def of(cls, criterion: Criterion, standing: Standing, policy: Policy) -> _Marks:
        given = standing.assessors, standing.observers
        ranks, observers = (_ranks(criterion.key, each, policy) for each in given)
        return cls(criterion, policy, standing, ranks, observers)

    @property
    def first(self) -> int:
        """How many rate before a further rater is called; who rates alone may be read behind."""
        return max(self.policy.raters, 2)

    @property
    def has_further(self) -> bool:
        """Whether more have marked it than rate at first."""
        return len(self.ranks) > self.first

    @property
    def safety_rank(self) -> int:
        """The rank below which nothing compensates; 0 where it is not safety-critical."""
        level = self.criterion.safety_level
        return self.policy.rubric.rank(level) if level else 0

    def may_call(self, first: int) -> bool:
        """Return whether a further rater may be called: once, and whatever they then observe."""
        return self.policy.third_rater and self.standing.asked_since <= first

    def reason(self, cause: Cause, needed: int, found: int) -> Reason:
        """Return why there is no rank."""
        return Reason(cause, self.criterion.key, needed, found)


def _ranks(criterion: str, ratings: Sequence[Rating], policy: Policy) -> tuple[int, ...]:
    levels = [each.marks[criterion] for each in ratings]
    return tuple(sorted(policy.rubric.rank(level) for level in levels if level is not None))


def _decided(marks: _Marks, final: Rating) -> Settled:
    """Return the rank that the adjudicator or the reviewer gave."""
    (rank,) = _ranks(marks.criterion.key, [final], marks.policy)
    cause = Cause.REVIEWED if final.role is Role.REVIEWER else Cause.ADJUDICATED
    return Settled(rank, (Reason(cause, marks.criterion.key, found=rank),))


def _unseen(marks: _Marks) -> Reason | None:
    """Return the reason why too few saw it: where one more will do, one more looks."""
    seen, needed = len(marks.ranks), marks.policy.raters
    if seen >= needed:
        return None
    may_call = seen > 0 and needed - seen == 1 and marks.may_call(needed)
    return marks.reason(Cause.SEEN_BY_SOME if may_call else Cause.NOT_OBSERVED, needed, seen)


def _disagreement(marks: _Marks) -> Reason | None:
    """Return the reason why marks are too far apart; a majority of them must lie together."""
    ranks, steps = marks.ranks, marks.policy.steps_allowed(marks.criterion.key)
    together = min(len(ranks), max(marks.first, len(ranks) // 2 + 1))
    spans = [high - low for low, high in zip(ranks, ranks[together - 1 :], strict=False)]
    if min(spans) <= steps:
        return None
    cause = Cause.DISCREPANCY if marks.may_call(marks.first) else Cause.UNSETTLED
    return marks.reason(cause, steps, ranks[-1] - ranks[0])


def _danger(marks: _Marks) -> Reason | None:
    """Return the reason why safety is not a matter of majority: somebody saw less than is safe."""
    safe = marks.safety_rank
    if marks.has_further and marks.ranks[0] < safe <= marks.ranks[-1]:
        return marks.reason(Cause.SAFETY_DIVIDED, safe, marks.ranks[0])
    if _rank(marks) >= safe and marks.observers and marks.observers[0] < safe:
        return marks.reason(Cause.OBSERVER_BELOW, safe, marks.observers[0])
    return None


def _rank(marks: _Marks) -> int:
    """Return the lowest of the first marks where safety is at stake, and otherwise the median."""
    if marks.criterion.is_safety_critical and not marks.has_further:
        return marks.ranks[0]
    is_lower = marks.policy.tie is Tie.LOWER or marks.criterion.is_safety_critical
    return marks.ranks[(len(marks.ranks) - is_lower) // 2]
