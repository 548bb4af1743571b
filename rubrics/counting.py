"""Counting: by how many assessors and observers each criterion was seen, and on which occasions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rubrics.policy import Policy
from rubrics.ratings import Rating, Role
from rubrics.reasons import Cause, Reason
from rubrics.standing import Standing


@dataclass(frozen=True)
class Crowd:
    """How many assessors and observers have seen each criterion, and when the work was seen.

    Observers are counted over all the criteria that the policy lets them rate, and not over those
    that they happened to be asked about: whoever looked at one thing did not see the work.
    """

    assessors: Mapping[str, int]
    observers: Mapping[str, int]
    occasions: tuple[str, ...]

    @property
    def by_role(self) -> Mapping[str, int]:
        """How many of each role have seen every criterion; a role of which none has is absent."""
        numbers = {Role.ASSESSOR: self.assessors, Role.OBSERVER: self.observers}
        least = {str(role): min(each.values(), default=0) for role, each in numbers.items()}
        return MappingProxyType({role: number for role, number in least.items() if number})


def crowd_of(standings: Mapping[str, Standing], policy: Policy) -> Crowd:
    """Return who has seen what; those who decide are none of either."""
    assessors, observers = {}, {}
    occasions: set[str] = set()
    for key, each in standings.items():
        seen = [one for one in each.assessors if one.marks[key] is not None]
        watched = [one for one in each.observers if one.marks[key] is not None]
        assessors[key], observers[key] = len(seen), _number(watched)
        occasions.update(word for one in (*seen, *watched) for word in one.occasions)
    asked = {each.key: observers[each.key] for each in policy.observable}
    return Crowd(MappingProxyType(assessors), asked, tuple(sorted(occasions)))


def _number(ratings: Iterable[Rating]) -> int:
    """Return how many observers these are; all that are capped are one."""
    return len({("capped", "") if each.is_capped else ("", each.rater) for each in ratings})


def short_of(crowd: Crowd, policy: Policy) -> Iterator[Reason]:
    """Return what is short of observers, by criterion, and of occasions."""
    needed, occasions = policy.observers_needed, max(1, len(crowd.occasions))
    short = {key: found for key, found in crowd.observers.items() if found < needed}
    reasons = [Reason(Cause.OBSERVERS, key, needed, found) for key, found in short.items()]
    yield from together(reasons, len(crowd.observers))
    if occasions < policy.occasions:
        yield Reason(Cause.OCCASIONS, needed=policy.occasions, found=occasions)


def together(reasons: list[Reason], number: int) -> list[Reason]:
    """Return one reason in place of the same one for each of all the criteria."""
    if reasons and len(reasons) == number and len({each.found for each in reasons}) == 1:
        return [Reason(reasons[0].cause, "", reasons[0].needed, reasons[0].found)]
    return reasons


def discounted(ratings: Iterable[Rating]) -> Iterator[Reason]:
    """Return what counts for nothing, or for less than it looks."""
    given = tuple(ratings)
    conflicts = sum(each.in_conflict for each in given)
    capped = {each.rater for each in given if each.is_capped and not each.in_conflict}
    if conflicts:
        yield Reason(Cause.CONFLICT, found=conflicts)
    if len(capped) > 1:
        yield Reason(Cause.CAPPED, needed=1, found=len(capped))
