"""Settling one criterion: what the marks of assessors, observers and adjudicator make together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rubrics.policy import Policy, Tie
from rubrics.ratings import Rating, Role
from rubrics.reasons import Cause, Reason
from rubrics.rubric import Criterion


@dataclass(frozen=True)
class Settled:
    """The rank that a criterion has reached, and who or what decided, where that is notable."""

    rank: int
    notes: tuple[Reason, ...] = ()


def settle(criterion: Criterion, ratings: Sequence[Rating], policy: Policy) -> Settled | Reason:
    """Return the rank that a criterion has reached, or the reason why there is none yet."""
    marks = _Marks.of(criterion, ratings, policy)
    if marks.asked < policy.raters:
        return Reason(Cause.ASSESSORS, criterion.key, policy.raters, marks.asked)
    if marks.adjudicated is not None:
        note = Reason(Cause.ADJUDICATED, criterion.key, found=marks.adjudicated)
        return Settled(marks.adjudicated, (note,))
    found = _unseen(marks) or _disagreement(marks) or _danger(marks)
    if found is None:
        return Settled(_rank(marks))
    if marks.is_returned:  # the adjudicator looked, and there is nothing to see
        return Reason(Cause.NOT_OBSERVED, criterion.key, policy.raters, len(marks.ranks))
    return found


def current(criterion: str, ratings: Sequence[Rating]) -> list[Rating]:
    """Return the ratings of the last round in which a criterion was observed, if it ever was.

    Observers saw the work, not a round of it: theirs are always there. A round in which nobody
    could observe the criterion takes nothing away from the round before.
    """
    asked = [each for each in ratings if criterion in each.marks]
    rounds = [each for each in asked if each.role is not Role.OBSERVER]
    seen = [each.round for each in rounds if each.marks[criterion] is not None]
    last = max(seen or [each.round for each in rounds], default=0)
    return [each for each in asked if each.role is Role.OBSERVER or each.round == last]


@dataclass(frozen=True)
class _Marks:
    """The marks on one criterion, as sorted ranks, and the policy that they fall under."""

    criterion: Criterion
    policy: Policy
    asked: int
    ranks: tuple[int, ...]
    observers: tuple[int, ...]
    adjudicated: int | None
    is_returned: bool

    @classmethod
    def of(cls, criterion: Criterion, ratings: Sequence[Rating], policy: Policy) -> _Marks:
        standing = current(criterion.key, ratings)
        by_role = {role: [each for each in standing if each.role is role] for role in Role}
        ranks = {role: _ranks(criterion.key, by_role[role], policy) for role in Role}
        final = ranks[Role.ADJUDICATOR]
        return cls(
            criterion,
            policy,
            len(by_role[Role.ASSESSOR]),
            ranks[Role.ASSESSOR],
            ranks[Role.OBSERVER],
            final[0] if final else None,
            bool(by_role[Role.ADJUDICATOR]) and not final,
        )

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

    def reason(self, cause: Cause, needed: int, found: int) -> Reason:
        return Reason(cause, self.criterion.key, needed, found)


def _ranks(criterion: str, ratings: Sequence[Rating], policy: Policy) -> tuple[int, ...]:
    levels = [each.observed[criterion] for each in ratings if criterion in each.observed]
    return tuple(sorted(policy.rubric.rank(level) for level in levels))


def _unseen(marks: _Marks) -> Reason | None:
    """Return the reason why too few saw it: a third rater looks, then more evidence is needed."""
    seen, needed = len(marks.ranks), marks.policy.raters
    if seen >= needed:
        return None
    may_call = marks.policy.third_rater and seen > 0 and marks.asked == needed
    return marks.reason(Cause.SEEN_BY_SOME if may_call else Cause.NOT_OBSERVED, needed, seen)


def _disagreement(marks: _Marks) -> Reason | None:
    """Return the reason why marks are too far apart; a majority of them must lie together."""
    ranks, steps = marks.ranks, marks.policy.steps_allowed(marks.criterion.key)
    together = min(len(ranks), max(marks.first, len(ranks) // 2 + 1))
    spans = [high - low for low, high in zip(ranks, ranks[together - 1 :], strict=False)]
    if min(spans) <= steps:
        return None
    may_call = marks.policy.third_rater and not marks.has_further
    cause = Cause.DISCREPANCY if may_call else Cause.UNSETTLED
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
