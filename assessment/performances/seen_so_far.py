"""How many of those who saw a performance have said so: one count for every page that tells it.

That an observation is flagged is told once the assessors are done, and never why: whoever learns at
once which sign was seen asks somebody else without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import rubrics
from assessment.observations import service as observations
from assessment.performances.concluding import resolutions_of
from assessment.performances.models import Performance, PerformanceState
from assessment.performances.observed import observed
from assessment.performances.outcomes import OutcomeKind, outcome_from_text
from assessment.performances.publishing import policy_of


@dataclass(frozen=True)
class SeenSoFar:
    """How many observers a task needs, and how many have seen each criterion asked about."""

    needed: int
    found: tuple[tuple[rubrics.Criterion, int], ...]
    sent: int
    """How many have sent something that was not set aside."""
    is_told: bool
    """Whether the learner reads what of it counts."""

    @property
    def counted(self) -> int:
        """How many have seen the whole work; until that is told, how many have sent something."""
        if not self.is_told:
            return self.sent
        return min((number for _each, number in self.found), default=0)

    @property
    def missing(self) -> int:
        """How many more are awaited."""
        return max(0, self.needed - self.counted)

    @property
    def unseen(self) -> tuple[rubrics.Criterion, ...]:
        """The criteria that somebody else has to have seen: whoever answered saw others alone."""
        most = max((number for _each, number in self.found), default=0)
        short = [each for each, number in self.found if number < min(self.needed, most)]
        return tuple(short) if self.is_told else ()


def seen_so_far(performance: Performance) -> SeenSoFar:
    """Return how many have said that they saw a performance, as its result will count them."""
    policy = policy_of(performance.task)
    given = [each.rating for each in observed(performance, policy) if not each.rating.in_conflict]
    found = tuple(
        (each, _number(one for one in given if one.marks.get(each.key) is not None))
        for each in policy.observable
    )
    return SeenSoFar(policy.observers_needed, found, _sent(performance), _is_told(performance))


def _number(ratings: Iterable[rubrics.Rating]) -> int:
    """Return how many observers these are; all that are capped are one."""
    return len({"" if each.is_capped else each.rater for each in ratings})


def _sent(performance: Performance) -> int:
    facts = observations.observations_of(performance.learner_id, performance.id)
    return len({each.observer for each in facts if not each.is_void})


def _is_told(performance: Performance) -> bool:
    """Return whether it is decided, was decided before, or waits for observers alone."""
    if performance.state == PerformanceState.RESOLVED or resolutions_of(performance):
        return True
    outcome = outcome_from_text(performance.outcome) if performance.outcome else None
    return (
        performance.state == PerformanceState.IN_MARKING
        and outcome is not None
        and outcome.kind == OutcomeKind.RATING
        and outcome.needs_observers > 0
        and outcome.needs_assessors == 0
    )
